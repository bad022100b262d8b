import { isOpenedByMail, proofByLink } from "../../domain/identity/continuing.ts";
import { followedBy, handoverKey, handoverOf, isSameLead } from "../../domain/identity/handover.ts";
import type { Proof } from "../../domain/identity/proof.ts";
import { isVerified } from "../../domain/identity/proving.ts";
import { EVENTS } from "../../protocol/facts.ts";
import type { DeviceId, VisitorId } from "../../protocol/ids.ts";
import type { IdentifierKind } from "../../protocol/person.ts";
import type {
  BootOutcome,
  DeviceArrival,
  DeviceRecord,
  Inheritance,
  LinkOrigin,
  Passage,
  ProveOutcome,
  VisitorContract,
} from "../contracts.ts";
import { claimJoin } from "../identifiers/joins.ts";
import { now } from "../runtime/clock.ts";
import { takeDevice, withFormer } from "./arrival.ts";
import { VisitorClaiming } from "./claiming.ts";
import { allDeliveries } from "./deliveries.ts";
import { VisitorDeparture } from "./departure.ts";
import { inheritedFrom, takePart } from "./estate.ts";
import { occurrencesIn } from "./history.ts";
import { commitTurn, type IdentityHost } from "./identity-host.ts";
import { identifiersOf, VisitorProvings } from "./provings.ts";
import type { Turn } from "./turn.ts";

/**
 * Who this visitor is, and which devices are theirs. Every step may be done again, and whatever a crash left is finished
 * by the alarm.
 */
export class VisitorIdentity {
  readonly #host: IdentityHost;
  readonly #departure: VisitorDeparture;
  readonly #claiming: VisitorClaiming;
  readonly #provings: VisitorProvings;

  constructor(host: IdentityHost) {
    this.#host = host;
    this.#departure = new VisitorDeparture(host);
    this.#claiming = new VisitorClaiming(host);
    this.#provings = new VisitorProvings(host, this.#departure, this.#claiming);
  }

  /** Whether something that was proven is not settled yet. */
  get isBehind(): boolean {
    const { store } = this.#host;
    if (store.joined !== null) return !store.joined.isDone;
    const sealing = store.draft().get("sealing") ?? [];
    return sealing.length + this.#provings.all.length + this.#claiming.all.length > 0;
  }

