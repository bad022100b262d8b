import { isSameLead } from "../../domain/identity/handover.ts";
import type { Proof } from "../../domain/identity/proof.ts";
import {
  beginProving,
  isVerified,
  leadOf,
  userIdOf,
  wayOf,
  withVerified,
  type Proving,
  type Way,
} from "../../domain/identity/proving.ts";
import { newId, type DeviceId } from "../../protocol/ids.ts";
import { HANDOVER_KEYS_MAX } from "../../protocol/limits.ts";
import { claimIdentifier } from "../identifiers/identifiers.ts";
import { claimJoin } from "../identifiers/joins.ts";
import { now } from "../runtime/clock.ts";
import type { Named, VisitorClaiming } from "./claiming.ts";
import { isLeft, sealDevice, type VisitorDeparture } from "./departure.ts";
import { commitTurn, type IdentityHost } from "./identity-host.ts";
import type { Turn } from "./turn.ts";

/**
 * What devices have proven, until it is settled. It is noted before anything is asked; D1 decides whose the identifier is;
 * then it is confirmed here, or the device is sealed here and handed over.
 */
export class VisitorProvings {
  readonly #host: IdentityHost;
  readonly #departure: VisitorDeparture;
  readonly #claiming: VisitorClaiming;

  constructor(host: IdentityHost, departure: VisitorDeparture, claiming: VisitorClaiming) {
    this.#host = host;
    this.#departure = departure;
    this.#claiming = claiming;
  }

  get all(): Proving[] {
    return this.#host.store.draft().get("proving") ?? [];
  }

