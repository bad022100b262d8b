import type { Reaction } from "../../protocol/conditions.ts";
import type { PropertyValue } from "../../protocol/facts.ts";
import type { TriggerId } from "../../protocol/ids.ts";
import type { Json } from "../../protocol/json.ts";
import type { Cart, CurrentPage, PersonCard, VisitSession } from "../../protocol/person.ts";
import type { Orders } from "../commerce/cart.ts";
import type { EventCount } from "../visitors/state.ts";

/** One time that an event happened. */
export type Occurrence = { name: string; at: number; props: { readonly [key: string]: Json } };

/** What conditions may ask of one person. Reading changes nothing. */
export type PersonView = {
  /** A property that the person has, or `name`, `email`, `phone`, `user_id`. */
  property(key: string): Exclude<PropertyValue, null> | undefined;
  /** The canonical name's count, first and last time. */
  event(name: string): EventCount | undefined;
  /** Every time an event of this name happened, in no promised order. Costly: only for what no counter tells. */
  history(name: string): Iterable<Occurrence>;
  session: VisitSession | undefined;
  page: CurrentPage | undefined;
  seen:
    | { firstAt: number; lastAt: number; sessions: number; firstSource: string | null }
    | undefined;
  cart: Cart | null;
  orders: Orders;
  conversation: PersonCard["conversation"];
  isConversationOpen: boolean;
  hasConversation: boolean;
  /** The newest instant of a reaction to a trigger's messages. */
  reaction(trigger: TriggerId, what: Reaction): number | undefined;
};

/**
 * What a change touches, so that only conditions that read it are looked at again: an event's name, a property's key,
 * a trigger's reactions, or a part of the person.
 */
export type Dependency =
  | `event:${string}`
  | `property:${string}`
  | `reaction:${string}`
  | `segment:${string}`
  | "session"
  | "seen"
  | "cart"
  | "orders"
  | "conversation";
