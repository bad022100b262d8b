import { admit, EMPTY_MARK, type StreamMark } from "../../domain/streams/marks.ts";
import type { ConversationStatus, VisitorLabel } from "../../protocol/conversation-frames.ts";
import type {
  Author,
  ChosenEmail,
  OperatorEntry,
  SentByTrigger,
  VisibleEntry,
} from "../../protocol/entries.ts";
import type { DeliveryId, VisitorId } from "../../protocol/ids.ts";
import type { Json } from "../../protocol/json.ts";
import type { OperatorCard } from "../../protocol/operators.ts";
import type { MomentContent } from "../../protocol/triggers.ts";
import { FAULT } from "../runtime/fault.ts";
import type { Journal, LogRow } from "../runtime/journal.ts";
import { forOperators, forVisitor, isSent, parseEntry, type StoredEntry } from "./entry.ts";
import { begun, changed, newHead, withMessage, withTriggerMessage, type Head } from "./head.ts";

/** What somebody sends: a message or a note, under their own number. */
export type Sending = {
  type: "message" | "note";
  /** The right it is sent under: a device or an operator. Streams of two holders never meet. */
  holder: string;
  author: Author;
  stream: string;
  n: number;
  text: string;
  /** The delivery that a visitor's message answers. */
  answers?: DeliveryId | undefined;
  /** Where an operator chose to send it by email too. */
  email?: ChosenEmail | undefined;
};

export type Sent =
  | {
      kind: "new";
      entries: { operator: OperatorEntry; visible: VisibleEntry | null }[];
      seq: number;
      visibleSeq: number;
      at: number;
    }
  | { kind: "again"; seq: number; visibleSeq: number; at: number }
  | { kind: "refused"; code: "client_id_conflict" | "stream_window" | "invalid" };

/** A stream's mark, and the row of its first entry: where the search for an old number begins. */
type StoredMark = StreamMark & { first: number };

/** Whose label the last one was, and its version there. */
type Labelled = { of: VisitorId; version: number };

/** Numbers of recent sendings, to answer a resend without looking into the log. */
const RECENT_MAX = 256;
const SEARCH_CHUNK = 200;

type Recent = { seq: number; visibleSeq: number; at: number; type: string; text: string };

/** The conversation's log and its sum. Every method that changes something is one synchronous decision. */
export class ConversationStore {
  readonly #journal: Journal;
  readonly #recent = new Map<string, Recent>();

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  get head(): Head | null {
    return (this.#journal.get("head") ?? null) as Head | null; // written only below
  }

  get visitor(): VisitorLabel | null {
    return (this.#journal.get("visitor") ?? null) as VisitorLabel | null; // written only below
  }

  get lastSeq(): number {
    return this.#journal.lastSeq;
  }

  begin(visitor: VisitorLabel, at: number, mail?: Head["mail"]): void {
    if (this.head === null)
      this.#journal.put([
        ["visitor", storedLabel(visitor)],
        ["head", { ...newHead(at), ...(mail === undefined ? {} : { mail }) }],
      ]);
  }

