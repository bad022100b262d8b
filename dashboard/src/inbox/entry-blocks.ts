import type {
  AsideEntry,
  AssignedEntry,
  BrakedEntry,
  ChosenEmail,
  ClosedEntry,
  MailedEntry,
  OperatorEntry,
  ReceivedMail,
  ReopenedEntry,
  SentByTrigger,
} from "../../../protocol/entries.ts";
import type { DeliveryId } from "../../../protocol/ids.ts";
import type { OperatorCard } from "../../../protocol/operators.ts";
import { dayNumber, type Zone } from "../words/times.ts";
import { keyOf, type Outbox, type OutboxItem } from "./outbox.ts";

/**
 * The log as it is drawn: what one person wrote in one go is a group; days and changes stand between. What a trigger
 * sent stands by itself, so that nobody takes it for what the operator wrote.
 */

export type Bubble = {
  /** Stays the same from the optimistic bubble to the logged entry. */
  key: string;
  /** Null while it is not acknowledged. */
  seq: number | null;
  at: number;
  text: string;
  /** The outbox's item, while it is not settled. */
  item: OutboxItem | null;
  /** What a trigger sent. */
  sent?: SentByTrigger;
  answers?: Answered;
  /** Where it came by email. */
  mail?: ReceivedMail;
  /** Who took a mail that nobody vouches for as the person's. */
  acceptedBy?: OperatorCard;
  /** Where an operator chose to send it by email too. */
  email?: ChosenEmail;
  /** What became of it as a mail. */
  mailed?: MailedEntry;
};

/** What a visitor's message answers; `sent` is null where that stands further back than what is loaded. */
export type Answered = { delivery: DeliveryId; sent: SentByTrigger | null };

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
  entry: AssignedEntry | ClosedEntry | ReopenedEntry | BrakedEntry;
};
export type Block =
  | Group
  | SystemLine
  | { kind: "aside"; key: string; entry: AsideEntry }
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
  const sent = new Map(
    entries.flatMap((entry) =>
      entry.type === "message" && entry.sent !== undefined
        ? [[entry.sent.delivery, entry.sent] as const]
        : [],
    ),
  );

  // Entries stand in their order: the last one for a message is its newest.
  const fates = new Map(
    entries.flatMap((entry) => (entry.type === "mailed" ? [[entry.message, entry] as const] : [])),
  );

  const accepted = new Map(
    entries.flatMap((entry) => {
      if (entry.type === "accepted") return [[entry.message, entry.by] as const];
      if (entry.type !== "message" || entry.accepted === undefined) return [];
      const { aside, by } = entry.accepted;
      return [[aside, by] as const, [entry.seq, by] as const];
    }),
  );

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
      bubble.sent === undefined &&
      open.bubbles.every((each) => each.sent === undefined) &&
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
    if (entry.type === "mailed" || entry.type === "accepted") continue;
    // Taken as the person's: it stands as a message now.
    if (entry.type === "aside" && accepted.has(entry.seq)) continue;
    startDay(entry.at);
    if (!isDivided && dividerAfter !== null && entry.seq > dividerAfter && isOfVisitor(entry)) {
      isDivided = true;
      blocks.push({ kind: "unread", key: "unread" });
    }
    if (entry.type === "message" || entry.type === "note") {
      const author = entry.author.kind === "operator" ? entry.author.operator : null;
      const bubble = { key: entry.key, seq: entry.seq, at: entry.at, text: entry.text, item: null };
      write({ ...bubble, ...originOf(entry) }, entry.type, author);
    } else if (entry.type === "aside") {
      blocks.push({ kind: "aside", key: `entry.${entry.seq}`, entry });
    } else blocks.push({ kind: "system", key: `entry.${entry.seq}`, entry });
  }
  for (const item of outbox) {
    startDay(item.writtenAt);
    write(
      {
        key: keyOf(item),
        seq: null,
        at: item.writtenAt,
        text: item.text,
        item,
        ...(item.email === undefined ? {} : { email: item.email }),
      },
      item.kind,
      me,
    );
  }
  return blocks;

  function originOf(
    entry: OperatorEntry,
  ): Pick<Bubble, "sent" | "answers" | "mail" | "acceptedBy" | "email" | "mailed"> {
    if (entry.type !== "message") return {};
    const { answers, mail, email } = entry;
    const mailed = fates.get(entry.seq);
    const acceptedBy = accepted.get(entry.seq);
    return {
      ...(mail === undefined ? {} : { mail }),
      ...(acceptedBy === undefined ? {} : { acceptedBy }),
      ...(email === undefined ? {} : { email }),
      ...(mailed === undefined ? {} : { mailed }),
      ...(entry.sent === undefined ? {} : { sent: entry.sent }),
      ...(answers === undefined
        ? {}
        : { answers: { delivery: answers, sent: sent.get(answers) ?? null } }),
    };
  }
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
