import { proofByLink } from "../../domain/identity/continuing.ts";
import { followedBy, handoverKey, handoverOf, isSameLead } from "../../domain/identity/handover.ts";
import type { Proof } from "../../domain/identity/proof.ts";
import {
  beginProving,
  isVerified,
  leadOf,
  userIdOf,
  wayOf,
  withVerified,
  type Claiming,
  type Proving,
  type Verified,
  type Way,
} from "../../domain/identity/proving.ts";
import { EVENTS } from "../../protocol/facts.ts";
import { newId, type DeviceId, type VisitorId, type WorkspaceId } from "../../protocol/ids.ts";
import { HANDOVER_KEYS_MAX } from "../../protocol/limits.ts";
import type { IdentifierKind, TimelineItem } from "../../protocol/person.ts";
import type { ObjectBindings } from "../bindings.ts";
import type {
  BootOutcome,
  DeviceArrival,
  DeviceRecord,
  Inheritance,
  Passage,
  ProveOutcome,
  VisitorContract,
} from "../contracts.ts";
import { claimIdentifier, passIdentifier } from "../identifiers/identifiers.ts";
import { claimJoin } from "../identifiers/joins.ts";
import type { Peers } from "../peers.ts";
import { now } from "../runtime/clock.ts";
import type { Journal } from "../runtime/journal.ts";
import { takeDevice } from "./arrival.ts";
import { allDeliveries } from "./deliveries.ts";
import { sealDevice, VisitorDeparture } from "./departure.ts";
import { inheritedFrom, takePart } from "./estate.ts";
import { occurrencesIn } from "./history.ts";
import type { VisitorStore } from "./store.ts";
import type { VisitorTriggering } from "./triggering.ts";
import type { Turn } from "./turn.ts";

/** Whoever has an identifier gives it up when asked; others may prove it meanwhile, but not without end. */
const PASSES_MAX = 4;

