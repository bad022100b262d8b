import type { Condition } from "../../protocol/conditions.ts";
import { EVENTS } from "../../protocol/facts.ts";
import { asId, type SegmentId } from "../../protocol/ids.ts";

export type ReadyMadeSegment = {
  id: SegmentId;
  name: string;
  description: string;
  /** Place in the funnel, from 1. */
  stage: number;
  condition: Condition;
};

/** Without a sign of life for so many days somebody has gone quiet. */
const QUIET_DAYS = 30;
/** How long a cart stands untouched before it counts as left. */
const CART_LEFT_MINUTES = 30;
/** Pages from which on somebody looks around and does not just drop in. */
const INTERESTED_PAGES = 3;

const isQuiet: Condition = {
  type: "seen",
  which: "last",
  is: { op: "before_span", span: { n: QUIET_DAYS, unit: "day" } },
};
const isHere: Condition = { type: "not", of: isQuiet };
const orders = (op: "eq" | "gte", value: number): Condition => ({
  type: "orders_count",
  is: { op, value },
});
/** An order empties the cart: one that holds something was filled after the last order. */
const hasLeftCart: Condition = {
  type: "cart_changed",
  is: { op: "before_span", span: { n: CART_LEFT_MINUTES, unit: "minute" } },
};
const hasLeftNoCart: Condition = { type: "not", of: hasLeftCart };
const hasLookedAround: Condition = {
  type: "any",
  of: [
    {
      type: "event",
      name: EVENTS.pageViewed,
      times: { op: "at_least", n: INTERESTED_PAGES },
    },
    { type: "event", name: EVENTS.productViewed, times: { op: "at_least", n: 1 } },
    { type: "cart_items", is: { op: "gte", value: 1 } },
  ],
};

/**
 * The stages of the way from a first look to coming back, which come with a workspace. Everybody who was ever seen is in
 * exactly one of them.
 */
export const READY_MADE_SEGMENTS: readonly ReadyMadeSegment[] = [
  {
    id: asId("seg", "seg_new"),
    name: "New",
    description: "Has just arrived: a page or two, and no order yet.",
    stage: 1,
    condition: {
      type: "all",
      of: [orders("eq", 0), isHere, hasLeftNoCart, { type: "not", of: hasLookedAround }],
    },
  },
  {
    id: asId("seg", "seg_interested"),
    name: "Interested",
    description: "Looks at products or at several pages, and has not ordered yet.",
    stage: 2,
    condition: { type: "all", of: [orders("eq", 0), isHere, hasLeftNoCart, hasLookedAround] },
  },
  {
    id: asId("seg", "seg_cartleft"),
    name: "Cart left",
    description:
      "Put something into the cart, touched nothing for 30 minutes, and has not ordered it.",
    stage: 3,
    condition: { type: "all", of: [isHere, hasLeftCart] },
  },
  {
    id: asId("seg", "seg_boughtonce"),
    name: "Bought once",
    description: "Has one order.",
    stage: 4,
    condition: { type: "all", of: [orders("eq", 1), isHere, hasLeftNoCart] },
  },
  {
    id: asId("seg", "seg_repeat"),
    name: "Repeat customer",
    description: "Has two orders or more.",
    stage: 5,
    condition: { type: "all", of: [orders("gte", 2), isHere, hasLeftNoCart] },
  },
  {
    id: asId("seg", "seg_quiet"),
    name: "Gone quiet",
    description: "Has not been here for 30 days.",
    stage: 6,
    condition: isQuiet,
  },
];
