import * as z from "zod";
import {
  BATCH_MAX_FACTS,
  EVENT_NAME_MAX,
  PROPERTY_KEY_MAX,
  STREAM_ID_MAX,
  TITLE_MAX,
  URL_MAX,
} from "./limits.ts";
import type { Json } from "./json.ts";

/**
 * What a page tells of its visitor. Facts are numbered per stream (one per page load), so that a resend
 * is dropped for ever, over the socket and over HTTP alike.
 */

const cut = (max: number) => z.string().transform((text) => text.slice(0, max));
const at = z.number().int().min(0).max(8_640_000_000_000_000);
const n = z.number().int().min(1).max(Number.MAX_SAFE_INTEGER);

const PROPERTY_KEY = /^[\p{L}\p{N}_$][\p{L}\p{N}_$. -]*$/u;
const INHERITED = new Set(["__proto__", "constructor", "prototype"]);

/** A key of a property: letters, digits and `_ . - $ space`; never a name that objects inherit. */
export function isPropertyKey(key: string): boolean {
  return key.length <= PROPERTY_KEY_MAX && PROPERTY_KEY.test(key) && !INHERITED.has(key);
}

export type PropertyValue = string | number | boolean | null | string[];

/**
 * Values inside a fact were read by `JSON.parse` within the frame's bounds, so they are JSON whatever they hold. Their
 * keys and sizes are checked where a fact is applied: going through every value here would cost more than all the rest.
 */
const json = z.custom<Json>();
const record = z.custom<{ [key: string]: Json }>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
);

export const streamId = z
  .string()
  .min(1)
  .max(STREAM_ID_MAX)
  .regex(/^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/);

const pageFact = z.object({
  type: z.literal("page"),
  n,
  at,
  url: cut(URL_MAX),
  title: cut(TITLE_MAX).optional(),
  referrer: cut(URL_MAX).optional(),
  name: cut(TITLE_MAX).optional(),
  props: record.optional(),
});

const trackFact = z.object({
  type: z.literal("track"),
  n,
  at,
  name: z.string().min(1).max(EVENT_NAME_MAX),
  props: record.optional(),
});

/** Traits and properties that name a person: claims, which a workspace may refuse without a proof. */
export const IDENTITY_TRAITS = {
  email: "email",
  phone: "phone",
  userId: "user_id",
  user_id: "user_id",
} as const;

/** Claimed facts: labels for operators, never a proof. */
const identifyFact = z.object({
  type: z.literal("identify"),
  n,
  at,
  userId: z.string().min(1).max(255).optional(),
  traits: record.optional(),
});

export const PROPERTY_OPERATIONS = [
  "set",
  "set_once",
  "add",
  "append",
  "union",
  "remove",
  "unset",
] as const;

const setFact = z.object({
  type: z.literal("set"),
  n,
  at,
  ops: z
    .array(
      z.object({
        op: z.enum(PROPERTY_OPERATIONS),
        key: z.string(),
        value: json.optional(),
      }),
    )
    .min(1)
    .max(100),
});

/** Time the page was in front of the person since the last such fact, in milliseconds. */
const timeFact = z.object({
  type: z.literal("time"),
  n,
  at,
  ms: z.number().int().min(0).max(86_400_000),
});

/** What the person did with something that a trigger sent. The first of each kind counts. */
const reactionFact = z.object({
  type: z.literal("reaction"),
  n,
  at,
  delivery: z.string().max(64),
  did: z.enum(["seen", "clicked", "closed", "refused"]),
});

export const fact = z.discriminatedUnion("type", [
  pageFact,
  trackFact,
  identifyFact,
  setFact,
  timeFact,
  reactionFact,
]);
export type Fact = z.infer<typeof fact>;

/**
 * A batch as it arrives. Each fact is checked by itself: a bad one is rejected with a code and the rest
 * of the batch is kept.
 */
export const batch = z.object({
  stream: streamId,
  /** The sender's clock when it sent this, for the correction of skew. */
  sentAt: at,
  facts: z.array(record).min(1).max(BATCH_MAX_FACTS),
});
export type Batch = z.infer<typeof batch>;

export type Rejection = {
  n: number;
  code: "invalid" | "too_large" | "limit_reached" | "stream_window" | "reserved_name" | "unproven";
};

/** Canonical event names (Segment's), as the product itself uses them. */
export const EVENTS = {
  pageViewed: "Page Viewed",
  sessionStarted: "Session Started",
  productsSearched: "Products Searched",
  productViewed: "Product Viewed",
  productListViewed: "Product List Viewed",
  productAdded: "Product Added",
  productRemoved: "Product Removed",
  cartViewed: "Cart Viewed",
  addedToWishlist: "Product Added to Wishlist",
  removedFromWishlist: "Product Removed from Wishlist",
  checkoutStarted: "Checkout Started",
  orderCompleted: "Order Completed",
  orderRefunded: "Order Refunded",
  signedUp: "Signed Up",
  signedIn: "Signed In",
} as const;