  /** Whether this visitor has no user id and awaits none: then it can only be the person who proves its email. */
  get isNobodyElse(): boolean {
    return (
      userIdOf(this.#claiming.verified) === null &&
      this.all.every(({ proof }) => proof.userId === null)
    );
  }

  /** Before anything is asked. A proof that waits already is not noted again. */
  note(device: DeviceId, proof: Proof, keys: string[]): void {
    const text = JSON.stringify(proof);
    const noted = this.all.find(
      (one) => one.device === device && JSON.stringify(one.proof) === text,
    );
    if (noted !== undefined && keys.every((key) => noted.keys.includes(key))) return;
    const at = now();
    const proving = noted ?? this.begun(device, proof, at, []);
    const known = { ...proving, keys: [...proving.keys, ...keys].slice(-HANDOVER_KEYS_MAX) };
    const all = this.all.map((one) => (one === noted ? known : one));
    this.#host.journal.put([["proving", noted === undefined ? [...all, known] : all]]);
    this.#host.committed([]);
  }

  /** As it is noted, with its device's next right. */
  begun(device: DeviceId, proof: Proof, at: number, keys: string[]): Proving {
    const fresh = { visitor: newId("vis", at), device: newId("dev", at) };
    return { ...beginProving(device, proof, at, this.#self, fresh), keys };
  }

  get #self() {
    const { verified, all: claiming } = this.#claiming;
    return { id: this.#host.visitor, verified: [...verified, ...claiming], proving: this.all };
  }

  /** What a device has proven, in the order in which it did, and after what others have proven before it. */
  async finish(device: DeviceId): Promise<void> {
    for (;;) {
      const proving = this.all.find((one) => one.device === device);
      if (proving === undefined || this.#host.store.joined !== null) return;
      if (proving.moving === null) await this.#decideFirst();
      else await this.#departure.move(proving, proving.moving);
    }
  }

  /** Resolves when it is decided of everything that was proven here whose it is. */
  async decide(): Promise<void> {
    while (await this.#decideFirst());
  }

  /** Decides what was proven first: the next one is judged, and asked for, by what follows from that. */
  async #decideFirst(): Promise<boolean> {
    const first = this.all.find(({ moving }) => moving === null);
    if (first === undefined || this.#host.store.joined !== null) return false;
    await this.#decide(first);
    return true;
  }

  async #decide(proving: Proving): Promise<void> {
    const { workspace, visitor: id, store, env } = this.#host;
    const { device, proof, next, candidate } = proving;
    const lead = leadOf(proof);
    const { handover } = store.device(device) ?? {};
    // By another proof the right has ended meanwhile: whoever has made this one is nobody here. Asked for, its address
    // would stay in D1 as this visitor's, and lead whoever proves it next to what is here.
    const isOvertaken = handover !== undefined && !isSameLead(handover, proof);
    if (lead === null || isOvertaken) return this.#drop(next);
    const holder = await claimIdentifier(env.DB, { workspace, ...lead }, candidate, now());
    // Another run of the same steps may have been quicker.
    if (!this.#isUndecided(next)) return;
    const way = wayOf(proving, holder, this.#self);
    if (way === null) return this.#stay(proving);
    if (!way.isJoin) return proof.userId === null ? this.#stay(proving) : this.leave(proving, way);
    const into = await claimJoin(env.DB, workspace, id, holder, now());
    if (into !== id) {
      if (this.#host.store.joined === null) this.#departure.seal(into, lead.kind, proving);
      return;
    }
    // The other one was joined into this one before; its identifiers follow.
    if (this.#isUndecided(next)) this.#stay(proving);
  }

  #isUndecided(next: DeviceId): boolean {
    const proving = this.all.find((one) => one.next === next);
    return proving?.moving === null && this.#host.store.joined === null;
  }

  #drop(next: DeviceId): void {
    const left = this.all.filter((one) => one.next !== next);
    this.#host.journal.put([["proving", left]]);
    this.#host.committed([]);
  }

  /**
   * The device stays, under another right; what it has proven is this visitor's, or is asked for where somebody else still
   * has it.
   */
  #stay(proving: Proving): void {
    const { store, visitor: id } = this.#host;
    const { device, proof, at, next } = proving;
    const record = store.device(device);
    const others = this.all.filter((one) => one.next !== next);
    const turn = store.turn(now());
    turn.draft.set("proving", others);
    this.confirm(turn, proof, at);
    this.#departure.sealOthers(turn, device);
    if (record !== null) turn.changes.set(`device:${device}`, { ...record, provenAt: at });
    if (record?.status === "active") {
      const moving = { to: id, isAnotherPerson: false };
      turn.draft.set("proving", [...(turn.draft.get("proving") ?? []), { ...proving, moving }]);
      sealDevice(turn, { ...record, provenAt: at }, proving, moving);
    }
    commitTurn(this.#host, turn);
  }

  /** The device goes to another visitor, and nothing of this one with it. */
  leave(proving: Proving, { to, isAnotherPerson }: Way): void {
    const { store } = this.#host;
    const { device, next } = proving;
    const record = store.device(device);
    const others = this.all.filter((one) => one.next !== next);
    const turn = store.turn(now());
    turn.draft.set("proving", others);
    if (record !== null && isLeft(record)) {
      turn.draft.set("proving", [...others, { ...proving, moving: { to, isAnotherPerson } }]);
      sealDevice(turn, record, proving, { to, isAnotherPerson });
      turn.items.push({
        type: "moved",
        at: turn.now,
        way: "left",
        visitor: to,
        why: isAnotherPerson ? "another_person" : "same_person",
      });
    }
    commitTurn(this.#host, turn);
  }

  /** The user id is this visitor's; what was proven beside it, or without one, is still to be asked for. */
  confirm(turn: Turn, proof: Proof, at: number): void {
    const { userId, others, by } = proof;
    const verified = turn.draft.get("verified") ?? [];
    if (userId !== null && !isVerified(verified, { kind: "user_id", value: userId }))
      turn.draft.set(
        "verified",
        withVerified(verified, { kind: "user_id", value: userId, at, by }),
      );
    this.#claiming.askFor(
      turn,
      others.map((one) => ({ ...one, at, by })),
    );
    turn.items.push({ type: "proved", at: turn.now, identifiers: identifiersOf(proof), by });
  }
}

export function identifiersOf({ userId, others }: Pick<Proof, "userId" | "others">): Named[] {
  return [...(userId === null ? [] : [{ kind: "user_id" as const, value: userId }]), ...others];
}