  async prove(device: DeviceId, proof: Proof, next?: string): Promise<ProveOutcome> {
    const { store, triggering } = this.#host;
    await triggering.definitions();
    const keys = next === undefined ? [] : [await handoverKey(next)];
    const record = store.device(device);
    if (record === null || record.isSignedOut === true) return { kind: "ended" };
    if (record.moved !== undefined) return this.#proveAgain(device, record, { proof, next, keys });
    if (record.status === "ended") return { kind: "ended" };
    if (this.#isKnown(record, proof)) return { kind: "here" };
    this.#provings.note(device, proof, keys);
    try {
      await this.#provings.finish(device);
      await this.#departure.finish();
    } catch (error) {
      console.warn("a proof waits", error instanceof Error ? error.message : error);
      return { kind: "waiting" };
    }
    await this.#claiming.finishIfPossible();
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
    if (moved?.device === device) {
      const there = await peers.visitor(workspace, moved.visitor).prove(device, proof, next);
      return there.kind === "here" ? { kind: "moved", ...moved } : there;
    }
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

  /**
   * What is said to an ended device that boots: which right it has in place of this one, once that is there, if it is the
   * browser that has proven something.
   */
  async ended(
    device: DeviceId,
    secrets: readonly string[],
  ): Promise<Extract<BootOutcome, { isEnded: true }>> {
    const keys = await Promise.all(secrets.map(handoverKey));
    const { moved, handover, isSignedOut, isSealed, formerly } =
      this.#host.store.device(device) ?? {};
    if (isSignedOut === true) return { isEnded: true };
    if (moved?.device === device) return { isEnded: true, moved };
    if (moved === undefined && isSealed === true)
      return { isEnded: true, formerly: withFormer(formerly, this.#host.visitor) };
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
    await this.#provings.finish(device);
    await this.#departure.finish();
  }

  /** A device comes over from another visitor. Told again it changes nothing. */
  async adopt(arrival: DeviceArrival): Promise<void> {
    const { store, triggering } = this.#host;
    await triggering.definitions();
    const { device, proof, at } = arrival;
    const hasCome = () => store.device(device) !== null && !store.device(device)?.isAwaited;
    if (hasCome()) return;
    if (proof.isByLink !== true) await this.#makeWay();
    const onward = await this.#onward();
    if (hasCome()) return;
    const isSignedOut = arrival.record.isSignedOut === true || store.device(device) !== null;
    if (onward !== null) {
      if (isSignedOut) await onward.reset(device);
      await onward.adopt(arrival);
      return this.#pointOn(arrival);
    }
    const link = { device: proof.maker ?? null, address: proof.others[0]?.value ?? null };
    if (proof.isByLink === true && !this.isOpenedBy(link)) return this.#turnAway(arrival);
    const turn = store.turn(now());
    takeDevice(turn, arrival, isSignedOut ? "ended" : "active");
    if (proof.isByLink === true) return this.#takeByLink(turn, arrival);
    this.#provings.confirm(turn, proof, at);
    commitTurn(this.#host, turn);
    await this.#claiming.finishIfPossible();
  }

  /** Its link has ended while it was on its way. */
  #turnAway({ device, record, from }: DeviceArrival): void {
    const { moved: _, handover: __, provenAt: ___, formerly, ...kept } = record;
    const ended: DeviceRecord = {
      ...kept,
      status: "ended",
      isSealed: true,
      // It is the same person still, with what they had written where they were.
      formerly: withFormer(formerly, from),
    };
    this.#host.journal.put([[`device:${device}`, ended]]);
  }

  /** A right that has come to a joined visitor is good where that has gone: whoever comes here with it is led there. */
  #pointOn({ device, record }: DeviceArrival): void {
    const { store, journal } = this.#host;
    if (store.joined === null) return;
    const moved = { visitor: store.joined.into, device, isAnotherPerson: false };
    const { handover: _, ...kept } = record;
    journal.put([[`device:${device}`, { ...kept, status: "ended", moved }]]);
  }

  /** A device leaves for another visitor by a link; what it has proven by that is settled there. */
  async goOn(
    device: DeviceId,
    to: VisitorId,
    { device: next, maker, address, key }: Passage,
  ): Promise<void> {
    const { moved } = this.#host.store.device(device) ?? {};
    if (moved === undefined) {
      const proving = {
        device,
        proof: proofByLink(address, maker),
        at: now(),
        candidate: this.#host.visitor,
        next,
        keys: [key],
        moving: null,
      };
      this.#provings.leave(proving, { to, isAnotherPerson: false, isJoin: false });
    }
    await this.arrived(device);
  }

  /** A device without a right comes by a link. False where that has ended meanwhile. */
  async admit({ device, maker, address, key }: Passage, record: DeviceRecord): Promise<boolean> {
    const { store } = this.#host;
    if (store.device(device) !== null) await this.#settle(device);
    else if (!this.isOpenedBy({ device: maker, address })) return false;
    else {
      const turn = store.turn(now());
      turn.changes.set(`device:${device}`, record);
      const proof = proofByLink(address, maker);
      await this.#takeByLink(turn, { device, proof, at: turn.now, keys: [key] });
    }
    return true;
  }

  /** Whether a link leads here: one of the chat as long as the right that made it, one of a mail by its address. */
  isOpenedBy({ device, address }: LinkOrigin): boolean {
    const { store } = this.#host;
    if (device !== null) return store.device(device)?.status === "active";
    const verified = [...this.#claiming.verified, ...this.#claiming.all];
    return address !== null && isOpenedByMail(address, { verified, proving: this.#provings.all });
  }

  /**
   * Somebody comes who has proven who this visitor is. What was proven here before is settled first; then whoever was let
   * in and has proven nothing is out.
   */
  async #makeWay(): Promise<void> {
    const { store } = this.#host;
    await this.#provings.decide();
    if (store.joined !== null) return;
    const turn = store.turn(now());
    this.#departure.sealOthers(turn);
    if (!turn.isEmpty) commitTurn(this.#host, turn);
    await this.#departure.finishSealing();
  }

  /** The device is here, and in the same row it is noted what is still to be proven; the alarm does what is left. */
  async #takeByLink(
    turn: Turn,
    { device, proof: brought, at, keys }: Pick<DeviceArrival, "device" | "proof" | "at" | "keys">,
  ): Promise<void> {
    const proof: Proof = { userId: null, others: brought.others, by: "loop" };
    if (proof.others.length > 0) {
      const proving = this.#provings.begun(device, proof, at, keys);
      turn.draft.set("proving", [...this.#provings.all, proving]);
    }
    commitTurn(this.#host, turn);
    await this.#settle(device);
  }

  async #settle(device: DeviceId): Promise<void> {
    try {
      await this.arrived(device);
      await this.#claiming.finish();
    } catch (error) {
      console.warn("a proof waits", error instanceof Error ? error.message : error);
    }
  }

  /** Takes over a part of what a joined visitor leaves. Parts that are here are not taken again. */
  async inherit(part: Inheritance): Promise<number> {
    const { store, triggering, journal, sql } = this.#host;
    await triggering.definitions();
    await this.#makeWay();
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
    if (part.rest !== null) this.#claiming.askFor(turn, part.rest.verified);
    commitTurn(this.#host, turn, part.rest === null ? [] : undefined);
    return part.through;
  }

  /**
   * Somebody else has proven an identifier since: it is not this visitor's any more. A visitor that nothing else is
   * known of by is the same person, and all of it is theirs.
   * @throws While this visitor is being joined into another one, which may have the identifier from it.
   */
  async release(kind: IdentifierKind, value: string, to: VisitorId): Promise<void> {
    const { workspace, visitor: id, store, triggering, peers, env } = this.#host;
    await triggering.definitions();
    const { joined } = store;
    if (to === id || to === joined?.into) return;
    if (joined !== null) {
      // Its heir may be about to ask for it, too. Waiting for that here might wait for whoever asks.
      if (!this.#departure.isBrought) throw new Error("what is joined is on its way");
      return peers.visitor(workspace, joined.into).release(kind, value, to);
    }
    if (this.#provings.isNobodyElse) {
      const into = await claimJoin(env.DB, workspace, id, to, now());
      if (into !== id && store.joined === null) this.#departure.seal(into, kind, null);
      if (into !== id) return this.#departure.finish();
    }
    this.#claiming.giveUp({ kind, value }, to);
  }

  /** Does whatever is left of proofs. */
  async finish(): Promise<void> {
    await this.#host.triggering.definitions();
    for (const device of new Set(this.#provings.all.map((one) => one.device)))
      await this.#provings.finish(device);
    await this.#departure.finish();
    await this.#claiming.finish();
  }

  /** Where a joined visitor is by now, once all of it is there. */
  async #onward(): Promise<VisitorContract | null> {
    const { workspace, store, peers } = this.#host;
    const { joined } = store;
    if (joined === null) return null;
    await this.#departure.finish();
    return peers.visitor(workspace, joined.into);
  }

  #isKnown(record: DeviceRecord, { userId, others }: Proof): boolean {
    return (
      record.provenAt !== undefined &&
      identifiersOf({ userId, others }).every((one) => isVerified(this.#claiming.verified, one))
    );
  }

  /** Whether it has been sealed and is not yet where it goes. */
  #isOnItsWay(device: DeviceId): boolean {
    const { joined } = this.#host.store;
    return (
      this.#provings.all.some((one) => one.device === device) ||
      (joined?.isDone === false && joined.device?.from === device)
    );
  }

  /** Two proofs may have been made at once: only that one is answered with a right which has led to it. */
  #outcome(device: DeviceId, proof: Proof): ProveOutcome {
    const { status, moved, handover, isSignedOut } = this.#host.store.device(device) ?? {};
    if (isSignedOut === true) return { kind: "ended" };
    if (moved !== undefined && handover !== undefined && isSameLead(handover, proof))
      return { kind: "moved", ...moved };
    return status === "active" ? { kind: "here" } : { kind: "ended" };
  }
}
