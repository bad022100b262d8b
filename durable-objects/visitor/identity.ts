import type { Proof } from "../../domain/identity/proof.ts";
import {
  beginProving,
  isVerified,
  wayOf,
  withVerified,
  type Proving,
  type Verified,
} from "../../domain/identity/proving.ts";
import { EMPTY_MARK, type StreamMark } from "../../domain/streams/marks.ts";
import { applyFact } from "../../domain/visitors/apply-fact.ts";
import { newId, type DeviceId, type VisitorId, type WorkspaceId } from "../../protocol/ids.ts";
import { MOVED_STREAMS_MAX } from "../../protocol/limits.ts";
import type { IdentifierKind, TimelineItem } from "../../protocol/person.ts";
import type { ObjectBindings } from "../bindings.ts";
import type { BootOutcome, DeviceArrival, DeviceRecord, ProveOutcome } from "../contracts.ts";
import { claimIdentifier, passIdentifier } from "../identifiers/identifiers.ts";
import type { Peers } from "../peers.ts";
import { now } from "../runtime/clock.ts";
import type { Journal } from "../runtime/journal.ts";
import { factContext } from "./device-record.ts";
import { markKey, type VisitorStore } from "./store.ts";
import type { VisitorTriggering } from "./triggering.ts";
import type { Turn } from "./turn.ts";

/** Whoever has an identifier gives it up when asked; others may prove it meanwhile, but not without end. */
const PASSES_MAX = 4;

export type IdentityHost = {
  workspace: WorkspaceId;
  visitor: VisitorId;
  store: VisitorStore;
  journal: Journal;
  peers: Peers;
  env: Pick<ObjectBindings, "DB">;
  triggering: Pick<VisitorTriggering, "definitions" | "compiled">;
  /** Closes every socket of a device, here and on conversations; resolves when that is confirmed. */
  closeDevice(device: DeviceId): Promise<void>;
  /** Something was written: everybody who follows is told, and what is left to do is done. */
  committed(items: TimelineItem[]): void;
};

/**
 * Who this visitor is, and which devices are theirs.
 *
 * Each proof is noted as a proving before anything is asked; D1 decides whose the user id is; then it is confirmed here,
 * or the device is sealed here and handed over. Every step may be done again, and whatever a crash left is finished by
 * the alarm.
 */
export class VisitorIdentity {
  readonly #host: IdentityHost;

  constructor(host: IdentityHost) {
    this.#host = host;
  }

  /** Whether something that was proven is not settled yet. */
  get isBehind(): boolean {
    return this.#proving.length + this.#claiming.length > 0;
  }