export type IdentityHost = {
  workspace: WorkspaceId;
  visitor: VisitorId;
  store: VisitorStore;
  journal: Journal;
  sql: SqlStorage;
  peers: Peers;
  env: Pick<ObjectBindings, "DB">;
  triggering: Pick<VisitorTriggering, "definitions" | "compiled">;
  /** Closes every socket of a device, here and on conversations; resolves when that is confirmed. */
  closeDevice(device: DeviceId, code: number): Promise<void>;
  releaseWatchers(): void;
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
  readonly #departure: VisitorDeparture;

  constructor(host: IdentityHost) {
    this.#host = host;
    this.#departure = new VisitorDeparture(host);
  }

  /** Whether something that was proven is not settled yet. */
  get isBehind(): boolean {
    const { joined } = this.#host.store;
    if (joined !== null) return !joined.isDone;
    return this.#proving.length + this.#claiming.length > 0;
  }

  async prove(device: DeviceId, proof: Proof, next?: string): Promise<ProveOutcome> {
    const { store, triggering } = this.#host;
    await triggering.definitions();
    const keys = next === undefined ? [] : [await handoverKey(next)];
    const record = store.device(device);
    if (record === null) return { kind: "ended" };
    if (record.moved !== undefined) return this.#proveAgain(device, record, { proof, next, keys });
    if (record.status === "ended") return { kind: "ended" };
    if (this.#isKnown(record, proof)) return { kind: "here" };
    this.#note(device, proof, keys);
    try {
      await this.#finishProving(device);
      await this.#departure.finish();
    } catch (error) {
      console.warn("a proof waits", error instanceof Error ? error.message : error);
      return { kind: "waiting" };
    }
    await this.#claimOthersIfPossible();
    return this.#outcome(device, proof);
  }

  /**
   * A proof under a right that one has ended already: the same is answered alike, because its answer may be lost. Another
   * one opens nothing, for whoever makes it may have nothing but a copy of that right.
   */
  async #proveAgain(
    device: DeviceId,
    { moved, handover, ...record }: DeviceRecord,
    { proof, next, keys }: { proof: Proof; next: string | undefined; keys: string[] },
  ): Promise<ProveOutcome> {
    const { workspace, visitor: id, journal, peers } = this.#host;
    if (moved === undefined || handover === undefined || !isSameLead(handover, proof))
      return { kind: "ended" };
    if (!keys.every((key) => handover.keys.includes(key))) {
      const known = handoverOf(proof, handover.at, [...handover.keys, ...keys]);
      journal.put([[`device:${device}`, { ...record, moved, handover: known }]]);
    }
    if (this.#isOnItsWay(device)) return { kind: "waiting" };
    const there = await (moved.visitor === id
      ? this.prove(moved.device, proof, next)
      : peers.visitor(workspace, moved.visitor).prove(moved.device, proof, next));
    return there.kind === "here" ? { kind: "moved", ...moved } : there;
  }

  /** Before anything is asked. A proof that waits already is not noted again. */
  #note(device: DeviceId, proof: Proof, keys: string[]): void {
    const text = JSON.stringify(proof);
    const noted = this.#proving.find(
      (one) => one.device === device && JSON.stringify(one.proof) === text,
    );
    if (noted !== undefined && keys.every((key) => noted.keys.includes(key))) return;
    const at = now();
    const fresh = { visitor: newId("vis", at), device: newId("dev", at) };
    const proving = noted ?? beginProving(device, proof, at, this.#self, fresh);
    const known = { ...proving, keys: [...proving.keys, ...keys].slice(-HANDOVER_KEYS_MAX) };
    const all = this.#proving.map((one) => (one === noted ? known : one));
    this.#host.journal.put([["proving", noted === undefined ? [...all, known] : all]]);
    this.#host.committed([]);
  }

  /**
   * What is said to an ended device that boots: which right it has in place of this one, once that is there, if it is the
   * browser that has proven something.
   */
  async ended(
    device: DeviceId,
    secrets: readonly string[],
  ): Promise<Extract<BootOutcome, { isEnded: true }>> {
    const keys = await Promise.all(secrets.map(handoverKey));
    const { moved, handover } = this.#host.store.device(device) ?? {};
    if (moved === undefined || handover === undefined) return { isEnded: true };
    const what = followedBy(handover, keys, now());
    if (what === "nothing") return { isEnded: true };
    if (what === "wait") return { isEnded: true, isWaiting: true };
    try {
      await this.arrived(device);
    } catch {
      return { isEnded: true, isWaiting: true };
    }
    return { isEnded: true, moved };
  }

  /** Resolves when a device that was sealed is where it goes. */
  async arrived(device: DeviceId): Promise<void> {
    await this.#finishProving(device);
    await this.#departure.finish();
  }

  /** A device comes over from another visitor. Told again it changes nothing. */
  async adopt(arrival: DeviceArrival): Promise<void> {
    const { store, triggering } = this.#host;
    await triggering.definitions();
    const onward = await this.#onward();
    if (onward !== null) return onward.adopt(arrival);
    const held = store.device(arrival.device);
    if (held !== null && held.isAwaited !== true) return;
    const turn = store.turn(now());
    takeDevice(turn, arrival, held === null ? "active" : "ended");
    if (arrival.proof.isByLink === true) return this.#takeByLink(turn, arrival);
    this.#confirm(turn, arrival.proof, arrival.at);
    this.#commit(turn);
    await this.#claimOthersIfPossible();
  }

  /** A device leaves for another visitor by a link; what it has proven by that is settled there. */
  async goOn(
    device: DeviceId,
    to: VisitorId,
    { device: next, address, key }: Passage,
  ): Promise<void> {
    const { moved } = this.#host.store.device(device) ?? {};
    if (moved === undefined) {
      const proving = {
        device,
        proof: proofByLink(address),
        at: now(),
        candidate: this.#host.visitor,
        next,
        keys: [key],
        moving: null,
      };
      this.#leave(proving, { to, isAnotherPerson: false, isJoin: false });
    }
    await this.arrived(device);
  }

  /** A device without a right comes by a link. */
  async admit({ device, address, key }: Passage, record: DeviceRecord): Promise<void> {
    const { store } = this.#host;
    if (store.device(device) !== null) return this.#settle(device);
    const turn = store.turn(now());
    turn.changes.set(`device:${device}`, record);
    const proof = proofByLink(address);
    await this.#takeByLink(turn, { device, proof, at: turn.now, keys: [key] });
  }

  /** The device is here, and in the same row it is noted what is still to be proven; the alarm does what is left. */
  async #takeByLink(
    turn: Turn,
    { device, proof: brought, at, keys }: Pick<DeviceArrival, "device" | "proof" | "at" | "keys">,
  ): Promise<void> {
    const proof: Proof = { userId: null, others: brought.others, by: "loop" };
    if (proof.others.length > 0) {
      const fresh = { visitor: newId("vis", at), device: newId("dev", at) };
      const proving = beginProving(device, proof, at, this.#self, fresh);
      turn.draft.set("proving", [...this.#proving, { ...proving, keys }]);
    }
    this.#commit(turn);
    await this.#settle(device);
  }

  async #settle(device: DeviceId): Promise<void> {
    try {
      await this.arrived(device);
      await this.#claimOthers();
    } catch (error) {
      console.warn("a proof waits", error instanceof Error ? error.message : error);
    }
  }

  /** Takes over a part of what a joined visitor leaves. Parts that are here are not taken again. */
  async inherit(part: Inheritance): Promise<number> {
    const { store, triggering, journal, sql } = this.#host;
    await triggering.definitions();
    const onward = await this.#onward();
    if (onward !== null) return onward.inherit(part);
    const { through, isDone } = inheritedFrom(journal, part.from);
    if (isDone) return Number.MAX_SAFE_INTEGER;
    if (part.after !== through) return through;
    // What the newest definitions missed is looked at before, by itself.
    this.#host.committed(store.commit(store.turn(now()), triggering.compiled));
    const turn = store.turn(now());
    turn.isQuiet = true;
    takePart(turn, part, {
      propertyKeys: store.propertyKeys(),
      deliveries: allDeliveries(sql),
      placed: () => occurrencesIn(journal, EVENTS.orderCompleted),
    });
    if (part.rest !== null) this.#askFor(turn, part.rest.verified);
    this.#commit(turn, part.rest === null ? [] : undefined);
    return part.through;
  }

  /**
   * Somebody else has proven an identifier since: it is not this visitor's any more. A visitor that nothing else is
   * known of by is the same person, and all of it is theirs.
   */
  async release(kind: IdentifierKind, value: string, to: VisitorId): Promise<void> {
    const { workspace, visitor: id, store, triggering, env } = this.#host;
    await triggering.definitions();
    const named = { kind, value };
    if (store.joined !== null) return;
    if (this.#isNobodyElse) {
      const into = await claimJoin(env.DB, workspace, id, to, now());
      if (into !== id && store.joined === null) this.#departure.seal(into, kind, null);
      if (into !== id) return this.#departure.finish();
    }
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
    await this.#departure.finish();
    await this.#claimOthers();
  }

  /** Where a joined visitor is by now, once all of it is there. */
  async #onward(): Promise<VisitorContract | null> {
    const { workspace, store, peers } = this.#host;
    const { joined } = store;
    if (joined === null) return null;
    await this.#departure.finish();
    return peers.visitor(workspace, joined.into);
  }

  get #self() {
    const verified = [...this.#verified, ...this.#claiming];
    return { id: this.#host.visitor, verified, proving: this.#proving };
  }

  /** Whether this visitor has no user id and awaits none: then it can only be the person who proves its email. */
  get #isNobodyElse(): boolean {
    return (
      userIdOf(this.#verified) === null && this.#proving.every(({ proof }) => proof.userId === null)
    );
  }

  get #verified(): Verified[] {
    return this.#host.store.draft().get("verified") ?? [];
  }
  get #proving(): Proving[] {
    return this.#host.store.draft().get("proving") ?? [];
  }
  get #claiming(): Claiming[] {
    return this.#host.store.draft().get("claiming") ?? [];
  }

  #isKnown(record: DeviceRecord, { userId, others }: Proof): boolean {
    return (
      record.provenAt !== undefined &&
      identifiersOf({ userId, others }).every((one) => isVerified(this.#verified, one))
    );
  }

  /** Whether it has been sealed and is not yet where it goes. */
  #isOnItsWay(device: DeviceId): boolean {
    const { joined } = this.#host.store;
    return (
      this.#proving.some((one) => one.device === device) ||
      (joined?.isDone === false && joined.device?.from === device)
    );
  }

  /** Two proofs may have been made at once: only that one is answered with a right which has led to it. */
  #outcome(device: DeviceId, proof: Proof): ProveOutcome {
    const { status, moved, handover } = this.#host.store.device(device) ?? {};
    if (moved !== undefined && handover !== undefined && isSameLead(handover, proof))
      return { kind: "moved", ...moved };
    return status === "active" ? { kind: "here" } : { kind: "ended" };
  }

  /** What a device has proven, in the order in which it did. */
  async #finishProving(device: DeviceId): Promise<void> {
    for (;;) {
      const proving = this.#proving.find((one) => one.device === device);
      if (proving === undefined || this.#host.store.joined !== null) return;
      if (proving.moving === null) await this.#decide(proving);
      else await this.#departure.move(proving, proving.moving);
    }
  }

  async #decide(proving: Proving): Promise<void> {
    const { workspace, visitor: id, env } = this.#host;
    const { proof, next, candidate } = proving;
    const lead = leadOf(proof);
    if (lead === null) return this.#drop(next);
    const holder = await claimIdentifier(env.DB, { workspace, ...lead }, candidate, now());
    // Another run of the same steps may have been quicker.
    if (!this.#isUndecided(next)) return;
    const way = wayOf(proving, holder, this.#self);
    if (way === null) return this.#stay(proving);
    if (!way.isJoin) return proof.userId === null ? this.#stay(proving) : this.#leave(proving, way);
    const into = await claimJoin(env.DB, workspace, id, holder, now());
    if (into !== id) {
      if (this.#host.store.joined === null) this.#departure.seal(into, lead.kind, proving);
      return;
    }
    // The other one was joined into this one before; its identifiers follow.
    if (this.#isUndecided(next)) this.#stay(proving);
  }

  #isUndecided(next: DeviceId): boolean {
    const proving = this.#proving.find((one) => one.next === next);
    return proving?.moving === null && this.#host.store.joined === null;
  }

  #drop(next: DeviceId): void {
    const left = this.#proving.filter((one) => one.next !== next);
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
    const { handover } = record ?? {};
    // By another proof the right has ended meanwhile: whoever has made this one is nobody here.
    if (handover !== undefined && !isSameLead(handover, proof)) return this.#drop(next);
    const others = this.#proving.filter((one) => one.next !== next);
    const turn = store.turn(now());
    turn.draft.set("proving", others);
    this.#confirm(turn, proof, at);
    if (record?.status === "active") {
      const moving = { to: id, isAnotherPerson: false };
      turn.draft.set("proving", [...others, { ...proving, moving }]);
      sealDevice(turn, record, proving, moving);
    }
    this.#commit(turn);
  }

  /** The device goes to another visitor, and nothing of this one with it. */
  #leave(proving: Proving, { to, isAnotherPerson }: Way): void {
    const { store } = this.#host;
    const { device, next } = proving;
    const record = store.device(device);
    const others = this.#proving.filter((one) => one.next !== next);
    const turn = store.turn(now());
    turn.draft.set("proving", others);
    if (record?.status === "active") {
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
    this.#commit(turn);
  }

  /** The user id is this visitor's; what was proven beside it, or without one, is still to be asked for. */
  #confirm(turn: Turn, proof: Proof, at: number): void {
    const { userId, others, by } = proof;
    const verified = turn.draft.get("verified") ?? [];
    if (userId !== null && !isVerified(verified, { kind: "user_id", value: userId }))
      turn.draft.set(
        "verified",
        withVerified(verified, { kind: "user_id", value: userId, at, by }),
      );
    this.#askFor(
      turn,
      others.map((one) => ({ ...one, at, by })),
    );
    turn.items.push({ type: "proved", at: turn.now, identifiers: identifiersOf(proof), by });
  }

  #askFor(turn: Turn, identifiers: readonly Verified[]): void {
    const verified = turn.draft.get("verified") ?? [];
    const claiming = turn.draft.get("claiming") ?? [];
    const asked = identifiers.filter(
      (one) => !isVerified(verified, one) && !claiming.some((other) => isSame(other, one)),
    );
    if (asked.length > 0) turn.draft.set("claiming", [...claiming, ...asked]);
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
    if (this.#host.store.joined !== null) return;
    for (const one of this.#claiming) await this.#claimOther(one);
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
    const former = this.#claiming.find((one) => isSame(one, asked))?.from;
    if (former !== undefined) await peers.visitor(workspace, former).release(kind, value, id);
    // Given up meanwhile: who asked for it has it.
    if (!this.#claiming.some((one) => isSame(one, asked))) return;
    const turn = store.turn(now());
    turn.draft.set(
      "claiming",
      this.#claiming.filter((one) => !isSame(one, asked)),
    );
    const { at, by } = asked;
    turn.draft.set("verified", withVerified(this.#verified, { kind, value, at, by }));
    this.#commit(turn);
  }

  #noteFormer(named: Named, from: VisitorId): void {
    const noted = this.#claiming.map((one) => (isSame(one, named) ? { ...one, from } : one));
    this.#host.journal.put([["claiming", noted]]);
  }

  /** @param told What watchers are told of it, where that is not everything. */
  #commit(turn: Turn, told?: TimelineItem[]): void {
    const { store, triggering, committed } = this.#host;
    const items = store.commit(turn, triggering.compiled);
    committed(told ?? items);
  }
}

function identifiersOf({ userId, others }: Pick<Proof, "userId" | "others">): Named[] {
  return [...(userId === null ? [] : [{ kind: "user_id" as const, value: userId }]), ...others];
}

type Named = { kind: IdentifierKind; value: string };
const isSame = (one: Named, other: Named): boolean =>
  one.kind === other.kind && one.value === other.value;
