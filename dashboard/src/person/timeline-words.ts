import type { EVENTS } from "../../../protocol/facts.ts";
import type { TimelineItem } from "../../../protocol/person.ts";
import { variantWords } from "../inbox/sent-words.ts";
import { hostOf, pathOf } from "../words/links.ts";
import { money } from "../words/money.ts";
import { count } from "../words/names.ts";
import { ACTION_WORDS } from "./delivery-words.ts";
import { skipWords } from "./skip-words.ts";

/** A line of the timeline in words: what happened, and with what. */
export type TimelineWords = {
  icon:
    | "page"
    | "search"
    | "cart"
    | "heart"
    | "order"
    | "person"
    | "joined"
    | "session"
    | "message"
    | "product"
    | "automatic"
    | "segment"
    | "event";
  title: string;
  detail: string | null;
  /** Worth noticing: the person did not find what they looked for. */
  isMiss?: true;
};

type Props = Record<string, unknown>;
type EventName = (typeof EVENTS)[keyof typeof EVENTS];

const textOf = (props: Props, ...keys: string[]): string | null => {
  for (const key of keys) {
    const value = props[key];
    if (typeof value === "string" && value.trim() !== "") return value;
    if (typeof value === "number") return String(value);
  }
  return null;
};
const numberOf = (props: Props, ...keys: string[]): number | null => {
  for (const key of keys) {
    const value = props[key];
    if (typeof value === "number" && Number.isFinite(value)) return value;
    if (typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value)))
      return Number(value);
  }
  return null;
};

/** Events carry amounts in major units, as Segment's conventions have them. */
function amountOf(props: Props, ...keys: string[]): string | null {
  const amount = numberOf(props, ...keys);
  const currency = textOf(props, "currency");
  if (amount === null) return null;
  if (currency === null || !/^[A-Za-z]{3}$/.test(currency)) return String(amount);
  const digits =
    new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions()
      .maximumFractionDigits ?? 2;
  return money(Math.round(amount * 10 ** digits), currency);
}

const joined = (...parts: (string | null)[]): string | null =>
  parts.filter((part) => part !== null).join(" · ") || null;
const product = (props: Props): string =>
  textOf(props, "name", "title", "product_id", "sku") ?? "a product";
const products = (props: Props): unknown[] =>
  Array.isArray(props["products"]) ? props["products"] : [];

const KNOWN: Partial<Record<EventName, (props: Props) => TimelineWords>> = {
  "Products Searched": (props) => {
    const results = numberOf(props, "results", "results_count", "result_count");
    const isMiss = results === 0 ? { isMiss: true as const } : {};
    const found =
      results === null
        ? null
        : results === 0
          ? "Found nothing"
          : `Found ${count(results, "result")}`;
    return {
      icon: "search",
      title: `Searched for “${textOf(props, "query") ?? ""}”`,
      detail: found,
      ...isMiss,
    };
  },
  "Product Viewed": (props) => ({
    icon: "product",
    title: `Looked at ${product(props)}`,
    detail: amountOf(props, "price"),
  }),
  "Product List Viewed": (props) => ({
    icon: "product",
    title: "Looked through a list",
    detail: textOf(props, "category", "list_id"),
  }),
  "Product Added": (props) => ({
    icon: "cart",
    title: `Put ${product(props)} into the cart`,
    detail: joined(quantity(props), amountOf(props, "price")),
  }),
  "Product Removed": (props) => ({
    icon: "cart",
    title: `Took ${product(props)} out of the cart`,
    detail: quantity(props),
  }),
  "Cart Viewed": (props) => ({
    icon: "cart",
    title: "Looked at the cart",
    detail: products(props).length > 0 ? count(products(props).length, "product") : null,
  }),
  "Product Added to Wishlist": (props) => ({
    icon: "heart",
    title: `Put ${product(props)} on the wish-list`,
    detail: null,
  }),
  "Product Removed from Wishlist": (props) => ({
    icon: "heart",
    title: `Took ${product(props)} off the wish-list`,
    detail: null,
  }),
  "Checkout Started": (props) => ({
    icon: "order",
    title: "Started the checkout",
    detail: amountOf(props, "total", "value", "revenue"),
  }),
  "Order Completed": (props) => ({
    icon: "order",
    title: "Ordered",
    detail: joined(
      amountOf(props, "total", "revenue", "value"),
      products(props).length > 0 ? count(products(props).length, "product") : null,
      textOf(props, "order_id"),
    ),
  }),
  "Order Refunded": (props) => ({
    icon: "order",
    title: "Was refunded",
    detail: joined(amountOf(props, "total", "revenue", "value"), textOf(props, "order_id")),
  }),
  "Signed Up": () => ({ icon: "person", title: "Signed up", detail: null }),
  "Signed In": () => ({ icon: "person", title: "Signed in", detail: null }),
};

