import type { Json } from "../../protocol/json.ts";
import type { PropertyValue } from "../../protocol/facts.ts";
import type {
  Cart,
  CurrentPage,
  IdentifierKind,
  Search,
  VisitSession,
} from "../../protocol/person.ts";
import type { Reaction } from "../../protocol/conditions.ts";
import {
  asId,
  type ConversationId,
  type DeliveryId,
  type DeviceId,
  type TriggerId,
  type VisitorId,
} from "../../protocol/ids.ts";
import type { Goal, SkipReason } from "../../protocol/triggers.ts";
import type { ConversationState } from "../../protocol/visitor-frames.ts";
import type { Firing, TriggerRecord } from "../triggers/firing.ts";
import type { Orders, Wishlist } from "../commerce/cart.ts";
import type { HeldContact } from "../identity/contact.ts";
import type { Proof } from "../identity/proof.ts";
import type { Claiming, Proving, Verified } from "../identity/proving.ts";

/** What is known of one visitor, by key. Every value is absolute, so replaying a change does no harm. */
export type VisitorState = {
  seen: { firstAt: number; lastAt: number; sessions: number; firstSource: string | null };
  claims: { name?: string; email?: string; phone?: string; userId?: string };
  /** Where they want to be answered by mail. */
  contact: HeldContact;
  /** Identifiers that are proven to be this person's, newest first. */
  verified: Verified[];
  /** Proofs of devices whose consequences are not done yet, in the order in which they came. */
  proving: Proving[];
  /** Identifiers that were proven beside a user id, and that are not this person's yet. */
  claiming: Claiming[];
  /** Devices whose right the first proof of another one has ended, and that may still hold sockets. */
  sealing: DeviceId[];
  /** What became of this visitor: it is another one's now, and nothing of its own changes any more. */
  joined: Joined;
  session: VisitSession;
  page: CurrentPage;
  searches: Search[];
  cart: Cart | null;
  wishlist: Wishlist;
  orders: Orders;
  conversations: Conversations;
  firings: Firings;
  /** Instants of automatic messages that count towards the workspace's cap. */
  capped: number[];
  /** Pop-ups that are due to be seen, until they are closed or their time is over. */
  shown: { id: DeliveryId; until: number }[];
  /** Exposures whose goal may still be reached. */
  goals: OpenGoal[];
  /** Deliveries that are decided and not carried out yet. */
  effects: DeliveryId[];
  /** Chat messages of triggers that may still be answered, with their visible number. */
  unanswered: { id: DeliveryId; seq: number }[];
};

/** What the person's list shows of a conversation beside its numbers: nothing but what they can read in it. */
export type ConversationWords = {
  /** Their own last message, cut. */
  own: { at: number; text: string } | null;
  /** Where it is by email. */
  subject: string | null;
};

/** The visitor's side of one conversation, with the version it was said at. */
export type HeldConversation = {
  state: ConversationState;
  version: number;
  words?: ConversationWords;
  /** It came with a visitor who was joined into this one. */
  isJoined?: true;
};
export type Conversations = { open: ConversationId | null; list: HeldConversation[] };

/** A visitor that was joined into another one. */
export type Joined = {
  into: VisitorId;
  at: number;
  why: IdentifierKind;
  /** The device that has proven it, and its next right; null where another visitor's proof did. */
  device: { from: DeviceId; to: DeviceId; proof: Proof; at: number } | null;
  /** Whether everything has arrived there. */
  isDone: boolean;
};

/** Firings that are not decided, and the number of the last one there ever was. */
export type Firings = { last: number; waiting: Firing[] };

/** An exposure at `at` whose goal counts until `until`, as its version says. */
export type OpenGoal = {
  id: DeliveryId;
  trigger: TriggerId;
  at: number;
  until: number;
  goal: Goal;
};

/** What is kept of one trigger: its exposures, and the newest instant of each reaction. */
export type HeldTrigger = TriggerRecord & {
  at: Partial<Record<Reaction, number>>;
  /** When it was last skipped for each reason: the same is not told again and again. */
  skippedAt: Partial<Record<SkipReason, number>>;
  /** When those of the last firings happened that were skipped and not told: they are decided all the same. */
  untold?: number[];
};

export type EventCount = { count: number; firstAt: number; lastAt: number };
export type HeldProperty = { value: PropertyValue; at: number };

/** Keys of counters (`e:<event>`), properties (`p:<key>`) and triggers (`x:<trigger>`). */
export const EVENT_PREFIX = "e:";
export const PROPERTY_PREFIX = "p:";
export const TRIGGER_PREFIX = "x:";

export type StateReader = {
  get(key: string): Json | undefined;
  /** Keys that begin with a prefix. */
  keys(prefix: string): string[];
};

/** Reads and changes over a stored state; the changes are what a committing turn writes. */
export class VisitorDraft {
  readonly changes = new Map<string, Json>();
  readonly #stored: StateReader;

  constructor(stored: StateReader) {
    this.#stored = stored;
  }

  // The stored JSON was written by `set` below under the same key, so its type is the key's.
  get<K extends keyof VisitorState>(key: K): VisitorState[K] | undefined {
    return this.#read(key) as VisitorState[K] | undefined;
  }

  set<K extends keyof VisitorState>(key: K, value: VisitorState[K]): void {
    this.changes.set(key, value);
  }

  event(name: string): EventCount | undefined {
    return this.#read(EVENT_PREFIX + name) as EventCount | undefined;
  }

  /** Names of the events that were counted. */
  names(): string[] {
    return this.#stored.keys(EVENT_PREFIX).map((key) => key.slice(EVENT_PREFIX.length));
  }

  countEvent(name: string, at: number): void {
    const before = this.event(name);
    this.changes.set(EVENT_PREFIX + name, {
      count: (before?.count ?? 0) + 1,
      firstAt: Math.min(before?.firstAt ?? at, at),
      lastAt: Math.max(before?.lastAt ?? at, at),
    });
  }

  property(key: string): HeldProperty | undefined {
    return this.#read(PROPERTY_PREFIX + key) as HeldProperty | undefined;
  }

  setProperty(key: string, value: PropertyValue, at: number): void {
    this.changes.set(PROPERTY_PREFIX + key, { value, at });
  }

  trigger(id: TriggerId): HeldTrigger | null {
    return (this.#read(TRIGGER_PREFIX + id) ?? null) as HeldTrigger | null;
  }

  setTrigger(id: TriggerId, held: HeldTrigger): void {
    this.changes.set(TRIGGER_PREFIX + id, held);
  }

  /** Triggers of which something is kept. */
  triggers(): TriggerId[] {
    const added = [...this.changes.keys()].filter((key) => key.startsWith(TRIGGER_PREFIX));
    return [...new Set([...this.#stored.keys(TRIGGER_PREFIX), ...added])].map((key) =>
      asId("trg", key.slice(TRIGGER_PREFIX.length)),
    );
  }

  /** How many properties have a value. */
  countProperties(): number {
    const keys = this.#stored.keys(PROPERTY_PREFIX);
    return keys.filter(
      (key) => (this.property(key.slice(PROPERTY_PREFIX.length))?.value ?? null) !== null,
    ).length;
  }

  /** How many keys with this prefix there are, with the changes counted in. */
  count(prefix: string): number {
    const stored = this.#stored.keys(prefix);
    let added = 0;
    for (const key of this.changes.keys()) {
      if (key.startsWith(prefix) && this.#stored.get(key) === undefined) added++;
    }
    return stored.length + added;
  }

  #read(key: string): Json | undefined {
    return this.changes.has(key) ? this.changes.get(key) : this.#stored.get(key);
  }
}
