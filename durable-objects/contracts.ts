import type {
  ConversationStatus,
  ConversationSummary,
  VisitorLabel,
} from "../protocol/conversation-frames.ts";
import type { Occurrence } from "../domain/segments/person-view.ts";
import type { Device } from "../domain/sessions/device.ts";
import type { Estate } from "../domain/identity/joining.ts";
import type { Handover, Moved } from "../domain/identity/handover.ts";
import type { Proof } from "../domain/identity/proof.ts";
import type { Verified } from "../domain/identity/proving.ts";
import type { StoredItem } from "../domain/visitors/apply-fact.ts";
import type { ConversationWords } from "../domain/visitors/state.ts";
import type { StreamMark } from "../domain/streams/marks.ts";
import type { Team } from "../domain/triggers/firing.ts";
import type { Condition } from "../protocol/conditions.ts";
import type {
  AsideEntry,
  OperatorEntry,
  ReceivedMail,
  SentByTrigger,
} from "../protocol/entries.ts";
import type { Contact, ContactChange } from "../protocol/contact.ts";
import type { Batch, Rejection } from "../protocol/facts.ts";
import type {
  ConversationId,
  DeliveryId,
  DeviceId,
  JobId,
  OperatorId,
  VisitorId,
} from "../protocol/ids.ts";
import type { MailFate } from "../protocol/jobs.ts";
import type { Alert } from "../protocol/inbox-frames.ts";
import type { EntryPage, OpenedConversation, TimelinePage } from "../protocol/operator-api.ts";
import type { Explanation } from "../protocol/segments-api.ts";
import type { MomentPreview } from "../protocol/triggers-api.ts";
import type { OperatorCard, OperatorStatus } from "../protocol/operators.ts";
import type {
  CurrentPage,
  IdentifierKind,
  PersonCard,
  PresentVisitor,
} from "../protocol/person.ts";
import type { Action, Delivery, MomentContent, Moments } from "../protocol/triggers.ts";
import type {
  BootRequest,
  ConversationState,
  OpenConversation,
} from "../protocol/visitor-frames.ts";

/** A delivery with what it says, filled in when it was decided. */
export type HeldDelivery = Delivery & {
  content: MomentContent | null;
  alert: string | null;
  from: OperatorCard | null;
  /** The conversation that it may stand in already, where a join came between its going there and its being noted. */
  into?: ConversationId;
};

/**
 * What each object offers to the Worker and to its peers. Objects never import each other: they know these
 * contracts and reach one another through bindings.
 */

/** What the edge knows of a request, beside what the page says. */
export type Surroundings = { country: string | null; userAgent: string };

/** What is known of a device: said once at its boot, kept for every batch that follows. */
export type DeviceRecord = {
  status: "active" | "ended";
  since: number;
  device: Device;
  country: string | null;
  language: string | null;
  timeZone: string | null;
  /** When it last proved who uses it. */
  provenAt?: number;
  /** The right that it has got elsewhere; this one has ended. */
  moved?: Moved;
  handover?: Handover;
  /** The page, or another tab, has ended its right: it leads nowhere, also where something was proven with it before. */
  isSignedOut?: true;
  /** A proof that was not its own has ended its right: whoever uses it starts anew, with what they have not sent yet. */
  isSealed?: true;
  /** Visitors that it came from as the same person, the newest last. */
  formerly?: VisitorId[];
  /** When it came from somebody else's hands: what happened in it before that is not this person's. */
  cameAt?: number;
  /** It was signed out before it came from elsewhere; what was proven with it is still to come. */
  isAwaited?: true;
  /** The right under whose name the marks of its streams are kept, where it is not this one: the first one here. */
  streamsOf?: DeviceId;
};

export type BootInput = {
  device: DeviceId;
  batch: Batch;
  /** The secrets of the proofs that the browser has made, and the ticket of a link that led to the page. */
  secrets?: readonly string[];
  /** The browser had another right until now, and its page goes on as somebody new: after these, if they are the same. */
  anew?: { formerly: VisitorId[] } | undefined;
  client: BootRequest["client"];
  surroundings: Surroundings;
};
/**
 * `moved`: the device has got another right in place of this one; `isWaiting`: it is about to, or may be told in a moment;
 * `formerly`: whoever uses it starts anew, and is who they were.
 */
