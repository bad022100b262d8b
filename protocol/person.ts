import type { ContactRoute } from "./contact.ts";
import type { PropertyValue } from "./facts.ts";
import type { Reaction } from "./conditions.ts";
import type {
  ConversationId,
  DeliveryId,
  DeviceId,
  OperatorId,
  SegmentId,
  TriggerId,
  VisitorId,
} from "./ids.ts";
import type { DeliveryState, SkipReason } from "./triggers.ts";

/** What operators see of one person. */

export type Money = { amountMinor: number; currency: string };

export type CartItem = {
  productId: string;
  name: string;
  quantity: number;
  priceMinor: number | null;
  url: string | null;
  imageUrl: string | null;
};
export type Cart = {
  items: CartItem[];
  currency: string | null;
  totalMinor: number;
  changedAt: number;
};

export type Search = { query: string; results: number | null; at: number };

export type DeviceKind = "desktop" | "phone" | "tablet";

export type Utm = Partial<Record<"source" | "medium" | "campaign" | "term" | "content", string>>;

/** Visits with no gap over 30 minutes. */
export type VisitSession = {
  startedAt: number;
  lastAt: number;
  /** Time the pages were in front of the person, in milliseconds. */
  activeMs: number;
  pages: number;
  landing: string | null;
  referrer: string | null;
  /** A word for where they came from: "Google search", "newsletter", "example.com", "Direct". */
  source: string;
  utm: Utm | null;
  device: DeviceKind;
  browser: string | null;
  os: string | null;
  country: string | null;
  language: string | null;
  timeZone: string | null;
  /** Whether the device had proven who uses it. */
  isProven: boolean;
};

export type CurrentPage = { url: string; title: string | null; since: number };

export type IdentifierKind = "email" | "phone" | "user_id";
/** Verified: the person has proven that it is theirs. Otherwise claimed: a label, and nothing more. */
export type Identifier = { kind: IdentifierKind; value: string; isVerified: boolean };

/**
 * How an identifier was proven: by a token or an HMAC that the customer's server made, or by a link or code of a mail that
 * was confirmed in that browser.
 */
export type ProofWay = "jwt" | "hmac" | "loop";

/** One browser of a person. */
export type PersonDevice = {
  id: DeviceId;
  kind: DeviceKind;
  browser: string | null;
  os: string | null;
  country: string | null;
  /** When it first came, or when it moved here. */
  since: number;
  /** Whether it may see this person's history; ended by a sign-out or a move. */
  isActive: boolean;
  /** Whether it has proven who uses it. */
  isProven: boolean;
};

export type PersonCard = {
  id: VisitorId;
  name: string | null;
  placeholder: string;
  identifiers: Identifier[];
  /** Where they are answered by mail. */
  contact?: ContactRoute | undefined;
  /** Newest first, the newest few. */
  devices: PersonDevice[];
  properties: { key: string; value: PropertyValue; at: number }[];
  firstSeenAt: number;
  lastSeenAt: number;
  isOnline: boolean;
  page: CurrentPage | null;
  session: VisitSession | null;
  sessions: number;
  /** The first session's source, for "first came from". */
  firstSource: string | null;
  searches: Search[];
  cart: Cart | null;
  wishlist: { productId: string; name: string; url: string | null }[];
  orders: { count: number; totals: Money[]; lastAt: number | null };
  events: { name: string; count: number; firstAt: number; lastAt: number }[];
  conversations: ConversationId[];
  openConversation: ConversationId | null;
  /** The side of the newest conversation that conditions ask for. */
  conversation: { unread: number; answeredAt: number | null; operator: OperatorId | null } | null;
  /** Saved segments that the person is in, and since when. */
  segments: { id: SegmentId; since: number }[];
  /** Per trigger, the newest instant of each reaction. */
  reactions: { trigger: TriggerId; at: Partial<Record<Reaction, number>> }[];
  /** Only as D1 keeps it, where lists were longer: this many of each are left. */
  cutTo?: number;
  version: number;
};

/** One line of the timeline. `seq` and `index` make its key and its cursor. */
export type TimelineItem = {
  seq: number;
  index: number;
  at: number;
} & (
  | {
      type: "page";
      url: string;
      title: string | null;
      name?: string;
      props?: Record<string, unknown>;
    }
  | { type: "track"; name: string; props: Record<string, unknown> }
  /** `isUnproven`: an identifier among them was claimed without a proof, while the workspace wants to be warned. */
  | { type: "identify"; changes: Record<string, unknown>; isUnproven?: true }
  | { type: "proved"; identifiers: { kind: IdentifierKind; value: string }[]; by: ProofWay }
  /** Somebody else has proven this identifier since. */
  | { type: "released"; kind: IdentifierKind; value: string; to: VisitorId }
  /** Another visitor turned out to be the same person, by what a device of theirs has proven. */
  | { type: "joined"; visitor: VisitorId; why: IdentifierKind }
  /** A device came from another visitor, or went there: its person had proven themselves, or somebody else did. */
  | {
      type: "moved";
      way: "came" | "left";
      visitor: VisitorId;
      why: "same_person" | "another_person";
    }
  | {
      type: "session";
      source: string;
      referrer: string | null;
      utm: Utm | null;
      landing: string | null;
    }
  | { type: "conversation"; conversation: ConversationId; by: "visitor" | "operator" | "trigger" }
  /** What a trigger decided. */
  | {
      type: "delivery";
      delivery: DeliveryId;
      trigger: TriggerId;
      name: string;
      variantName: string | null;
      action: "chat" | "popup" | "alert";
      state: DeliveryState;
      reason: SkipReason | null;
    }
  | {
      type: "reaction";
      delivery: DeliveryId;
      name: string;
      did: "seen" | "clicked" | "answered" | "closed" | "refused" | "goal";
    }
  | { type: "segment"; segment: SegmentId; name: string; entered: boolean }
);

/** Frames of an operator's socket to one visitor's object; the operator only listens. */
export type ToWatcher =
  | { t: "hello"; person: PersonCard }
  | { t: "person"; person: PersonCard }
  | { t: "timeline"; items: TimelineItem[] };

/** One row of the live board. */
export type PresentVisitor = {
  id: VisitorId;
  name: string | null;
  placeholder: string;
  email: string | null;
  page: CurrentPage | null;
  /** When this session started. */
  since: number;
  source: string;
  country: string | null;
  device: DeviceKind;
  lastSearch: Search | null;
  cart: { items: number; totalMinor: number; currency: string | null } | null;
  openConversation: ConversationId | null;
  /** Grows with every change. */
  version: number;
};
