import * as z from "zod";
import { condition, eventFilters, textTest } from "./conditions.ts";
import type { DeliveryId, SegmentId, TriggerId } from "./ids.ts";
import {
  CAP_MESSAGES_MAX,
  EVENT_NAME_MAX,
  PERIOD_MAX_MS,
  PROPERTY_KEY_MAX,
  TEMPLATE_MAX,
  URL_MAX,
  VARIANTS_MAX,
  WAIT_MAX_MS,
} from "./limits.ts";
import type { OperatorCard } from "./operators.ts";
import type { Money } from "./person.ts";

/** Triggers: rules that send a message by themselves. docs/triggers.md describes each field. */

const eventName = z.string().min(1).max(EVENT_NAME_MAX);
const segmentId = z
  .string()
  .regex(/^seg_[0-9a-z]{1,40}$/)
  .transform((id) => id as SegmentId); // its shape was just checked
const operatorId = z.string().regex(/^opr_[0-9a-z]{1,40}$/);
const template = z.string().trim().max(TEMPLATE_MAX);
const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);
const currency = z.string().regex(/^[A-Z]{3}$/);
const minor = z.number().int().min(0).max(1_000_000_000_000);
/** An https address, or a path of the site itself; may be a template. Checked again once it is filled in. */
const link = z.string().trim().max(URL_MAX);

/** When a page rule fires, once its page is in front of the person. Times count while the page is looked at. */
export const pageMoment = z.discriminatedUnion("on", [
  z.strictObject({ on: z.literal("time"), seconds: z.number().int().min(0).max(3_600) }),
  z.strictObject({ on: z.literal("scroll"), percent: z.number().int().min(1).max(100) }),
  /** The pointer leaves at the top; on touch screens a fast scroll back up. */
  z.strictObject({ on: z.literal("exit") }),
  z.strictObject({ on: z.literal("inactivity"), seconds: z.number().int().min(1).max(3_600) }),
  /** A click on an element that a CSS selector names. */
  z.strictObject({ on: z.literal("click"), selector: z.string().trim().min(1).max(500) }),
]);
export type PageMoment = z.infer<typeof pageMoment>;

export const when = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("event"), event: eventName, where: eventFilters }),
  z.strictObject({
    type: z.literal("segment"),
    segment: segmentId,
    on: z.enum(["enter", "leave"]),
  }),
  /** `page`: which addresses; null is every page. */
  z.strictObject({ type: z.literal("page"), page: textTest.nullable(), moment: pageMoment }),
]);
export type When = z.infer<typeof when>;

/** Who speaks: somebody named, or whoever is really free at that moment. */
export const sender = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("free") }),
  z.strictObject({ type: z.literal("operator"), operator: operatorId }),
]);

export const productCard = z.strictObject({
  /** Which product: the dearest in the cart, the last on the wish-list, the last one looked at, or this one. */
  product: z.discriminatedUnion("from", [
    z.strictObject({ from: z.enum(["cart", "wishlist", "viewed"]) }),
    z.strictObject({
      from: z.literal("chosen"),
      name: z.string().trim().min(1).max(200),
      url: link,
      imageUrl: link.nullable(),
      price: z.strictObject({ amountMinor: minor, currency }).nullable(),
    }),
  ]),
  /** A price of its own for this person, shown beside the usual one. */
  discount: z
    .discriminatedUnion("type", [
      z.strictObject({ type: z.literal("percent"), off: z.number().int().min(1).max(99) }),
      z.strictObject({ type: z.literal("price"), amountMinor: minor, currency }),
    ])
    .nullable(),
  /** One code for all, or `PREFIX-` and eight characters that nobody else gets. */
  code: z
    .discriminatedUnion("type", [
      z.strictObject({
        type: z.literal("fixed"),
        code: z
          .string()
          .trim()
          .min(1)
          .max(40)
          .regex(/^[\w-]+$/),
      }),
      z.strictObject({
        type: z.literal("personal"),
        prefix: z
          .string()
          .trim()
          .min(1)
          .max(20)
          .regex(/^[A-Z0-9]+$/),
      }),
    ])
    .nullable(),
});
export type ProductCardDefinition = z.infer<typeof productCard>;

const button = z.strictObject({
  label: template.min(1),
  /** Where it leads; null opens the chat. */
  url: link.nullable(),
});

export const action = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("chat"),
    from: sender,
    text: template.min(1),
    button: button.nullable(),
    card: productCard.nullable(),
  }),
  z.strictObject({
    type: z.literal("popup"),
    place: z.enum(["centre", "corner", "bar"]),
    from: sender,
    heading: template,
    text: template,
    imageUrl: link.nullable(),
    button: button.nullable(),
    card: productCard.nullable(),
    /** Whether the person can write an answer in it. */
    canAnswer: z.boolean(),
  }),
  /** To the operators: opens the person, with one click to write. */
  z.strictObject({ type: z.literal("alert"), text: template.min(1) }),
]);
export type Action = z.infer<typeof action>;

export const variant = z.strictObject({
  id: z.string().regex(/^[a-z0-9]{1,12}$/),
  name: z.string().trim().min(1).max(60),
  weight: z.number().int().min(1).max(100),
  action,
});
export type Variant = z.infer<typeof variant>;

