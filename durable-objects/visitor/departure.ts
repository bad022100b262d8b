import { handoverOf } from "../../domain/identity/handover.ts";
import { EMPTY_MARK, type StreamMark } from "../../domain/streams/marks.ts";
import type { Proving } from "../../domain/identity/proving.ts";
import { idsOf } from "../../domain/visitors/conversation-list.ts";
import type { Joined } from "../../domain/visitors/state.ts";
import { CLOSE } from "../../protocol/errors.ts";
import type { DeviceId, VisitorId } from "../../protocol/ids.ts";
import { MOVED_STREAMS_MAX } from "../../protocol/limits.ts";
import type { IdentifierKind } from "../../protocol/person.ts";
import type { DeviceRecord, HeldDelivery } from "../contracts.ts";
import { now } from "../runtime/clock.ts";
import { provenNow } from "./arrival.ts";
import { allDeliveries } from "./deliveries.ts";
import { allInherited, estateOf, nextItems } from "./estate.ts";
import type { IdentityHost } from "./identity-host.ts";
import { markKey } from "./store.ts";
import type { Turn } from "./turn.ts";

/**
 * What leaves this visitor for another one: a device, or everything. It is sealed first, in the state and on every
 * socket, and only then taken over there; each step may be done again.
 */
export class VisitorDeparture {
  readonly #host: IdentityHost;
  #joining: Promise<void> | null = null;
  /** Since this object woke. */
  #hasBrought = false;

  constructor(host: IdentityHost) {
    this.#host = host;
  }

  /** This visitor is another one's from here on: every right to it ends, and nothing of it changes any more. */
  seal(into: VisitorId, why: IdentifierKind, proving: Proving | null): void {
    const { store } = this.#host;
    const at = now();
    const turn = store.turn(at);
    let device: Joined["device"] = null;
    for (const record of store.devices()) {
      const { id, ...held } = record;
      const isTheirs = proving?.device === id && isLeft(held);
      if (held.status === "ended" && !isTheirs) continue;
      if (isTheirs) device = { from: id, to: proving.next, proof: proving.proof, at: proving.at };
      if (isTheirs) sealDevice(turn, held, proving, { to: into, isAnotherPerson: false });
      else turn.changes.set(`device:${id}`, { ...held, status: "ended", isSealed: true });
    }
    turn.draft.set("sealing", []);
    turn.draft.set("proving", []);
    turn.draft.set("claiming", []);
    turn.draft.set("joined", { into, at, why, device, isDone: false });
    store.write(turn);
    this.#host.committed([]);
  }

  /** Whether everything of a joined visitor is there. */
  get isBrought(): boolean {
    return this.#hasBrought || this.#host.store.joined?.isDone === true;
  }

  /**
   * Where nobody has proven yet who this visitor is, whoever proves it is alone with it: every other device was let in by
   * somebody of whom nobody knows who they were. Its sockets go by `finishSealing`.
   * @param prover The device that proves, where it is here.
   */
  sealOthers(turn: Turn, prover?: DeviceId): void {
    const devices = this.#host.store.devices();
    if (devices.some(({ provenAt }) => provenAt !== undefined)) return;
    const sealed: DeviceId[] = [];
    for (const { id, ...held } of devices) {
      if (held.status === "ended" || id === prover) continue;
      turn.changes.set(`device:${id}`, { ...held, status: "ended", isSealed: true });
      sealed.push(id);
    }
    if (sealed.length === 0) return;
    turn.draft.set("sealing", [...(turn.draft.get("sealing") ?? []), ...sealed]);
    // What they were about to prove is nothing here, and has been asked of nobody.
    const proving = turn.draft.get("proving") ?? [];
    const isGoing = ({ device, moving }: Proving) => moving !== null || !sealed.includes(device);
    turn.draft.set("proving", proving.filter(isGoing));
  }

  /** Resolves when it is confirmed that no socket of a sealed device is left. */
  async finishSealing(): Promise<void> {
    const { store, journal, closeDevice } = this.#host;
    const sealing = store.draft().get("sealing") ?? [];
    if (sealing.length === 0) return;
    await Promise.all(sealing.map((id) => closeDevice(id, CLOSE.moved)));
    const left = store.draft().get("sealing") ?? [];
    journal.put([["sealing", left.filter((id) => !sealing.includes(id))]]);
    this.#host.committed([]);
  }

  /** Brings everything of a joined visitor to where it belongs; whatever has arrived is not brought again. */
  async finish(): Promise<void> {
    await this.finishSealing();
    const { joined } = this.#host.store;
    if (joined === null || joined.isDone) return;
    this.#joining ??= this.#join(joined).finally(() => (this.#joining = null));
    await this.#joining;
  }