function quantity(props: Props): string | null {
  const amount = numberOf(props, "quantity");
  return amount === null || amount === 1 ? null : `${amount} pieces`;
}

/** "name: value" of at most four properties, for events that we know nothing about. */
function summaryOf(props: Props): string | null {
  const parts = Object.entries(props)
    .slice(0, 4)
    .map(([key, value]) => `${key}: ${typeof value === "string" ? value : JSON.stringify(value)}`);
  return parts.length === 0 ? null : parts.join(" · ");
}

const isKnown = (name: string): name is EventName => Object.hasOwn(KNOWN, name);
const unknownEvent = (name: string, props: Props): TimelineWords => ({
  icon: "event",
  title: name,
  detail: summaryOf(props),
});

const CONVERSATION_BY = {
  visitor: "Started a conversation",
  operator: "Was written to",
  trigger: "Was written to by a trigger",
} as const;

type Did = Extract<TimelineItem, { type: "reaction" }>["did"];
const REACTIONS: Record<Did, (name: string) => string> = {
  seen: (name) => `Saw ${name}`,
  clicked: (name) => `Clicked in ${name}`,
  answered: (name) => `Answered ${name}`,
  closed: (name) => `Closed ${name}`,
  refused: (name) => `Asked not to see ${name} again`,
  goal: (name) => `Reached the goal of ${name}`,
};

/** What a trigger decided about them. */
function decided(item: Extract<TimelineItem, { type: "delivery" }>): TimelineWords {
  const name = `‘${item.name}’`;
  const variant = item.variantName === null ? null : variantWords(item.variantName);
  switch (item.state) {
    case "sent":
      return {
        icon: "automatic",
        title: item.action === "alert" ? `${name} told the team` : `Was sent ${name}`,
        detail: joined(ACTION_WORDS[item.action], variant),
      };
    case "held_out":
      return {
        icon: "automatic",
        title: `Was held out of ${name}`,
        detail: "Sent nothing, to measure the effect",
      };
    case "skipped":
      return {
        icon: "automatic",
        title: `Was not sent ${name}`,
        detail: sentence(skipWords(item.reason, null)),
      };
  }
}
const KIND_WORDS = { email: "an email", phone: "a phone number", user_id: "a user id" } as const;

const WHY_WORDS = { email: "email", phone: "phone number", user_id: "user id" } as const;

/** A device that came from another visitor, or went there. */
function movedWords({ way, why }: Extract<TimelineItem, { type: "moved" }>): TimelineWords {
  if (why === "another_person")
    return way === "came"
      ? {
          icon: "person",
          title: "Signed in on a device that somebody else used before",
          detail: "Their history stays theirs",
        }
      : {
          icon: "person",
          title: "Somebody else signed in on this device",
          detail: "It sees nothing of this person any more",
        };
  return way === "came"
    ? { icon: "person", title: "A device was recognised as theirs", detail: null }
    : {
        icon: "person",
        title: "This device turned out to be somebody’s who is known",
        detail: "What they do from here on is on that person’s card",
      };
}
const sentence = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

export function timelineWords(item: TimelineItem): TimelineWords {
  switch (item.type) {
    case "page": {
      const path = pathOf(item.url);
      const title = item.title?.trim() || path;
      return { icon: "page", title, detail: title === path ? null : path };
    }
    case "track":
      return isKnown(item.name)
        ? (KNOWN[item.name]?.(item.props) ?? unknownEvent(item.name, item.props))
        : unknownEvent(item.name, item.props);
    case "identify":
      return {
        icon: "person",
        title: item.isUnproven ? "Said about themselves, without a proof" : "Said about themselves",
        detail: summaryOf(item.changes),
      };
    case "proved":
      return {
        icon: "person",
        title: "Proved who they are",
        detail: item.identifiers.map(({ value }) => value).join(" · "),
      };
    case "released":
      return {
        icon: "person",
        title: `Lost ${KIND_WORDS[item.kind]} to somebody who proved it`,
        detail: item.value,
      };
    case "moved":
      return movedWords(item);
    case "joined":
      return {
        icon: "joined",
        title: "Turned out to be one person on two devices",
        detail: `Both histories are one now: the same ${WHY_WORDS[item.why]} was proven`,
      };
    case "session":
      return {
        icon: "session",
        title: `Came from ${item.source === "Direct" ? "nowhere we know" : item.source}`,
        detail: item.utm?.campaign ?? (item.referrer === null ? null : hostOf(item.referrer)),
      };
    case "conversation":
      return {
        icon: "message",
        title: CONVERSATION_BY[item.by],
        detail: null,
      };
    case "delivery":
      return decided(item);
    case "reaction":
      return { icon: "automatic", title: REACTIONS[item.did](`‘${item.name}’`), detail: null };
    case "segment":
      return {
        icon: "segment",
        title: `${item.entered ? "Came into" : "Left"} the segment ‘${item.name}’`,
        detail: null,
      };
  }
}
