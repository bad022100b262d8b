import type { CompiledRules } from "../../domain/segments/compile.ts";
import { admit, beginAt, EMPTY_MARK, type StreamMark } from "../../domain/streams/marks.ts";
import { applyFact, type StoredItem } from "../../domain/visitors/apply-fact.ts";
import { applyMail } from "../../domain/visitors/apply-mail.ts";
import { openAfter } from "../../domain/visitors/conversation-list.ts";
import {
  PROPERTY_PREFIX,
  VisitorDraft,
  type Conversations,
  type HeldConversation,
  type Joined,
} from "../../domain/visitors/state.ts";
import { fact as factSchema, type Batch, type Fact, type Rejection } from "../../protocol/facts.ts";
import {
  asId,
  isId,
  type ConversationId,
  type DeliveryId,
  type DeviceId,
} from "../../protocol/ids.ts";
import type { Json } from "../../protocol/json.ts";
import { LIST_PAGE_SIZE } from "../../protocol/limits.ts";
import type { TimelinePage } from "../../protocol/operator-api.ts";
import type { TimelineItem } from "../../protocol/person.ts";
import type { ConversationState } from "../../protocol/visitor-frames.ts";
import { isUnproven } from "../../domain/identity/claims.ts";
import { CodedError } from "../../protocol/errors.ts";
import type { DeviceRecord, MailBeginning } from "../contracts.ts";
import { FAULT } from "../runtime/fault.ts";
import type { Journal } from "../runtime/journal.ts";
import { correctedAt, factContext, unseenDevice } from "./device-record.ts";
import { occurrenceOf, parseItems } from "./history.ts";
import { applyAnswer, applyGoals, applyReaction, applyWriting } from "./reactions.ts";
import { VisitorRules } from "./rules.ts";
import { Turn } from "./turn.ts";

export type Ingested = {
  through: number;
  rejected: Rejection[];
  /** What is new on the timeline; empty when every fact was seen before. */
  items: TimelineItem[];
  /** Whether the person's name or an identifier changed. */
  isRenamed: boolean;
};

/** Versions of what is known, and the newest that each destination wants. */
export type Versions = {
  now: number;
  wanted: { projection: number; label: number; deliveries: number };
};

const DEVICE_PREFIX = "device:";
const NO_CONVERSATIONS: Conversations = { open: null, list: [] };
const NO_VERSIONS: Versions = { now: 0, wanted: { projection: 0, label: 0, deliveries: 0 } };

/** One person's log of facts and what they add up to. Every change is one synchronous decision in one row. */
export class VisitorStore {
  readonly rules: VisitorRules;
  readonly #journal: Journal;
  readonly #storage: DurableObjectStorage;

  constructor(storage: DurableObjectStorage, journal: Journal) {
    this.#storage = storage;
    this.#journal = journal;
    this.rules = new VisitorRules(journal);
  }

