import * as z from "zod";
import {
  EVENT_NAME_MAX,
  CONDITION_TEXT_MAX,
  LIST_VALUES_MAX,
  PROPERTY_KEY_MAX,
  TIMES_MAX,
} from "./limits.ts";

/**
 * Conditions: the language of segments and of who a trigger is for. A tree over everything that is known of a person.
 * Texts are compared without regard to the case of A to Z, and literally in every other way. docs/segments.md
 * describes each of them; `domain/segments/` gives them their meaning.
 */

const shortText = z.string().min(1).max(CONDITION_TEXT_MAX);
const propertyKey = z.string().min(1).max(PROPERTY_KEY_MAX);
const eventName = z.string().min(1).max(EVENT_NAME_MAX);
const finite = z.number().min(-1e15).max(1e15);
const instant = z.number().int().min(0).max(8_640_000_000_000_000);
const segmentId = z.string().regex(/^seg_[0-9a-z]{1,40}$/);
const triggerId = z.string().regex(/^trg_[0-9a-z]{1,40}$/);
const currency = z.string().regex(/^[A-Z]{3}$/);

export const textTest = z.discriminatedUnion("op", [
  z.strictObject({
    op: z.enum(["is", "is_not", "contains", "contains_not", "starts", "ends"]),
    value: shortText,
  }),
  z.strictObject({
    op: z.enum(["in", "not_in"]),
    values: z.array(shortText).min(1).max(LIST_VALUES_MAX),
  }),
  z.strictObject({ op: z.enum(["exists", "exists_not"]) }),
]);
export type TextTest = z.infer<typeof textTest>;

export const numberTest = z.strictObject({
  op: z.enum(["eq", "ne", "lt", "lte", "gt", "gte"]),
  value: finite,
});
export type NumberTest = z.infer<typeof numberTest>;

/** Minutes, hours and days of 24 hours; `calendar_day` counts midnights of the workspace's time zone, today included. */
export const timeUnit = z.enum(["minute", "hour", "day", "calendar_day"]);
export type TimeUnit = z.infer<typeof timeUnit>;
const span = z.strictObject({ n: z.number().int().min(1).max(3_650), unit: timeUnit });
export type Span = z.infer<typeof span>;

/** When something was. What never happened passes none of these but `never`. */
export const timeTest = z.discriminatedUnion("op", [
  /** At most so long ago. */
  z.strictObject({ op: z.literal("within"), span }),
  /** Longer ago than that. */
  z.strictObject({ op: z.literal("before_span"), span }),
  z.strictObject({ op: z.enum(["before", "after"]), at: instant }),
  z.strictObject({ op: z.enum(["ever", "never"]) }),
]);
export type TimeTest = z.infer<typeof timeTest>;

/** A value of a property: of a person or of an event. A list passes `is`, `in`, `contains`… when one of its items does. */
export const valueTest = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("text"), test: textTest }),
  z.strictObject({ type: z.literal("number"), test: numberTest }),
  z.strictObject({ type: z.literal("flag"), value: z.boolean() }),
  z.strictObject({ type: z.literal("amount"), test: numberTest, currency }),
]);
export type ValueTest = z.infer<typeof valueTest>;

/** A filter on an event's own properties; `key` names one on the first level. */
export const eventFilter = z.strictObject({ key: propertyKey, is: valueTest });
export type EventFilter = z.infer<typeof eventFilter>;
export const eventFilters = z.array(eventFilter).max(10);

const times = z.strictObject({
  op: z.enum(["at_least", "at_most", "exactly"]),
  n: z.number().int().min(0).max(TIMES_MAX),
});

/** What of the visit is compared. The visit is the current one, or the last where the person is away. */
export const SESSION_TEXTS = [
  "page",
  "title",
  "landing",
  "referrer",
  "source",
  "first_source",
  "utm_source",
  "utm_medium",
  "utm_campaign",
  "utm_term",
  "utm_content",
  "device",
  "browser",
  "os",
  "country",
  "language",
] as const;
/** `pages` and `minutes` of the visit, `visits` of the person. */
export const SESSION_NUMBERS = ["pages", "minutes", "visits"] as const;

export const REACTIONS = [
  "sent",
  "seen",
  "clicked",
  "answered",
  "closed",
  "goal",
  "held_out",
] as const;
export type Reaction = (typeof REACTIONS)[number];

const leaf = [
  /** A property, or `name`, `email`, `phone`, `user_id`. */
  z.strictObject({ type: z.literal("property"), key: propertyKey, is: valueTest }),
  /** A property that holds an instant, as ISO 8601 text or epoch milliseconds. */
  z.strictObject({ type: z.literal("property_time"), key: propertyKey, is: timeTest }),
  z.strictObject({
    type: z.literal("event"),
    name: eventName,
    where: eventFilters.optional(),
    within: span.optional(),
    times,
  }),
  z.strictObject({
    type: z.literal("event_time"),
    name: eventName,
    where: eventFilters.optional(),
    which: z.enum(["first", "last"]),
    is: timeTest,
  }),
  z.strictObject({ type: z.literal("session_text"), field: z.enum(SESSION_TEXTS), is: textTest }),
  z.strictObject({
    type: z.literal("session_number"),
    field: z.enum(SESSION_NUMBERS),
    is: numberTest,
  }),
  z.strictObject({ type: z.literal("seen"), which: z.enum(["first", "last"]), is: timeTest }),
  /** `amount` in decimal units of the currency; a cart in another currency does not pass. */
  z.strictObject({ type: z.literal("cart_total"), is: numberTest, currency }),
  /** How many things are in it. An empty cart has none. */
  z.strictObject({ type: z.literal("cart_items"), is: numberTest }),
  z.strictObject({ type: z.literal("cart_product"), is: textTest }),
  /** When a cart that holds something was last changed. */
  z.strictObject({ type: z.literal("cart_changed"), is: timeTest }),
  z.strictObject({ type: z.literal("orders_count"), is: numberTest }),
  z.strictObject({ type: z.literal("orders_total"), is: numberTest, currency }),
  /** Total by count. Somebody whose orders are not all in this currency does not pass. */
  z.strictObject({ type: z.literal("orders_average"), is: numberTest, currency }),
  z.strictObject({ type: z.literal("orders_last"), is: timeTest }),
  z.strictObject({ type: z.literal("conversation"), is: z.enum(["open", "ever", "unread"]) }),
  /** When an operator last answered, and who. */
  z.strictObject({ type: z.literal("conversation_answered"), is: timeTest }),
  z.strictObject({ type: z.literal("conversation_operator"), is: textTest }),
  z.strictObject({
    type: z.literal("reaction"),
    trigger: triggerId,
    what: z.enum(REACTIONS),
    is: timeTest,
  }),
  z.strictObject({ type: z.literal("segment"), segment: segmentId, is: z.boolean() }),
] as const;

const leafCondition = z.discriminatedUnion("type", leaf);
export type LeafCondition = z.infer<typeof leafCondition>;

export type Condition =
  | LeafCondition
  | { type: "all"; of: Condition[] }
  | { type: "any"; of: Condition[] }
  | { type: "not"; of: Condition };

/** One tree. How many conditions and how deep is checked by `flawOfCondition` in domain/segments, before this. */
export const condition: z.ZodType<Condition> = z.lazy(() =>
  z.discriminatedUnion("type", [
    ...leaf,
    z.strictObject({ type: z.literal("all"), of: z.array(condition).max(200) }),
    z.strictObject({ type: z.literal("any"), of: z.array(condition).max(200) }),
    z.strictObject({ type: z.literal("not"), of: condition }),
  ]),
);