  /** True if the label was news. One that a newer one of the same visitor has overtaken is not. */
  describeVisitor(visitor: VisitorLabel, version: number): boolean {
    const head = this.head;
    if (head === null || JSON.stringify(this.visitor) === JSON.stringify(visitor)) return false;
    const known = this.#journal.get("labelled") as Labelled | undefined; // written only below
    if (known?.of === visitor.id && version < known.version) return false;
    const labelled: Labelled = { of: visitor.id, version };
    this.#journal.put([
      ["visitor", storedLabel(visitor)],
      ["labelled", labelled],
      ["head", changed(head, "inbox", "projection")],
    ]);
    return true;
  }

  /** Takes a message or note exactly once per (holder, stream, n). */
  send(sent: Sending, at: number): Sent {
    const sending = { ...sent, holder: this.#firstRight(sent.holder) };
    const key = `~${sending.holder}:${sending.stream}`;
    const stored = this.#journal.get(key) as StoredMark | undefined; // written only below
    const admission = admit(stored ?? EMPTY_MARK, sending.n);
    if (admission.kind === "beyond") return { kind: "refused", code: "stream_window" };
    if (admission.kind === "seen" && FAULT !== "no-dedupe")
      return this.#repeat(sending, stored?.first ?? 1);
    const entries: OperatorAndVisible[] = [];
    if (
      sending.type === "message" &&
      sending.author.kind === "visitor" &&
      this.#head().status === "closed"
    ) {
      entries.push(this.reopen(at));
    }
    const mark: StoredMark = {
      ...(admission.kind === "new" ? admission.mark : EMPTY_MARK),
      first: stored?.first ?? this.#journal.lastSeq + 1,
    };
    entries.push(this.#appendSent(sending, at, [key, mark]));
    const seq = this.#journal.lastSeq;
    const visibleSeq = this.#head().visibleSeq;
    this.#remember(sending, { seq, visibleSeq, at, type: sending.type, text: sending.text });
    if (
      sending.type === "message" &&
      sending.author.kind === "operator" &&
      this.#head().assignee === null
    ) {
      const { operator } = sending.author;
      entries.push(this.#assigned(operator, operator, null, at));
    }
    return { kind: "new", entries, seq, visibleSeq, at };
  }

  /** Takes what a trigger says, once per delivery. A closed conversation stays closed until somebody answers. */
  deliver(from: OperatorCard, sent: SentByTrigger, at: number): Sent {
    const sending: Sending = {
      type: "message",
      holder: "trigger",
      author: { kind: "operator", operator: from },
      stream: sent.delivery,
      n: 1,
      text: sayingOf(sent.content),
    };
    const key = `~${sending.holder}:${sending.stream}`;
    const stored = this.#journal.get(key) as StoredMark | undefined; // written only below and by `send`
    const admission = admit(stored ?? EMPTY_MARK, 1);
    if (admission.kind !== "new") return this.#repeat(sending, stored?.first ?? 1);
    const { text, author, holder } = sending;
    const head = withTriggerMessage(this.#head(), from, text, sent.delivery, at);
    const next = changed(head, "inbox", "visitor", "projection");
    const { visibleSeq } = next;
    const entry = this.append(
      { type: "message", at, visibleSeq, author, text, key: `${sending.stream}:1`, holder, sent },
      next,
      [key, { ...admission.mark, first: this.#journal.lastSeq + 1 }],
    );
    const seq = this.#journal.lastSeq;
    this.#remember(sending, { seq, visibleSeq, at, type: "message", text });
    return { kind: "new", entries: [entry], seq, visibleSeq, at };
  }

  assign(
    by: OperatorCard,
    to: OperatorCard | null,
    note: string | null,
    at: number,
  ): OperatorAndVisible | null {
    if ((this.#head().assignee?.id ?? null) === (to?.id ?? null)) return null;
    return this.#assigned(by, to, note, at);
  }

  setStatus(by: OperatorCard, status: ConversationStatus, at: number): OperatorAndVisible | null {
    const head = this.#head();
    if (head.status === status) return null;
    if (status === "closed") {
      const next = { ...head, status, waitingSince: null, lastAt: at };
      return this.append(
        { type: "closed", at, by },
        changed(next, "inbox", "visitor", "projection"),
      );
    }
    return this.append(
      { type: "reopened", at, by: { kind: "operator", operator: by } },
      this.#reopened(),
    );
  }

  /** The visitor has read up to a visible number. True if that was news. */
  readByVisitor(through: number): boolean {
    const head = this.#head();
    const visible = Math.min(through, head.visibleSeq);
    if (visible <= head.read.visitor.visible) return false;
    const seq = this.#journal.visibleAfter(visible - 1, 1)[0]?.seq ?? head.read.visitor.seq;
    const unread = visible === head.visibleSeq ? 0 : this.#countAfter(seq, "operator");
    this.#journal.put([
      [
        "head",
        changed(
          {
            ...head,
            read: { ...head.read, visitor: { visible, seq } },
            unread: { ...head.unread, visitor: unread },
          },
          "visitor",
        ),
      ],
    ]);
    return true;
  }

  /** An operator has read up to a number. True if that was news. */
  readByTeam(through: number): boolean {
    const head = this.#head();
    const seq = Math.min(through, this.#journal.lastSeq);
    if (seq <= head.read.team.seq) return false;
    const visible = this.#visibleAt(seq);
    if (visible <= head.read.team.visible) return false;
    const unread = visible === head.visibleSeq ? 0 : this.#countAfter(seq, "visitor");
    this.#journal.put([
      [
        "head",
        changed(
          {
            ...head,
            read: { ...head.read, team: { visible, seq } },
            unread: { ...head.unread, team: unread },
          },
          "inbox",
          "projection",
        ),
      ],
    ]);
    return true;
  }

  after(seq: number, limit: number): OperatorEntry[] {
    return this.#journal
      .after(seq, limit)
      .map((row) => forOperators(row.seq, parseEntry(row.entry)));
  }

  before(seq: number, limit: number): OperatorEntry[] {
    return this.#journal
      .before(seq, limit)
      .map((row) => forOperators(row.seq, parseEntry(row.entry)))
      .reverse();
  }

  visibleAfter(visible: number, limit: number): VisibleEntry[] {
    return this.#journal.visibleAfter(visible, limit).flatMap((row) => {
      const stored = parseEntry(row.entry);
      return stored.type === "message" ? [forVisitor(stored)] : [];
    });
  }

  /** Ends a device's right to this conversation, for good: a device that has ended never comes back. */
  revokeDevice(device: string): void {
    this.#journal.put([[`revoked:${device}`, true]]);
  }

  /** What a device sends under its next right counts as sent under its first one here. */
  passDevice(from: string, to: string): void {
    this.#journal.put([[`alias:${to}`, this.#firstRight(from)]]);
  }

  #firstRight(holder: string): string {
    const first = this.#journal.get(`alias:${holder}`);
    return typeof first === "string" ? first : holder;
  }

  isRevoked(device: string): boolean {
    return this.#journal.get(`revoked:${device}`) === true;
  }

  #assigned(
    by: OperatorCard,
    to: OperatorCard | null,
    note: string | null,
    at: number,
  ): OperatorAndVisible {
    const next = { ...this.#head(), assignee: to, lastAt: at };
    return this.append(
      { type: "assigned", at, by, to, note },
      changed(next, "inbox", "projection"),
    );
  }

  /** The visitor's mail opens a closed conversation again. */
  reopen(at: number): OperatorAndVisible {
    return this.append({ type: "reopened", at, by: { kind: "visitor" } }, this.#reopened());
  }

  #reopened(): Head {
    return changed({ ...this.#head(), status: "open" }, "inbox", "visitor", "projection");
  }

  #appendSent(sending: Sending, at: number, mark: [string, Json]): OperatorAndVisible {
    const { type, holder, author, text } = sending;
    const key = `${sending.stream}:${sending.n}`;
    const head = this.#head();
    if (type === "note") {
      const next = changed({ ...head, lastAt: at }, "inbox", "projection");
      return this.append({ type, at, author, text, key, holder }, next, mark);
    }
    const written = withMessage(head, author, text, this.#journal.lastSeq + 1, at);
    const next = changed(written, "inbox", "visitor", "projection");
    const { answers, email } = sending;
    const more = {
      ...(answers === undefined ? {} : { answers }),
      ...(email === undefined ? {} : { email }),
    };
    return this.append(
      { type, at, visibleSeq: next.visibleSeq, author, text, key, holder, ...more },
      next,
      mark,
    );
  }

  /** Appends one entry with the head it leads to and what else it changes. */
  append(stored: StoredEntry, head: Head, ...others: [string, Json][]): OperatorAndVisible {
    const visible = stored.type === "message" ? stored.visibleSeq : null;
    const seq = this.#journal.append(JSON.stringify(stored), visible, [["head", head], ...others]);
    return {
      operator: forOperators(seq, stored),
      visible: stored.type === "message" ? forVisitor(stored) : null,
    };
  }

  /** The answer to a number that was taken before: the same numbers, or a conflict if the content differs. */
  #repeat(sending: Sending, first: number): Sent {
    const found = this.#recent.get(recentKey(sending)) ?? this.#search(sending, first);
    if (found === null || found.type !== sending.type || found.text !== sending.text) {
      return { kind: "refused", code: "client_id_conflict" };
    }
    return { kind: "again", seq: found.seq, visibleSeq: found.visibleSeq, at: found.at };
  }

  /** Looks an old sending up in the log. At least `n - 64` of its stream's entries stand before it. */
  #search(sending: Sending, first: number): Recent | null {
    const key = `${sending.stream}:${sending.n}`;
    let from = first - 1 + Math.max(0, sending.n - 65);
    for (;;) {
      const rows: LogRow[] = this.#journal.after(from, SEARCH_CHUNK);
      for (const row of rows) {
        const stored = parseEntry(row.entry);
        if (isSent(stored) && stored.holder === sending.holder && stored.key === key) {
          return {
            seq: row.seq,
            visibleSeq: row.visible ?? 0,
            at: stored.at,
            type: stored.type,
            text: stored.text,
          };
        }
      }
      const last = rows.at(-1);
      if (last === undefined) return null;
      from = last.seq;
    }
  }

  #remember(sending: Sending, recent: Recent): void {
    this.#recent.set(recentKey(sending), recent);
    if (this.#recent.size > RECENT_MAX) {
      const oldest = this.#recent.keys().next().value;
      if (oldest !== undefined) this.#recent.delete(oldest);
    }
  }

  #countAfter(seq: number, by: Author["kind"]): number {
    let count = 0;
    for (const row of this.#journal.after(seq, Number.MAX_SAFE_INTEGER)) {
      const stored = parseEntry(row.entry);
      if (stored.type === "message" && stored.author.kind === by) count++;
    }
    return count;
  }

  /** The last visible number up to a row. */
  #visibleAt(seq: number): number {
    let from = seq + 1;
    for (;;) {
      const rows: LogRow[] = this.#journal.before(from, SEARCH_CHUNK);
      const found = rows.find((row) => row.visible !== null);
      if (found?.visible != null) return found.visible;
      const last = rows.at(-1);
      if (last === undefined) return 0;
      from = last.seq;
    }
  }

  #head(): Head {
    return begun(this.head);
  }
}

export type OperatorAndVisible = { operator: OperatorEntry; visible: VisibleEntry | null };

/** What a trigger's message says in plain text, for lists and mails. */
function sayingOf({ heading, text, button }: MomentContent): string {
  return [heading, text].filter((part) => part !== "").join("\n") || (button?.label ?? "");
}

function recentKey(sending: Sending): string {
  return `${sending.holder}:${sending.stream}:${sending.n}`;
}

function storedLabel({ contact, ...label }: VisitorLabel) {
  return contact === undefined ? label : { ...label, contact };
}