export type BootOutcome =
  | { isEnded: true; moved?: Moved; isWaiting?: true; formerly?: VisitorId[] }
  | {
      isEnded: false;
      formerly: VisitorId[];
      conversation: OpenConversation | null;
      contact: Contact;
      moments: Moments;
      through: number;
      rejected: Rejection[];
    };

export type IngestOutcome =
  | { isEnded: true }
  | { isEnded: false; through: number; rejected: Rejection[] };

/** What became of a device that has proven who uses it. */
export type ProveOutcome =
  | { kind: "ended" }
  /** It is noted and happens as soon as it can; a boot tells. */
  | { kind: "waiting" }
  /** It was known already: nothing has changed. */
  | { kind: "here" }
  /** It has another right now, at this visitor or at another one. */
  | ({ kind: "moved" } & Moved);

/** A link by which a device goes on: the one that has made it, or the address that it was mailed to. */
export type LinkOrigin = { device: DeviceId | null; address: string | null };

/** What a link may do with a device. `here`: it has the right already. `own`: it has something of its own, and keeps it. */
export type Standing = "here" | "free" | "own" | "ended";

/**
 * How a device comes by a link: its next right, the right that made the link or the address that it was mailed to, and the
 * hash of its ticket, by which boot knows the browser should the address be proven, and the right renewed, at once.
 */
export type Passage = {
  device: DeviceId;
  maker: DeviceId | null;
  address: string | null;
  key: string;
};

/** A device without a right of its own that comes by a link. */
export type Admission = Passage & {
  client: BootRequest["client"];
  surroundings: Surroundings;
};

/** A device that comes from another visitor, with the marks of what has arrived of its streams. */
export type DeviceArrival = {
  device: DeviceId;
  record: DeviceRecord;
  proof: Proof;
  /** When it was proven. */
  at: number;
  from: VisitorId;
  isAnotherPerson: boolean;
  /** What it looks at; null where its whole visitor comes along. */
  page: CurrentPage | null;
  isJoin: boolean;
  /** Hashes of secrets of the browser. */
  keys: string[];
  marks: { stream: string; mark: StreamMark }[];
};

/** A part of what a joined visitor leaves: its log in order, and with the last part everything else. */
export type Inheritance = {
  from: VisitorId;
  /** Numbers of the former log: what follows `after`, up to `through`. */
  after: number;
  through: number;
  items: StoredItem[];
  rest: null | {
    at: number;
    why: IdentifierKind;
    estate: Estate;
    verified: Verified[];
    deliveries: HeldDelivery[];
    /** How far it had inherited from others itself. */
    inherited: { from: VisitorId; through: number; isDone: boolean }[];
  };
};

export interface VisitorContract {
  /** `fetch` accepts sockets: a page (header `x-parley-device`) or a watching operator (`x-parley-session`). */
  fetch(request: Request): Promise<Response>;
  boot(input: BootInput): Promise<BootOutcome>;
  ingest(device: DeviceId, batch: Batch): Promise<IngestOutcome>;
  /** Ends the device's right; resolves when each of its sockets, here and on conversations, is closed. */
  reset(device: DeviceId): Promise<void>;
  /**
   * A device has proven who uses it. Resolves when it has the right that follows, and no other.
   * @param next A secret of the browser that proves: with it, boot leads from this right to the next one.
   */
  prove(device: DeviceId, proof: Proof, next?: string): Promise<ProveOutcome>;
  adopt(arrival: DeviceArrival): Promise<void>;
  /** Which visitor a link leads to by now; null where it leads nowhere any more. */
  leadsTo(link: LinkOrigin): Promise<VisitorId | null>;
  /** What a link to a visitor may do with a device of this one. */
  standing(device: DeviceId, to: VisitorId): Promise<Standing>;
  /** A device goes to another visitor by a link, under its next right, unless it has something of its own. */
  goOn(device: DeviceId, to: VisitorId, passage: Passage): Promise<Standing>;
  /**
   * A device without a right comes by a link. Told again it changes nothing.
   * @returns Where it is then; null where the link has ended meanwhile.
   */
  admit(admission: Admission): Promise<{ visitor: VisitorId; device: DeviceId } | null>;
  /** Takes over a part of what a joined visitor leaves, each part once. @returns The number up to which it has all. */
  inherit(part: Inheritance): Promise<number>;
  /** Another visitor has proven an identifier that may be this one's. */
  release(kind: IdentifierKind, value: string, to: VisitorId): Promise<void>;
  /** Takes what the person has chosen about mails; null where the device's right has ended. */
  chooseContact(device: DeviceId, change: ContactChange): Promise<Contact | null>;
  /** A mail went to an address that was typed into the chat, with a code that proves it. */
  noteContactCode(address: string): Promise<void>;
  /** Whoever reads the mails of an address does not want everything there. */
  stopEverything(address: string): Promise<void>;
  /** Whether the person has a page of the site open. */
  isHere(): Promise<boolean>;
  /** Visitors that were joined into this one, at most MOVES_FOLLOWED_MAX. */
  joinedVisitors(): Promise<VisitorId[]>;
  /** Null when no such visitor was ever seen. */
  card(): Promise<PersonCard | null>;
  timeline(before: string | null): Promise<TimelinePage | null>;
  /** The open conversation, started or reopened if there is none. Null when no such visitor was ever seen. */
  openConversation(): Promise<OpenedConversation | null>;
  /** Begins a conversation that somebody started by email. The same one begins once; no device gains anything. */
  beginMail(conversation: ConversationId, beginning: MailBeginning): Promise<void>;
  /** Said by a conversation: absolute numbers, so that order and repetition do not matter. */
  conversationChanged(
    state: ConversationState,
    version: number,
    words: ConversationWords,
  ): Promise<void>;
  confirmProjection(version: number): Promise<void>;
  endSession(session: string): Promise<void>;