export const limits = z.strictObject({
  repeat: z.discriminatedUnion("type", [
    z.strictObject({ type: z.literal("once") }),
    z.strictObject({
      type: z.literal("period"),
      ms: z.number().int().min(60_000).max(PERIOD_MAX_MS),
    }),
    z.strictObject({ type: z.literal("always") }),
  ]),
  /** In the person's time zone, or the workspace's where theirs is not known. What is due then waits for the end. */
  quietHours: z.strictObject({ from: clock, to: clock }).nullable(),
  onlyWhenOnline: z.boolean(),
  notInConversation: z.boolean(),
  /** Whether it counts towards the workspace's cap and is held back by it. */
  isCapped: z.boolean(),
  /** Of several due at once the highest goes first. */
  priority: z.number().int().min(0).max(100),
});

export const goal = z.strictObject({
  event: eventName,
  where: eventFilters,
  windowMs: z.number().int().min(60_000).max(PERIOD_MAX_MS),
  value: z
    .discriminatedUnion("type", [
      z.strictObject({ type: z.literal("fixed"), amountMinor: minor, currency }),
      /** A decimal amount in the event's own `currency`. */
      z.strictObject({ type: z.literal("property"), key: z.string().min(1).max(PROPERTY_KEY_MAX) }),
    ])
    .nullable(),
});
export type Goal = z.infer<typeof goal>;

export const triggerDefinition = z.strictObject({
  name: z.string().trim().min(1).max(120),
  when,
  who: condition.nullable(),
  waitMs: z.number().int().min(0).max(WAIT_MAX_MS),
  limits,
  /** Share of people who are held out, in percent. */
  holdOut: z.number().int().min(0).max(50),
  goal: goal.nullable(),
  variants: z.array(variant).min(1).max(VARIANTS_MAX),
});
export type TriggerDefinition = z.infer<typeof triggerDefinition>;

export type TriggerStatus = "draft" | "live" | "paused" | "archived";

/** The workspace-wide cap: so many automatic messages per person in so long, over all triggers and channels. */
export const messageCap = z.strictObject({
  messages: z.number().int().min(1).max(CAP_MESSAGES_MAX),
  ms: z.number().int().min(60_000).max(PERIOD_MAX_MS),
});
export type MessageCap = z.infer<typeof messageCap>;

export const SKIP_REASONS = [
  /** Fired before, as often as its rule allows. */
  "repeated",
  /** The workspace-wide cap is reached. */
  "capped",
  /** The conditions did not hold any more after the wait. */
  "no_longer_matches",
  /** The trigger was paused, archived or replaced while this waited. */
  "not_live",
  "nobody_online",
  "in_conversation",
  /** The person asked not to see it again. */
  "refused",
  /** A template had nothing to fill a place with, and no fallback. */
  "missing_value",
  /** There was no product for the card. */
  "no_product",
  /** The chosen operator is not there any more. */
  "no_operator",
] as const;
export type SkipReason = (typeof SKIP_REASONS)[number];

export const DELIVERY_STATES = ["sent", "held_out", "skipped"] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** A product as it is shown, with everything filled in. Links are http(s) or paths of the site. */
export type ProductCard = {
  productId: string | null;
  name: string;
  url: string | null;
  imageUrl: string | null;
  price: Money | null;
  /** What it costs this person. */
  discounted: Money | null;
  code: string | null;
};

/** What one person is shown, with everything filled in: plain text, never markup. */
export type MomentContent = {
  kind: "chat" | "popup";
  place: "centre" | "corner" | "bar" | null;
  heading: string;
  text: string;
  imageUrl: string | null;
  button: { label: string; url: string | null } | null;
  card: ProductCard | null;
  canAnswer: boolean;
};

/** One message that a trigger sent, held out or skipped for one visitor, with its reason and its fate. Instants are null until they happen. */
export type Delivery = {
  id: DeliveryId;
  trigger: TriggerId;
  /** The trigger's version and name when this was decided. */
  version: number;
  name: string;
  /** Null where none was chosen: skipped before it. */
  variant: string | null;
  variantName: string | null;
  action: Action["type"];
  state: DeliveryState;
  reason: SkipReason | null;
  /** What was missing, for `missing_value`. */
  detail: string | null;
  /** When its event, segment change or page moment happened, and when it was decided. */
  firedAt: number;
  decidedAt: number;
  /** When the chat message stood in the conversation, the pop-up was told to a page, or the Inbox had the alert. */
  deliveredAt: number | null;
  /** Visible for at least one second. */
  seenAt: number | null;
  clickedAt: number | null;
  answeredAt: number | null;
  closedAt: number | null;
  goalAt: number | null;
  /** Value of the goal, refunds subtracted. */
  goalValue: Money | null;
  /** The order that the goal counted, where it was one. */
  goalOrder: string | null;
  code: string | null;
};

/** Ready-made or real: what the widget shows of a pop-up that is due. */
export type Moment = {
  delivery: DeliveryId;
  content: MomentContent;
  from: OperatorCard | null;
  at: number;
};

/** A page rule that this person is eligible for: what to wait for, and nothing of what it would say. */
export type ArmedRule = {
  delivery: DeliveryId;
  /** Its deliveries change with every exposure, and stay one rule. */
  trigger: TriggerId;
  page: z.infer<typeof textTest> | null;
  moment: PageMoment;
};

/** What one person's pages have to show and to wait for, as an absolute state. */
export type Moments = { shown: Moment[]; armed: ArmedRule[] };