  // Each of these keys is written only below, with these types.
  device(device: DeviceId): DeviceRecord | null {
    return (this.#journal.get(`device:${device}`) ?? null) as DeviceRecord | null;
  }
  devices(): (DeviceRecord & { id: DeviceId })[] {
    return this.#journal.keys(DEVICE_PREFIX).flatMap((key) => {
      const id = asId("dev", key.slice(DEVICE_PREFIX.length));
      const record = this.device(id);
      return record === null ? [] : [{ ...record, id }];
    });
  }
  get conversations(): Conversations {
    return (this.#journal.get("conversations") ?? NO_CONVERSATIONS) as Conversations;
  }
  get versions(): Versions {
    return (this.#journal.get("versions") ?? NO_VERSIONS) as Versions;
  }

  /** Whose this visitor is by now, where it was joined into another one. */
  get joined(): Joined | null {
    return (this.#journal.get("joined") ?? null) as Joined | null;
  }

  /** Whether this visitor was ever seen. */
  get isKnown(): boolean {
    return this.#journal.get("seen") !== undefined;
  }

  /** The current state, for reading. */
  draft(): VisitorDraft {
    return new VisitorDraft(this.#journal);
  }

  propertyKeys(): string[] {
    return this.#journal.keys(PROPERTY_PREFIX).map((key) => key.slice(PROPERTY_PREFIX.length));
  }

  turn(now: number): Turn {
    return new Turn(this.#journal, this.#storage.sql, now);
  }

  /**
   * Takes a batch: each fact once per (device, stream, n), each judged alone, all of them in one row together with
   * what they change.
   * @param record The device's record, where this batch brings a new one.
   * @param compiled The workspace's definitions; null while none can be read.
   * @param goesOn Whether a stream that is new here has begun under another right: what it has told before is settled there.
   */
  ingest(
    device: DeviceId,
    batch: Batch,
    receivedAt: number,
    record: DeviceRecord | null,
    compiled: CompiledRules | null,
    goesOn = false,
  ): Ingested {
    const known = record ?? this.device(device);
    const key = markKey(known?.streamsOf ?? device, batch.stream);
    const first = goesOn ? beginAt(firstNumber(batch)) : EMPTY_MARK;
    let mark = (this.#journal.get(key) ?? first) as StreamMark; // written only below
    const turn = this.turn(receivedAt);
    const rejected: Rejection[] = [];
    let taken = 0;
    for (const raw of batch.facts) {
      const n = raw["n"];
      if (typeof n !== "number" || !Number.isSafeInteger(n) || n < 1) {
        rejected.push({ n: 0, code: "invalid" });
        continue;
      }
      const admission = admit(mark, n);
      if (admission.kind === "beyond") rejected.push({ n, code: "stream_window" });
      if (admission.kind !== "new" && FAULT !== "no-dedupe") continue;
      if (admission.kind === "new") mark = admission.mark;
      taken++;
      const parsed = factSchema.safeParse(raw);
      const at = parsed.success ? correctedAt(parsed.data.at, batch.sentAt, receivedAt) : 0;
      // Settled, and told to the person who was there.
      if (parsed.success && known?.cameAt !== undefined && at < known.cameAt) continue;
      const flaw = parsed.success ? this.#apply(turn, parsed.data, at, known, compiled) : "invalid";
      if (flaw !== null) rejected.push({ n, code: flaw });
    }
    if (taken === 0 && record === null)
      return { through: mark.through, rejected, items: [], isRenamed: false };
    const isRenamed = hasRenamed(turn);
    turn.changes.set(key, mark);
    if (record !== null) turn.changes.set(`device:${device}`, record);
    const items = this.commit(turn, compiled);
    return { through: mark.through, rejected, items, isRenamed };
  }

  /**
   * Evaluates a turn and writes it: one row of the log with all that it changes, and its deliveries, or nothing at all.
   * @returns The new lines of the timeline.
   */
  commit(turn: Turn, compiled: CompiledRules | null): TimelineItem[] {
    this.#evaluate(turn, compiled);
    return turn.isEmpty ? [] : this.write(turn);
  }

  /** Ends a device's right; one that is still on its way here has ended before it comes. */
  endDevice(device: DeviceId, at: number): void {
    const record = this.device(device) ?? { ...unseenDevice(at), isAwaited: true as const };
    this.#journal.put([[`device:${device}`, { ...record, status: "ended", isSignedOut: true }]]);
  }

  /** Notes which conversation is open, before anything is said to it: a crash after this finds the same one. */
  openConversation(id: ConversationId, by: "visitor" | "operator" | "trigger", at: number): void {
    const { list } = this.conversations;
    const item: StoredItem = { type: "conversation", at, conversation: id, by };
    this.#journal.append(JSON.stringify([item]), null, [
      ["conversations", { open: id, list }],
      this.#versioned(1, "projection"),
    ]);
  }

  /**
   * Notes a conversation that somebody started by email, and what they call themselves where nothing better is known:
   * claims like any other. Noted once; nothing of it is a device's.
   */
  beginMail(
    id: ConversationId,
    { address, name }: MailBeginning,
    at: number,
    compiled: CompiledRules | null,
  ): TimelineItem[] {
    const { list } = this.conversations;
    if (list.some((one) => one.state.id === id)) return [];
    const turn = this.turn(at);
    applyMail(turn.draft, { address, name }, at);
    turn.draft.set("conversations", {
      open: id,
      list: [{ state: unheard(id), version: 0 }, ...list],
    });
    turn.items.push({ type: "conversation", at, conversation: id, by: "visitor" });
    return this.commit(turn, compiled);
  }

  /**
   * Takes what a conversation says of itself. Numbers are absolute: an older version changes nothing. Once this has
   * returned the conversation does not say it again, so it is written at once.
   * @returns New lines of the timeline; null when nothing was news.
   */
  conversationChanged(
    told: HeldConversation,
    now: number,
    compiled: CompiledRules | null,
  ): TimelineItem[] | null {
    const { state, version } = told;
    const { open, list } = this.conversations;
    const before = list.find((one) => one.state.id === state.id);
    if (before !== undefined && before.version >= version) return null;
    const others = list.filter((one) => one.state.id !== state.id);
    const next: Conversations = {
      open: openAfter(this.conversations, told),
      list: [{ ...before, ...told }, ...others],
    };
    const turn = this.turn(now);
    // What waits for an answer has the numbers of the open conversation.
    if (open === null || open === state.id) applyWriting(turn, before?.state.wrote ?? 0, state);
    if (open !== null && open !== next.open && turn.draft.get("unanswered")?.length)
      turn.draft.set("unanswered", []);
    turn.draft.set("conversations", next);
    this.#evaluate(turn, compiled);
    const isAlone =
      turn.items.length === 0 &&
      turn.draft.changes.size === 1 &&
      turn.changes.size === 0 &&
      !turn.deliveries.hasChanged;
    if (isAlone) {
      this.#journal.put([["conversations", next]]);
      return [];
    }
    return this.write(turn);
  }

  /** The person has answered a delivery. */
  answer(id: DeliveryId, now: number, compiled: CompiledRules | null): TimelineItem[] {
    const turn = this.turn(now);
    applyAnswer(turn, id, now);
    return this.commit(turn, compiled);
  }

  /** A page of the timeline, newest first; `before` is `seq.index` of the oldest item that is held already. */
  timelinePage(before: string | null): TimelinePage {
    const [seq, index] = (before ?? "").split(".").map(Number);
    const position = before === null ? null : { seq: seq ?? 0, index: index ?? 0 };
    const found = this.#timeline(position, LIST_PAGE_SIZE + 1);
    const items = found.slice(0, LIST_PAGE_SIZE);
    const last = items.at(-1);
    const nextBefore =
      found.length > items.length && last !== undefined ? `${last.seq}.${last.index}` : null;
    return { items, nextBefore };
  }

  /** Items before a position, newest first; `null` begins at the end. */
  #timeline(before: { seq: number; index: number } | null, limit: number): TimelineItem[] {
    const found: TimelineItem[] = [];
    let from = before === null ? this.#journal.lastSeq + 1 : before.seq + 1;
    while (found.length < limit) {
      const rows = this.#journal.before(from, limit);
      for (const row of rows) {
        const items = numbered(row.seq, parseItems(row.entry)).reverse();
        found.push(
          ...items.filter(
            (item) => before === null || item.seq < before.seq || item.index < before.index,
          ),
        );
      }
      const last = rows.at(-1);
      if (last === undefined) break;
      from = last.seq;
    }
    return found.slice(0, limit);
  }

  #apply(
    turn: Turn,
    fact: Fact,
    at: number,
    known: DeviceRecord | null,
    compiled: CompiledRules | null,
  ): Rejection["code"] | null {
    const unproven = isUnproven(fact, () => turn.draft.get("verified") ?? []);
    // Whether it may be taken is not known now; the sender still has it.
    if (unproven && compiled === null) throw new CodedError("overloaded");
    const mode = unproven ? compiled?.set.identityMode : undefined;
    if (mode === "enforce") return "unproven";
    if (fact.type === "reaction") {
      const { delivery, did } = fact;
      return isId("dlv", delivery) && applyReaction(turn, delivery, did, at) ? null : "invalid";
    }
    const placed = turn.draft.get("orders")?.ids ?? [];
    const outcome = applyFact(turn.draft, fact, at, factContext(known));
    if (!outcome.ok) return outcome.code;
    for (const item of outcome.items) {
      const isWarned = mode === "warn" && item.type === "identify";
      turn.items.push(isWarned ? { ...item, isUnproven: true } : item);
      const occurrence = occurrenceOf(item);
      if (occurrence === null) continue;
      turn.occurrences.push(occurrence);
      applyGoals(turn, occurrence, placed);
    }
    return null;
  }

  #evaluate(turn: Turn, compiled: CompiledRules | null): void {
    try {
      this.rules.advance(turn, compiled);
    } catch (error) {
      this.rules.forget();
      throw error;
    }
  }

  /** Writes a turn that no condition can be about. */
  write(turn: Turn): TimelineItem[] {
    // What was begun before the join and ends after it is the other visitor's to do again.
    if (this.joined !== null && !turn.draft.changes.has("joined")) return [];
    const isRenamed = hasRenamed(turn);
    const versions = this.#versioned(
      Math.max(1, turn.deliveries.versions),
      "projection",
      ...(isRenamed ? (["label"] as const) : []),
      ...(turn.deliveries.hasChanged ? (["deliveries"] as const) : []),
    );
    const changes = [...turn.draft.changes, ...turn.changes, versions];
    try {
      const seq = this.#storage.transactionSync(() => {
        turn.deliveries.write(this.versions.now + 1);
        return this.#journal.append(JSON.stringify(turn.items), null, changes);
      });
      return numbered(seq, turn.items);
    } catch (error) {
      this.rules.forget();
      throw error;
    }
  }

  /** What is known, so many versions on, wanted by these destinations. */
  #versioned(by: number, ...destinations: (keyof Versions["wanted"])[]): [string, Json] {
    const { now: before, wanted } = this.versions;
    const now = before + by;
    const next = { ...NO_VERSIONS.wanted, ...wanted };
    for (const name of destinations) next[name] = now;
    return ["versions", { now, wanted: next }];
  }
}

/** The first number of a batch. */
function firstNumber({ facts }: Batch): number {
  const isNumber = (n: unknown): n is number => Number.isSafeInteger(n) && Number(n) >= 1;
  const numbers = facts.map((fact) => fact["n"]).filter(isNumber);
  return numbers.length === 0 ? 1 : Math.min(...numbers);
}

/** The key of a stream's mark. */
export function markKey(device: DeviceId, stream: string): string {
  return `~${device}:${stream}`;
}

/** Whether what the person is called may have changed. */
function hasRenamed({ draft, isIntroduced }: Turn): boolean {
  return isIntroduced || ["claims", "verified", "contact"].some((key) => draft.changes.has(key));
}

/** A conversation that has not said anything of itself yet. */
function unheard(id: ConversationId): ConversationState {
  return {
    id,
    status: "open",
    through: 0,
    read: 0,
    unread: 0,
    preview: null,
    wrote: 0,
    answered: null,
  };
}

function numbered(seq: number, items: StoredItem[]): TimelineItem[] {
  return items.map((item, index) => ({ seq, index, ...item }));
}
