import type { TriggerDefinition } from "../../../protocol/triggers.ts";
import { EMPTY_POPUP, emptyTrigger, FIRST_GOAL } from "./edits.ts";

/** Triggers that most shops begin with, to be switched on as they are or to be changed first. */
type ReadyMadeTrigger = {
  key: string;
  /** At which stage of buying it speaks. */
  stage: string;
  /** What it does, in one sentence. */
  sentence: string;
  definition: TriggerDefinition;
};

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const base = emptyTrigger();
const FREE = { type: "free" } as const;
const HELLO = 'Hello {{ person.first_name | default: "there" }}';

function readyMade(
  key: string,
  stage: string,
  sentence: string,
  definition: Partial<TriggerDefinition>,
): ReadyMadeTrigger {
  return { key, stage, sentence, definition: { ...base, goal: FIRST_GOAL, ...definition } };
}

const variantOf = (action: TriggerDefinition["variants"][number]["action"]) => [
  { id: "a", name: "Variant A", weight: 1, action },
];

export const READY_MADE: readonly ReadyMadeTrigger[] = [
  readyMade(
    "search",
    "Searching",
    "Two minutes after a search without an order, offers help with finding it.",
    {
      name: "Help after a search",
      when: { type: "event", event: "Products Searched", where: [] },
      waitMs: 2 * MINUTE_MS,
      who: {
        type: "all",
        of: [{ type: "orders_last", is: { op: "never" } }],
      },
      variants: variantOf({
        type: "chat",
        from: FREE,
        text: `${HELLO}, did you find what you were looking for? Tell me what it should be and I will look with you.`,
        button: null,
        card: null,
      }),
      limits: { ...base.limits, onlyWhenOnline: true },
    },
  ),
  readyMade(
    "looking",
    "Choosing",
    "On a page that somebody has read for a minute, asks whether anything is unclear.",
    {
      name: "A question while reading",
      when: { type: "page", page: null, moment: { on: "time", seconds: 60 } },
      variants: variantOf({
        ...EMPTY_POPUP,
        heading: "Is anything unclear?",
        text: "Ask, and one of us answers in a minute.",
      }),
      limits: { ...base.limits, onlyWhenOnline: true, repeat: { type: "period", ms: 7 * DAY_MS } },
    },
  ),
  readyMade(
    "cart",
    "Cart",
    "Half an hour after the last change of a cart that was not bought, reminds of it and offers help.",
    {
      name: "Cart left for half an hour",
      when: { type: "event", event: "Product Added", where: [] },
      waitMs: 30 * MINUTE_MS,
      who: {
        type: "all",
        of: [
          {
            type: "cart_changed",
            is: { op: "before_span", span: { n: 29, unit: "minute" } },
          },
        ],
      },
      variants: variantOf({
        type: "chat",
        from: FREE,
        text: `${HELLO}, your cart is still here. Is there anything you want to know before you order?`,
        button: { label: "Go to the cart", url: "/cart" },
        card: { product: { from: "cart" }, discount: null, code: null },
      }),
      limits: { ...base.limits, repeat: { type: "period", ms: 7 * DAY_MS } },
    },
  ),
  readyMade(
    "leaving",
    "Cart",
    "When somebody with something in the cart is about to leave, shows what is in it.",
    {
      name: "Leaving with a full cart",
      when: { type: "page", page: null, moment: { on: "exit" } },
      who: {
        type: "all",
        of: [{ type: "cart_items", is: { op: "gte", value: 1 } }],
      },
      variants: variantOf({
        ...EMPTY_POPUP,
        place: "centre",
        heading: "Your cart stays here",
        text: "It is kept for you on this device. Is there something we can help with?",
        card: { product: { from: "cart" }, discount: null, code: null },
      }),
      limits: { ...base.limits, repeat: { type: "period", ms: 7 * DAY_MS } },
    },
  ),
  readyMade(
    "checkout",
    "Ordering",
    "Tells the team when somebody has been in the checkout for ten minutes.",
    {
      name: "Stuck in the checkout",
      when: { type: "event", event: "Checkout Started", where: [] },
      waitMs: 10 * MINUTE_MS,
      who: {
        type: "all",
        of: [
          {
            type: "not",
            of: {
              type: "event",
              name: "Order Completed",
              times: { op: "at_least", n: 1 },
              within: { n: 30, unit: "minute" },
            },
          },
        ],
      },
      holdOut: 0,
      variants: variantOf({
        type: "alert",
        text: "Has been in the checkout for ten minutes and has not ordered.",
      }),
      limits: { ...base.limits, isCapped: false, repeat: { type: "period", ms: DAY_MS } },
    },
  ),
  readyMade(
    "ordered",
    "After the order",
    "An hour after an order, says thank you and that questions are welcome.",
    {
      name: "Thank you for the order",
      when: { type: "event", event: "Order Completed", where: [] },
      waitMs: HOUR_MS,
      goal: null,
      holdOut: 0,
      variants: variantOf({
        type: "chat",
        from: FREE,
        text: `${HELLO}, thank you for your order. If anything is not as you expected, write here.`,
        button: null,
        card: null,
      }),
      limits: {
        ...base.limits,
        isCapped: false,
        repeat: { type: "always" },
        quietHours: { from: "21:00", to: "08:00" },
      },
    },
  ),
];

export const readyMadeNamed = (key: string): TriggerDefinition | null =>
  READY_MADE.find((one) => one.key === key)?.definition ?? null;
