import type {
  AssignedEntry,
  ClosedEntry,
  OperatorEntry,
  ReopenedEntry,
} from "../../../protocol/entries.ts";
import type { OperatorCard } from "../../../protocol/operators.ts";
import { dayNumber, type Zone } from "../words/times.ts";
import { keyOf, type Outbox, type OutboxItem } from "./outbox.ts";

/** The log as it is drawn: what one person wrote in one go is a group; days and changes stand between. */

export type Bubble = {
  /** Stays the same from the optimistic bubble to the logged entry. */
  key: string;
  /** Null while it is not acknowledged. */
  seq: number | null;
  at: number;
  text: string;
  /** The outbox's item, while it is not settled. */
  item: OutboxItem | null;
};

export type Group = {
  kind: "group";
  key: string;
  type: "message" | "note";
  /** Null is the visitor. */
  author: OperatorCard | null;
  isMine: boolean;
  bubbles: Bubble[];
};

export type SystemLine = {
  kind: "system";
  key: string;
  entry: AssignedEntry | ClosedEntry | ReopenedEntry;
};
export type Block =
  | Group
  | SystemLine
  | { kind: "day"; key: string; at: number }
  | { kind: "unread"; key: string };

/** A pause longer than this starts a new group. */
const GROUP_GAP_MS = 5 * 60_000;

export function blocksOf(
  entries: readonly OperatorEntry[],
  outbox: Outbox,
  me: OperatorCard,
  dividerAfter: number | null,
  zone: Zone,
): Block[] {
  const blocks: Block[] = [];
  let day: number | null = null;
  let isDivided = false;

  function startDay(at: number): void {
    const number = dayNumber(at, zone);
    if (number === day) return;
    day = number;
    blocks.push({ kind: "day", key: `day.${number}`, at });
  }

  function write(bubble: Bubble, type: Group["type"], author: OperatorCard | null): void {
    const open = blocks.at(-1);
    const isSame =
      open?.kind === "group" &&
      open.type === type &&
      open.author?.id === author?.id &&
      bubble.at - (open.bubbles.at(-1)?.at ?? 0) < GROUP_GAP_MS;
    if (isSame) open.bubbles.push(bubble);
    else {
      blocks.push({
        kind: "group",
        key: `group.${bubble.key}`,
        type,
        author,
        isMine: author?.id === me.id,
        bubbles: [bubble],
      });
    }
  }

  for (const entry of entries) {
    startDay(entry.at);
    if (!isDivided && dividerAfter !== null && entry.seq > dividerAfter && isOfVisitor(entry)) {
      isDivided = true;
      blocks.push({ kind: "unread", key: "unread" });
    }
    if (entry.type === "message" || entry.type === "note") {
      const author = entry.author.kind === "operator" ? entry.author.operator : null;
      write(
        { key: entry.key, seq: entry.seq, at: entry.at, text: entry.text, item: null },
        entry.type,
        author,
      );
    } else blocks.push({ kind: "system", key: `entry.${entry.seq}`, entry });
  }
  for (const item of outbox) {
    startDay(item.writtenAt);
    write(
      { key: keyOf(item), seq: null, at: item.writtenAt, text: item.text, item },
      item.kind,
      me,
    );
  }
  return blocks;
}

const isOfVisitor = (entry: OperatorEntry): boolean =>
  entry.type === "message" && entry.author.kind === "visitor";

/** The fate of what operators wrote: the newest message that the visitor has read, and a newer one not read yet. */
export type AnswerFate = { seen: number | null; sent: number | null };

export function answerFate(entries: readonly OperatorEntry[], readByVisitor: number): AnswerFate {
  let sent: number | null = null;
  for (let i = entries.length - 1; i >= 0; i--) {
    const entry = entries[i];
    if (entry?.type !== "message" || entry.author.kind !== "operator") continue;
    if (entry.seq <= readByVisitor) return { seen: entry.seq, sent };
    sent ??= entry.seq;
  }
  return { seen: null, sent };
}
