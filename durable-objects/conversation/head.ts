import type {
  ConversationStatus,
  ConversationSummary,
  VisitorLabel,
} from "../../protocol/conversation-frames.ts";
import type { AsideEntry, Author } from "../../protocol/entries.ts";
import type { ConversationWords } from "../../domain/visitors/state.ts";
import type { ConversationId, DeliveryId } from "../../protocol/ids.ts";
import type { OperatorCard } from "../../protocol/operators.ts";
import type { ConversationState } from "../../protocol/visitor-frames.ts";

/** How far one side has read: the visitor's numbering and the operators'. */
type Mark = { visible: number; seq: number };

/** What a conversation is now: the sum of its log, kept so that nobody has to add it up. */
export type Head = {
  status: ConversationStatus;
  assignee: OperatorCard | null;
  visibleSeq: number;
  last: ConversationSummary["last"];
  preview: ConversationState["preview"];
  /** Visible number of the visitor's last message. */
  wrote: number;
  /** The visitor's last message, cut: for their own list. */
  written?: { at: number; text: string };
  /** When an operator last wrote by hand, and who. */
  answered: ConversationState["answered"];
  /** Nobody but triggers has written yet: it is the visitor's alone, and no operator's list is told of it. */
  isQuiet: boolean;
  waitingSince: number | null;
  createdAt: number;
  /** Where the conversation is by email. */
  mail?: NonNullable<ConversationSummary["mail"]>;
  lastAt: number;
  read: { visitor: Mark; team: Mark };
  unread: { visitor: number; team: number };
  version: number;
  /** The newest version that matters to each destination. */
  wanted: Record<Destination, number>;
};

export type Destination = "inbox" | "visitor" | "projection";

/** Longest text kept in a list row or a preview bubble. */
const EXCERPT_MAX = 200;

export function newHead(at: number): Head {
  return {
    status: "open",
    assignee: null,
    visibleSeq: 0,
    last: null,
    preview: null,
    wrote: 0,
    answered: null,
    isQuiet: false,
    waitingSince: null,
    createdAt: at,
    lastAt: at,
    read: { visitor: { visible: 0, seq: 0 }, team: { visible: 0, seq: 0 } },
    unread: { visitor: 0, team: 0 },
    version: 0,
    wanted: { inbox: 0, visitor: 0, projection: 0 },
  };
}

/** The head of a conversation that has begun. */
export function begun(head: Head | null): Head {
  if (head === null) throw new Error("the conversation was never begun");
  return head;
}

/** Those of the destinations that hear of a conversation as it is now. */
export function hearing(head: Head, destinations: Destination[]): Destination[] {
  return head.isQuiet ? destinations.filter((name) => name === "visitor") : destinations;
}

/** The head one version on, wanted by these destinations. */
export function changed(head: Head, ...destinations: Destination[]): Head {
  const version = head.version + 1;
  const wanted = { ...head.wanted };
  for (const name of hearing(head, destinations)) wanted[name] = version;
  return { ...head, version, wanted };
}

/** The head after a message that got these numbers. Who writes has read what stands before. */
export function withMessage(
  head: Head,
  author: Author,
  text: string,
  seq: number,
  at: number,
): Head {
  const visible = head.visibleSeq + 1;
  const excerpt = text.slice(0, EXCERPT_MAX).toWellFormed();
  const mark = { visible, seq };
  const shared = { ...head, visibleSeq: visible, lastAt: at, isQuiet: false };
  if (author.kind === "visitor") {
    return {
      ...shared,
      last: { author, text: excerpt, at },
      wrote: visible,
      written: { at, text: excerpt },
      waitingSince: head.waitingSince ?? at,
      read: { ...head.read, visitor: mark },
      unread: { visitor: 0, team: head.unread.team + 1 },
    };
  }
  const { operator } = author;
  return {
    ...shared,
    last: { author: { kind: "operator", id: operator.id, name: operator.name }, text: excerpt, at },
    preview: { author: operator, text: excerpt, at, seq: visible },
    answered: { at, by: operator.id },
    waitingSince: null,
    read: { ...head.read, team: mark },
    unread: { visitor: head.unread.visitor + 1, team: 0 },
  };
}

/** The head after a message by mail that nobody vouches for, or that a machine passed on: it sets nothing off. */
export function withSilentMessage(
  head: Head,
  author: Author,
  text: string,
  seq: number,
  at: number,
): Head {
  return { ...withMessage(head, author, text, seq, at), wrote: head.wrote };
}

/** The head after a mail that is not the visitor's. What a person may have written waits to be looked at. */
export function withAside(head: Head, why: AsideEntry["why"], from: string, at: number): Head {
  if (why === "automatic" || why === "bounce") return { ...head, lastAt: at };
  const text = `Mail from ${from === "" ? "somebody unknown" : from} (not verified)`;
  return {
    ...head,
    lastAt: at,
    last: { author: { kind: "visitor" }, text: text.slice(0, EXCERPT_MAX), at },
    waitingSince: head.waitingSince ?? at,
  };
}

/** The head after a trigger's message that got this visible number: it answers nobody and nobody has read by it. */
export function withTriggerMessage(
  head: Head,
  from: OperatorCard,
  text: string,
  delivery: DeliveryId,
  at: number,
): Head {
  const visible = head.visibleSeq + 1;
  const excerpt = text.slice(0, EXCERPT_MAX).toWellFormed();
  return {
    ...head,
    visibleSeq: visible,
    lastAt: at,
    isQuiet: head.isQuiet || head.visibleSeq === 0,
    last: { author: { kind: "operator", id: from.id, name: from.name }, text: excerpt, at },
    preview: { author: from, text: excerpt, at, seq: visible, delivery },
    unread: { ...head.unread, visitor: head.unread.visitor + 1 },
  };
}

export function summaryOf(
  id: ConversationId,
  visitor: VisitorLabel,
  head: Head,
  seq: number,
): ConversationSummary {
  const { mail } = head;
  return {
    id,
    visitor,
    status: head.status,
    assignee: head.assignee,
    seq,
    visibleSeq: head.visibleSeq,
    last: head.last,
    waitingSince: head.waitingSince,
    unread: head.unread.team,
    createdAt: head.createdAt,
    ...(mail === undefined ? {} : { mail }),
    lastAt: head.lastAt,
    version: head.version,
  };
}

export function stateForVisitor(id: ConversationId, head: Head): ConversationState {
  return {
    id,
    status: head.status,
    through: head.visibleSeq,
    read: head.read.visitor.visible,
    unread: head.unread.visitor,
    preview: head.preview,
    wrote: head.wrote,
    answered: head.answered,
  };
}

/** What the visitor's own list shows: built from what they can read, never from the operators' last line. */
export function wordsForVisitor({ written, mail }: Head): ConversationWords {
  return { own: written ?? null, subject: mail?.subject ?? null };
}
