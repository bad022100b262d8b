import {
  isVerified,
  withVerified,
  type Claiming,
  type Verified,
} from "../../domain/identity/proving.ts";
import type { VisitorId } from "../../protocol/ids.ts";
import type { IdentifierKind } from "../../protocol/person.ts";
import { claimIdentifier, passIdentifier } from "../identifiers/identifiers.ts";
import { now } from "../runtime/clock.ts";
import { commitTurn, type IdentityHost } from "./identity-host.ts";
import type { Turn } from "./turn.ts";

/** Whoever has an identifier gives it up when asked; others may prove it meanwhile, but not without end. */
const PASSES_MAX = 4;

export type Named = { kind: IdentifierKind; value: string };

/**
 * Emails and numbers that were proven here, and are asked for until this visitor has them: from whoever had them before.
 */
export class VisitorClaiming {
  readonly #host: IdentityHost;

  constructor(host: IdentityHost) {
    this.#host = host;
  }

  /** What is this visitor's. */
  get verified(): Verified[] {
    return this.#host.store.draft().get("verified") ?? [];
  }

  /** What is still asked for. */
  get all(): Claiming[] {
    return this.#host.store.draft().get("claiming") ?? [];
  }

  /** In the same row as what they were proven by. What is here, or asked for, is not asked for again. */
  askFor(turn: Turn, identifiers: readonly Verified[]): void {
    const verified = turn.draft.get("verified") ?? [];
    const claiming = turn.draft.get("claiming") ?? [];
    const asked = identifiers.filter(
      (one) => !isVerified(verified, one) && !claiming.some((other) => isSame(other, one)),
    );
    if (asked.length > 0) turn.draft.set("claiming", [...claiming, ...asked]);
  }

  /** What is beside a user id may come later than the right of the device. */
  async finishIfPossible(): Promise<void> {
    try {
      await this.finish();
    } catch (error) {
      console.warn("an identifier waits", error instanceof Error ? error.message : error);
    }
  }

  async finish(): Promise<void> {
    if (this.#host.store.joined !== null) return;
    for (const one of this.all) await this.#claimOther(one);
  }

  /** An email or number that is proven beside a user id is that user's, whoever had it before. */
  async #claimOther(asked: Claiming): Promise<void> {
    const { workspace, visitor: id, store, peers, env } = this.#host;
    const { kind, value } = asked;
    const named = { workspace, kind, value };
    for (let passes = 0; passes < PASSES_MAX; passes++) {
      const holder = await claimIdentifier(env.DB, named, id, now());
      if (holder === id) break;
      this.#noteFormer(named, holder);
      await peers.visitor(workspace, holder).release(kind, value, id);
      await passIdentifier(env.DB, named, holder, id, now());
      if (passes === PASSES_MAX - 1) return;
    }
    // Whoever had it may have proven it again before it was passed on.
    const former = this.all.find((one) => isSame(one, asked))?.from;
    if (former !== undefined) await peers.visitor(workspace, former).release(kind, value, id);
    // Given up meanwhile: who asked for it has it.
    if (!this.all.some((one) => isSame(one, asked))) return;
    const turn = store.turn(now());
    turn.draft.set("claiming", this.#without(asked));
    const { at, by } = asked;
    turn.draft.set("verified", withVerified(this.verified, { kind, value, at, by }));
    commitTurn(this.#host, turn);
  }

  #noteFormer(named: Named, from: VisitorId): void {
    const noted = this.all.map((one) => (isSame(one, named) ? { ...one, from } : one));
    this.#host.journal.put([["claiming", noted]]);
  }

  /** Somebody else has proven it since: it is not this visitor's any more, and not asked for. */
  giveUp(named: Named, to: VisitorId): void {
    const claiming = this.#without(named);
    const isHeld = isVerified(this.verified, named);
    if (!isHeld && claiming.length === this.all.length) return;
    const turn = this.#host.store.turn(now());
    turn.draft.set("claiming", claiming);
    if (isHeld) {
      turn.draft.set(
        "verified",
        this.verified.filter((one) => !isSame(one, named)),
      );
      turn.items.push({ type: "released", at: turn.now, ...named, to });
    }
    commitTurn(this.#host, turn);
  }

  #without(named: Named): Claiming[] {
    return this.all.filter((one) => !isSame(one, named));
  }
}

const isSame = (one: Named, other: Named): boolean =>
  one.kind === other.kind && one.value === other.value;