  async #join(joined: Joined): Promise<void> {
    const { workspace, visitor: from, store, peers, journal, closeDevice } = this.#host;
    const { into, device } = joined;
    await Promise.all(store.devices().map(({ id }) => closeDevice(id, CLOSE.moved)));
    if (device !== null) await this.#passConversations(device.from, device.to);
    await this.#bring(joined);
    this.#hasBrought = true;
    const record = device === null ? null : store.device(device.from);
    if (device !== null && record !== null) {
      const { to, proof, at } = device;
      const marks = this.#marks(device.from);
      const arrival = { device: to, record, proof, at, from, marks, isAnotherPerson: false };
      await peers
        .visitor(workspace, into)
        .adopt({ ...arrival, page: null, isJoin: true, keys: [] });
    }
    journal.put([["joined", { ...joined, isDone: true }]]);
    this.#host.releaseWatchers();
    this.#host.committed([]);
  }

  /** The log in parts, and everything else with the last. */
  async #bring(joined: Joined): Promise<void> {
    const { workspace, visitor: from, store, peers, journal, sql } = this.#host;
    const heir = peers.visitor(workspace, joined.into);
    const deliveries = this.#caughtHere(allDeliveries(sql));
    const rest = {
      at: joined.at,
      why: joined.why,
      estate: estateOf(store.draft(), store.propertyKeys(), deliveries),
      verified: store.draft().get("verified") ?? [],
      deliveries,
      inherited: allInherited(journal),
    };
    const last = journal.lastSeq;
    for (let after = 0; after < Number.MAX_SAFE_INTEGER;) {
      const { through, items } = nextItems(journal, after);
      const isLast = through >= last;
      const part = { from, after, through, items, rest: isLast ? rest : null };
      const arrived = await heir.inherit(part);
      if (arrived === through && isLast) return;
      after = arrived;
    }
  }

  /** What was on its way into the thread goes into this one, whoever brings it there: once, if it is there already. */
  #caughtHere(deliveries: HeldDelivery[]): HeldDelivery[] {
    const draft = this.#host.store.draft();
    const { open } = this.#host.store.conversations;
    const waiting = new Set(draft.get("effects"));
    return deliveries.map((held) =>
      open !== null && waiting.has(held.id) ? { into: open, ...held } : held,
    );
  }

  /** The device is sealed in the state; its sockets go first, and only then does it get its next right. */
  async move(
    proving: Proving,
    { to, isAnotherPerson }: NonNullable<Proving["moving"]>,
  ): Promise<void> {
    const { workspace, visitor: from, store, peers, closeDevice, journal } = this.#host;
    const { device, proof, at, next, keys } = proving;
    await Promise.all([closeDevice(device, CLOSE.moved), this.finishSealing()]);
    if (to === from) return this.#renew(proving);
    const record = store.device(device);
    if (record !== null) {
      await peers.visitor(workspace, to).adopt({
        device: next,
        record,
        proof,
        at,
        from,
        isAnotherPerson,
        isJoin: false,
        keys,
        // Whoever comes by a link boots on the page that it leads to.
        page: proof.isByLink === true ? null : (store.draft().get("page") ?? null),
        marks: this.#marks(device),
      });
    }
    const left = store.draft().get("proving") ?? [];
    journal.put([["proving", left.filter((one) => one.next !== next)]]);
    this.#host.committed([]);
  }

  /** The device stays under another right: whoever has a copy of the former one has nothing. */
  async #renew({ device, at, next }: Proving): Promise<void> {
    const { store } = this.#host;
    await this.#passConversations(device, next);
    const record = store.device(device);
    const turn = store.turn(now());
    // A sign-out may have ended the next right before it came.
    if (record !== null && store.device(next) === null) {
      const { moved: _, handover: __, ...kept } = record;
      const streamsOf = record.streamsOf ?? device;
      const status = record.isSignedOut === true ? "ended" : "active";
      turn.changes.set(`device:${next}`, { ...kept, status, provenAt: at, streamsOf });
      provenNow(turn);
    }
    const left = store.draft().get("proving") ?? [];
    turn.draft.set(
      "proving",
      left.filter((one) => one.next !== next),
    );
    store.write(turn);
    this.#host.committed([]);
  }

  /** What is sent under the next right stands for what was sent under the former one. */
  async #passConversations(from: DeviceId, to: DeviceId): Promise<void> {
    const { workspace, store, peers } = this.#host;
    await Promise.all(
      idsOf(store.conversations).map((id) =>
        peers.conversation(workspace, id).passDevice(from, to),
      ),
    );
  }

  #marks(device: DeviceId): { stream: string; mark: StreamMark }[] {
    const { journal } = this.#host;
    const prefix = markKey(this.#host.store.device(device)?.streamsOf ?? device, "");
    return journal.newestKeys(prefix, MOVED_STREAMS_MAX).map((key) => ({
      stream: key.slice(prefix.length),
      mark: (journal.get(key) ?? EMPTY_MARK) as StreamMark, // such keys hold nothing else
    }));
  }
}

/** Whether a right is there to be led on by a proof: also one that was signed out while its proof was acted on. */
export function isLeft({ status, moved, isSignedOut }: DeviceRecord): boolean {
  return moved === undefined && (status === "active" || isSignedOut === true);
}

/** Ends a right by a proof, and notes which one takes its place and by what its browser is known. */
export function sealDevice(
  turn: Turn,
  record: DeviceRecord,
  { device, proof, at, next, keys }: Proving,
  { to, isAnotherPerson }: NonNullable<Proving["moving"]>,
): void {
  turn.changes.set(`device:${device}`, {
    ...record,
    status: "ended",
    moved: { visitor: to, device: next, isAnotherPerson },
    handover: handoverOf(proof, at, keys),
  });
}