  async prove(device: DeviceId, proof: Proof): Promise<ProveOutcome> {
    const { workspace, visitor: id, store, peers, journal, triggering } = this.#host;
    await triggering.definitions();
    const record = store.device(device);
    if (record === null) return { kind: "ended" };
    if (record.moved !== undefined) {
      if (this.#proving.some((one) => one.device === device)) return { kind: "waiting" };
      const { visitor, device: next, isAnotherPerson } = record.moved;
      const there = await peers.visitor(workspace, visitor).prove(next, proof);
      return there.kind === "here"
        ? { kind: "moved", visitor, device: next, isAnotherPerson }
        : there;
    }
    if (record.status === "ended") return { kind: "ended" };
    if (this.#isKnown(record, proof)) return { kind: "here" };
    const at = now();
    const proving = beginProving(
      device,
      proof,
      at,
      { id, verified: this.#verified, proving: this.#proving },
      { visitor: newId("vis", at), device: newId("dev", at) },
    );
    journal.put([["proving", [...this.#proving, proving]]]);
    this.#host.committed([]);
    try {
      await this.#finishProving(device);
    } catch (error) {
      console.warn("a proof waits", error instanceof Error ? error.message : error);
      return { kind: "waiting" };
    }
    await this.#claimOthersIfPossible();
    return this.#outcome(device);
  }

  /** What is said to an ended device that boots: which right it has in place of this one, once that is there. */
  async ended(device: DeviceId): Promise<Extract<BootOutcome, { isEnded: true }>> {
    const moved = this.#host.store.device(device)?.moved;
    if (moved === undefined) return { isEnded: true };
    const { visitor, device: next } = moved;
    try {
      await this.#finishProving(device);
    } catch {
      return { isEnded: true, isWaiting: true };
    }
    return { isEnded: true, moved: { visitor, device: next } };
  }

  /** A device comes over from another visitor. Told again it changes nothing. */
  async adopt(arrival: DeviceArrival): Promise<void> {
    const { store, triggering } = this.#host;
    await triggering.definitions();
    if (store.device(arrival.device) !== null) return;
    const { device, record, proof, at, from, page, isAnotherPerson, marks } = arrival;
    const turn = store.turn(now());
    const { moved: _, ...kept } = record;
    const taken: DeviceRecord = { ...kept, status: "active", since: at, provenAt: at };
    turn.items.push({
      type: "moved",
      at: turn.now,
      way: "came",
      visitor: from,
      why: isAnotherPerson ? "another_person" : "same_person",
    });
    if (page === null) seenNow(turn);
    else {
      const fact = { type: "page" as const, n: 1, at: turn.now, url: page.url };
      const outcome = applyFact(
        turn.draft,
        page.title === null ? fact : { ...fact, title: page.title },
        turn.now,
        factContext(taken),
      );
      if (outcome.ok) turn.items.push(...outcome.items);
      else seenNow(turn);
    }
    turn.changes.set(`device:${device}`, taken);
    for (const { stream, mark } of marks) turn.changes.set(markKey(device, stream), mark);
    this.#confirm(turn, proof, at);
    this.#commit(turn);
    await this.#claimOthersIfPossible();
  }

  /** Somebody else has proven an identifier since: it is not this visitor's any more. */
  async release(kind: IdentifierKind, value: string, to: VisitorId): Promise<void> {
    const { store, triggering } = this.#host;
    await triggering.definitions();
    const named = { kind, value };
    const claiming = this.#claiming.filter((one) => !isSame(one, named));
    const isHeld = isVerified(this.#verified, named);
    if (!isHeld && claiming.length === this.#claiming.length) return;
    const turn = store.turn(now());
    turn.draft.set("claiming", claiming);
    if (isHeld) {
      turn.draft.set(
        "verified",
        this.#verified.filter((one) => !isSame(one, named)),
      );
      turn.items.push({ type: "released", at: turn.now, kind, value, to });
    }
    this.#commit(turn);
  }

  /** Does whatever is left of proofs. */
  async finish(): Promise<void> {
    await this.#host.triggering.definitions();
    for (const device of new Set(this.#proving.map((one) => one.device)))
      await this.#finishProving(device);
    await this.#claimOthers();
  }

  get #verified(): Verified[] {
    return this.#host.store.draft().get("verified") ?? [];
  }
  get #proving(): Proving[] {
    return this.#host.store.draft().get("proving") ?? [];
  }
  get #claiming(): Verified[] {
    return this.#host.store.draft().get("claiming") ?? [];
  }

  #isKnown(record: DeviceRecord, { userId, others }: Proof): boolean {
    return (
      record.provenAt !== undefined &&
      [{ kind: "user_id" as const, value: userId }, ...others].every((one) =>
        isVerified(this.#verified, one),
      )
    );
  }

  #outcome(device: DeviceId): ProveOutcome {
    const record = this.#host.store.device(device);
    if (record?.moved !== undefined) return { kind: "moved", ...record.moved };
    return record?.status === "active" ? { kind: "here" } : { kind: "ended" };
  }

  /** What a device has proven, in the order in which it did. */
  async #finishProving(device: DeviceId): Promise<void> {
    for (;;) {
      const proving = this.#proving.find((one) => one.device === device);
      if (proving === undefined) return;
      if (proving.moving === null) await this.#decide(proving);
      else await this.#move(proving, proving.moving);
    }
  }

  async #decide(proving: Proving): Promise<void> {
    const { workspace, visitor: id, store, env } = this.#host;
    const { device, proof, at, next, candidate } = proving;
    const named = { workspace, kind: "user_id" as const, value: proof.userId };
    const holder = await claimIdentifier(env.DB, named, candidate, now());
    // Another run of the same steps may have been quicker.
    if (this.#proving.find((one) => one.next === next)?.moving !== null) return;
    const record = store.device(device);
    const turn = store.turn(now());
    const others = this.#proving.filter((one) => one.next !== next);
    turn.draft.set("proving", others);
    const moving = wayOf(proving, holder, { id, verified: this.#verified });
    if (moving === null) {
      this.#confirm(turn, proof, at);
      if (record?.status === "active") {
        turn.changes.set(`device:${device}`, { ...record, provenAt: at });
        const session = turn.draft.get("session");
        if (session !== undefined) turn.draft.set("session", { ...session, isProven: true });
      }
    } else if (record?.status === "active") {
      const { to, isAnotherPerson } = moving;
      turn.draft.set("proving", [...others, { ...proving, moving }]);
      const moved = { visitor: to, device: next, isAnotherPerson };
      turn.changes.set(`device:${device}`, { ...record, status: "ended", moved });
      turn.items.push({
        type: "moved",
        at: turn.now,
        way: "left",
        visitor: to,
        why: isAnotherPerson ? "another_person" : "same_person",
      });
    }
    this.#commit(turn);
  }

  /** The device is sealed in the state; its sockets go first, and only then does it get its next right. */
  async #move(proving: Proving, { to, isAnotherPerson }: NonNullable<Proving["moving"]>) {
    const { workspace, visitor: from, store, peers, closeDevice, journal } = this.#host;
    const { device, proof, at, next } = proving;
    await closeDevice(device);
    const record = store.device(device);
    if (record !== null) {
      await peers.visitor(workspace, to).adopt({
        device: next,
        record,
        proof,
        at,
        from,
        isAnotherPerson,
        page: store.draft().get("page") ?? null,
        marks: this.#marks(device),
      });
    }
    journal.put([["proving", this.#proving.filter((one) => one.next !== next)]]);
    this.#host.committed([]);
  }

  #marks(device: DeviceId): { stream: string; mark: StreamMark }[] {
    const { journal } = this.#host;
    const prefix = markKey(device, "");
    return journal.newestKeys(prefix, MOVED_STREAMS_MAX).map((key) => ({
      stream: key.slice(prefix.length),
      mark: (journal.get(key) ?? EMPTY_MARK) as StreamMark, // such keys hold nothing else
    }));
  }

  /** The user id is this visitor's; what was proven beside it is still to be asked for. */
  #confirm(turn: Turn, { userId, others, by }: Proof, at: number): void {
    const verified = turn.draft.get("verified") ?? [];
    const own = { kind: "user_id" as const, value: userId };
    if (!isVerified(verified, own))
      turn.draft.set("verified", withVerified(verified, { ...own, at, by }));
    const claiming = turn.draft.get("claiming") ?? [];
    const asked = others.filter(
      (one) => !isVerified(verified, one) && !claiming.some((other) => isSame(other, one)),
    );
    if (asked.length > 0)
      turn.draft.set("claiming", [...claiming, ...asked.map((one) => ({ ...one, at, by }))]);
    turn.items.push({ type: "proved", at: turn.now, identifiers: [own, ...others], by });
  }

  /** What is beside a user id may come later than the right of the device. */
  async #claimOthersIfPossible(): Promise<void> {
    try {
      await this.#claimOthers();
    } catch (error) {
      console.warn("an identifier waits", error instanceof Error ? error.message : error);
    }
  }

  async #claimOthers(): Promise<void> {
    for (const one of this.#claiming) await this.#claimOther(one);
  }

  /** An email or number that is proven beside a user id is that user's, whoever had it before. */
  async #claimOther(asked: Verified): Promise<void> {
    const { workspace, visitor: id, store, peers, env } = this.#host;
    const { kind, value } = asked;
    const named = { workspace, kind, value };
    for (let passes = 0; passes < PASSES_MAX; passes++) {
      const holder = await claimIdentifier(env.DB, named, id, now());
      if (holder === id) break;
      await peers.visitor(workspace, holder).release(kind, value, id);
      await passIdentifier(env.DB, named, holder, id, now());
      if (passes === PASSES_MAX - 1) return;
    }
    // Given up meanwhile: who asked for it has it.
    if (!this.#claiming.some((one) => isSame(one, asked))) return;
    const turn = store.turn(now());
    turn.draft.set(
      "claiming",
      this.#claiming.filter((one) => !isSame(one, asked)),
    );
    turn.draft.set("verified", withVerified(this.#verified, asked));
    this.#commit(turn);
  }

  #commit(turn: Turn): void {
    const { store, triggering, committed } = this.#host;
    committed(store.commit(turn, triggering.compiled));
  }
}

type Named = { kind: IdentifierKind; value: string };
const isSame = (one: Named, other: Named): boolean =>
  one.kind === other.kind && one.value === other.value;

/** Somebody of whom no page is known was here now. */
function seenNow({ draft, now }: Turn): void {
  const seen = draft.get("seen");
  draft.set("seen", {
    firstAt: seen?.firstAt ?? now,
    lastAt: Math.max(seen?.lastAt ?? now, now),
    sessions: seen?.sessions ?? 0,
    firstSource: seen?.firstSource ?? null,
  });
}