  /** Decides what is due, once, however often it is asked. */
  evaluate(team: Team): Promise<void>;
  /** Looks at the newest definitions, at everything that time alone may have changed, and projects what it finds. */
  refresh(): Promise<void>;
  confirmDeliveries(version: number): Promise<void>;
  /** Newest first, the last few hundred. Null when no such visitor was ever seen. */
  deliveries(): Promise<Delivery[] | null>;
  /** Whether a condition holds for this person now. */
  matches(condition: Condition): Promise<boolean | null>;
  explain(condition: Condition): Promise<Explanation | null>;
  /** The newest times that an event happened. */
  occurrences(name: string, limit: number): Promise<Occurrence[]>;
  /** What this person would be shown. */
  preview(action: Action): Promise<MomentPreview | null>;
}

/** Who writes by email, and what about. The name is what they call themselves. */
export type MailBeginning = { address: string; name: string; subject: string; isProven: boolean };

/** A mail to one conversation, read and judged. */
export type ArrivedMail = {
  /** The same for the same mail, however often it comes. */
  key: string;
  /** Null where the mail is the participant's message. */
  aside: AsideEntry["why"] | null;
  text: string;
  mail: ReceivedMail;
  /** Sent on by a mailing list: it reopens nothing and sets off nothing. */
  isList: boolean;
  messageId: string | null;
};
/** What became of the mail that a job sent for a message. */
export type MailTold = {
  job: JobId;
  message: number;
  fate: MailFate;
  code: string | null;
  /** With the fate `held`: when its address may get the next mail. */
  until?: number;
};
export type MailReception =
  | { ok: true; seq: number }
  | { ok: false; code: "rate_limited" | "not_found" };

export type ReceivedMessage =
  | { ok: true; seq: number; at: number }
  | { ok: false; code: "client_id_conflict" | "stream_window" | "invalid" | "ended" };

