import { admit, EMPTY_MARK, type StreamMark } from "../../domain/streams/marks.ts";
import { applyFact, type StoredItem } from "../../domain/visitors/apply-fact.ts";
import { PROPERTY_PREFIX, VisitorDraft } from "../../domain/visitors/state.ts";
import { fact as factSchema, type Batch, type Rejection } from "../../protocol/facts.ts";
import type { ConversationId, DeviceId } from "../../protocol/ids.ts";
import type { Json } from "../../protocol/json.ts";
import type { TimelineItem } from "../../protocol/person.ts";
import type { ConversationState } from "../../protocol/visitor-frames.ts";
import { FAULT } from "../runtime/fault.ts";
import type { Journal } from "../runtime/journal.ts";
import { correctedAt, type DeviceRecord } from "./device-record.ts";

/** The visitor's side of one conversation, with the version it was said at. */
export type HeldConversation = { state: ConversationState; version: number };
export type Conversations = { open: ConversationId | null; list: HeldConversation[] };

export type Ingested = {
  through: number;
  rejected: Rejection[];
  /** What is new on the timeline; empty when every fact was seen before. */
  items: TimelineItem[];
  /** Whether the person's name or an identifier changed. */
  isRenamed: boolean;
};

/** Versions of what is known, and the newest that each destination wants. */
export type Versions = { now: number; wanted: { projection: number; label: number } };

const NO_CONVERSATIONS: Conversations = { open: null, list: [] };
const NO_VERSIONS: Versions = { now: 0, wanted: { projection: 0, label: 0 } };

/** One person's log of facts and what they add up to. Every change is one synchronous decision in one row. */
export class VisitorStore {
  readonly #journal: Journal;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  // Each of these keys is written only below, with these types.
  device(device: DeviceId): DeviceRecord | null {
    return (this.#journal.get(`device:${device}`) ?? null) as DeviceRecord | null;
  }
  get conversations(): Conversations {
    return (this.#journal.get("conversations") ?? NO_CONVERSATIONS) as Conversations;
  }
  get versions(): Versions {
    return (this.#journal.get("versions") ?? NO_VERSIONS) as Versions;
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

  /**
   * Takes a batch: each fact once per (device, stream, n), each judged alone, all of them in one row together with
   * what they change.
   * @param record The device's record, where this batch brings a new one.
   */
  ingest(
    device: DeviceId,
    batch: Batch,
    receivedAt: number,
    record: DeviceRecord | null,
  ): Ingested {
    const known = record ?? this.device(device);
    const markKey = `~${device}:${batch.stream}`;
    let mark = (this.#journal.get(markKey) ?? EMPTY_MARK) as StreamMark; // written only below
    const draft = new VisitorDraft(this.#journal);
    const items: StoredItem[] = [];
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
      if (!parsed.success) {
        rejected.push({ n, code: "invalid" });
        continue;
      }
      const at = correctedAt(parsed.data.at, batch.sentAt, receivedAt);
      const outcome = applyFact(draft, parsed.data, at, {
        device: known?.device ?? { kind: "desktop", browser: null, os: null },
        country: known?.country ?? null,
        language: known?.language ?? null,
        timeZone: known?.timeZone ?? null,
      });
      if (outcome.ok) items.push(...outcome.items);
      else rejected.push({ n, code: outcome.code });
    }
    if (taken === 0 && record === null)
      return { through: mark.through, rejected, items: [], isRenamed: false };
    const isRenamed = draft.changes.has("claims");
    const changes: [string, Json][] = [
      ...draft.changes,
      [markKey, mark],
      this.#versioned("projection", ...(isRenamed ? (["label"] as const) : [])),
    ];
    if (record !== null) changes.push([`device:${device}`, record]);
    const seq = this.#journal.append(JSON.stringify(items), null, changes);
    return { through: mark.through, rejected, items: numbered(seq, items), isRenamed };
  }

  endDevice(device: DeviceId): void {
    const record = this.device(device);
    if (record !== null) this.#journal.put([[`device:${device}`, { ...record, status: "ended" }]]);
  }

  /** Notes which conversation is open, before anything is said to it: a crash after this finds the same one. */
  openConversation(id: ConversationId, by: "visitor" | "operator", at: number): void {
    const { list } = this.conversations;
    const item: StoredItem = { type: "conversation", at, conversation: id, by };
    this.#journal.append(JSON.stringify([item]), null, [
      ["conversations", { open: id, list }],
      this.#versioned("projection"),
    ]);
  }

  /**
   * Takes what a conversation says of itself. Numbers are absolute: an older version changes nothing. Once this has
   * returned the conversation does not say it again, so it is written at once.
   */
  conversationChanged(state: ConversationState, version: number): boolean {
    const { open, list } = this.conversations;
    const before = list.find((one) => one.state.id === state.id);
    if (before !== undefined && before.version >= version) return false;
    const held: HeldConversation = { state, version };
    const others = list.filter((one) => one.state.id !== state.id);
    const next: Conversations = { open: open ?? state.id, list: [held, ...others] };
    this.#journal.put([["conversations", next]]);
    return true;
  }

  /** Items before a position, newest first; `null` begins at the end. */
  timeline(before: { seq: number; index: number } | null, limit: number): TimelineItem[] {
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

  #versioned(...destinations: (keyof Versions["wanted"])[]): [string, Json] {
    const { now, wanted } = this.versions;
    const next = { ...wanted };
    for (const name of destinations) next[name] = now + 1;
    return ["versions", { now: now + 1, wanted: next }];
  }
}

function numbered(seq: number, items: StoredItem[]): TimelineItem[] {
  return items.map((item, index) => ({ seq, index, ...item }));
}

// Rows are written only above, from this type.
function parseItems(text: string): StoredItem[] {
  return JSON.parse(text) as StoredItem[];
}