export interface ConversationContract {
  /** `fetch` accepts sockets, see the headers in runtime/sockets. */
  fetch(request: Request): Promise<Response>;
  /** Makes the conversation if it is new. Said by the visitor's object before anything else. */
  begin(visitor: VisitorLabel, mail?: MailBeginning): Promise<void>;
  /** A visitor's message that came through the visitor's object. */
  receive(
    device: DeviceId,
    message: { stream: string; n: number; text: string; answers?: DeliveryId },
  ): Promise<ReceivedMessage>;
  /**
   * Puts what a trigger says into the thread, once per delivery, and answers with its numbers. It assigns nobody and
   * counts as read by nobody.
   */
  deliver(from: OperatorCard, sent: SentByTrigger): Promise<{ seq: number; at: number }>;
  /** Takes a mail once per key. */
  receiveMail(mail: ArrivedMail): Promise<MailReception>;
  /** What became of a mail. Told again, late or in another order it changes nothing. */
  mailed(told: MailTold): Promise<void>;
  /** Sends a message again whose mail did not arrive, or may not have. Null when there is none. */
  mailAgain(by: OperatorCard, message: number): Promise<ConversationSummary | null>;
  /** Takes a mail that nobody vouches for as the visitor's, once. Null when no such conversation was ever begun. */
  acceptMail(by: OperatorCard, seq: number): Promise<ConversationSummary | null>;
  /** Whom a message went to as a mail; null when it did not. */
  mailedTo(message: number): Promise<string | null>;
  /** The mail that an entry came as; null when it did not. */
  receivedMail(seq: number): Promise<ReceivedMail | null>;
  describeVisitor(visitor: VisitorLabel, version: number): Promise<void>;
  /** Looks at what time alone may have made due. */
  refresh(): Promise<void>;
  /** Null when no such conversation was ever begun. */
  summary(): Promise<ConversationSummary | null>;
  entries(before: number | null): Promise<EntryPage | null>;
  assign(
    by: OperatorCard,
    to: OperatorCard | null,
    note: string | null,
  ): Promise<ConversationSummary | null>;
  setStatus(by: OperatorCard, status: ConversationStatus): Promise<ConversationSummary | null>;
  /** The cursor moves to `through` only if nothing before `from` is still unconfirmed. */
  confirmProjection(from: number, through: number, version: number): Promise<void>;
  endDevice(device: DeviceId): Promise<void>;
  /** A device goes on under another right: what arrived under the former one has arrived under this one. */
  passDevice(from: DeviceId, to: DeviceId): Promise<void>;
  endSession(session: string): Promise<void>;
  /** Everything after a number, for recovery and audits. */
  log(after: number, limit: number): Promise<OperatorEntry[]>;
}

/** What an operator's session may hold open, so that it can be closed everywhere at once. */
export type SessionHold =
  | { kind: "conversation"; id: ConversationId }
  | { kind: "visitor"; id: VisitorId };

export type TeamPresence = Team;

export interface InboxContract {
  /** `fetch` accepts the operators' sockets. */
  fetch(request: Request): Promise<Response>;
  /** A new or changed operator of the workspace. */
  operatorChanged(operator: OperatorCard, status: OperatorStatus): Promise<void>;
  /** An operator left the workspace: every socket of every session of theirs is closed before this resolves. */
  operatorRemoved(operator: OperatorId): Promise<void>;
  /** Notes that a session opens a socket on an object. False when the session has ended. */
  hold(session: string, operator: OperatorId, hold: SessionHold): Promise<boolean>;
  /** Ends a session; resolves when every socket it held anywhere is closed. */
  endSession(session: string): Promise<void>;
  conversationChanged(summary: ConversationSummary): Promise<void>;
  /** Who is there; of those online the least busy first. */
  team(): Promise<TeamPresence>;
  /** Shows an alert to every operator, once per delivery. */
  alert(alert: Alert): Promise<void>;
  /** Operators have linked these visitors by hand, or some of them, or undone it. */
  linksChanged(visitors: VisitorId[]): Promise<void>;
  /** Said by presence shards. Answers whether anybody looks at the live board. */
  visitorsChanged(present: PresentVisitor[], gone: VisitorId[]): Promise<boolean>;
}

export interface PresenceContract {
  /** A visitor is on the site until the lease ends, by the product's clock. */
  present(visitor: PresentVisitor, leaseUntil: number): Promise<void>;
  /** Who is here now, and how many, of which at most BOARD_MAX_VISITORS are listed. */
  list(): Promise<{ present: PresentVisitor[]; total: number }>;
  /** Somebody looks at the live board: changes are told to the Inbox from now on. */
  watch(): Promise<void>;
}

export interface ThrottleContract {
  /** Takes one token from a named bucket. Loss-tolerant: a lost state only forgets what was taken. */
  take(bucket: string, burst: number, perMinute: number): Promise<boolean>;
}

/** Headers by which the Worker tells an object whose socket it forwards. Never taken from outside. */
export const SOCKET_HEADERS = {
  device: "x-parley-device",
  session: "x-parley-session",
  operator: "x-parley-operator",
  /** An address that is known to be the visitor's, where a mail may be sent on purpose. */
  mailTo: "x-parley-mail-to",
  /** After how many milliseconds unread answers go there by themselves; 0 for never. */
  copyAfter: "x-parley-copy-after",
  /** A keyed hash of the address prefix, for throttling first messages; never an address. */
  network: "x-parley-network",
} as const;
