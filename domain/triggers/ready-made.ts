import { EVENTS } from "../../protocol/facts.ts";
import { asId } from "../../protocol/ids.ts";
import type { Action, Goal, TriggerDefinition } from "../../protocol/triggers.ts";

/** Triggers that most shops begin with, to be switched on as they are or to be changed first. */
type ReadyMadeTrigger = {
  key: string;
  /** The stage of the funnel at which it speaks, by its segment's name. */
  stage: string;
  /** What it does, in one sentence. */
  sentence: string;
  definition: TriggerDefinition;
};

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const HELLO = 'Hello {{ person.first_name | default: "there" }}';
const FREE = { type: "free" } as const;
const NIGHT = { from: "21:00", to: "08:00" };

const ORDERS: Goal = {
  event: EVENTS.orderCompleted,
  where: [],
  windowMs: 7 * DAY_MS,
  value: { type: "property", key: "total" },
};

const LIMITS: TriggerDefinition["limits"] = {
  repeat: { type: "once" },
  quietHours: null,
  onlyWhenOnline: false,
  notInConversation: true,
  isCapped: true,
  priority: 50,
};

const isIn = (segment: string) =>
  ({ type: "segment", segment: asId("seg", segment), is: true }) as const;

function chat(text: string): Action {
  return { type: "chat", from: FREE, text, button: null, card: null };
}

function trigger(
  name: string,
  says: Action,
  rest: Pick<TriggerDefinition, "when"> & Partial<TriggerDefinition>,
): TriggerDefinition {
  return {
    name,
    who: null,
    waitMs: 0,
    limits: LIMITS,
    holdOut: 10,
    goal: ORDERS,
    variants: [{ id: "a", name: "Variant A", weight: 1, action: says }],
    ...rest,
  };
}

export const READY_MADE_TRIGGERS: readonly ReadyMadeTrigger[] = [
  {
    key: "welcome",
    stage: "New",
    sentence: "Somebody new who has been on a page for 20 seconds is greeted by whoever is free.",
    definition: trigger(
      "Welcome",
      chat(
        `${HELLO}, welcome. If you are looking for something, tell me and I will look with you.`,
      ),
      {
        when: { type: "page", page: null, moment: { on: "time", seconds: 20 } },
        who: isIn("seg_new"),
        limits: { ...LIMITS, onlyWhenOnline: true },
      },
    ),
  },
  {
    key: "nothing-found",
    stage: "New",
    sentence: "The team hears at once when a search found nothing, and can help with one click.",
    definition: trigger(
      "A search found nothing",
      {
        type: "alert",
        text: 'Searched for “{{ event.query | default: "something" }}” and found nothing.',
      },
      {
        when: {
          type: "event",
          event: EVENTS.productsSearched,
          where: [{ key: "results", is: { type: "number", test: { op: "eq", value: 0 } } }],
        },
        limits: { ...LIMITS, isCapped: false, repeat: { type: "period", ms: 10 * MINUTE_MS } },
        holdOut: 0,
        goal: null,
      },
    ),
  },
  {
    key: "looked-at",
    stage: "Interested",
    sentence:
      "A minute after a product was looked at, a small pop-up shows it and offers an answer.",
    definition: trigger(
      "A product looked at",
      {
        type: "popup",
        place: "corner",
        from: FREE,
        heading: "Any questions about it?",
        text: "Ask, and one of us answers.",
        imageUrl: null,
        button: null,
        card: { product: { from: "viewed" }, discount: null, code: null },
        canAnswer: true,
      },
      {
        when: { type: "event", event: EVENTS.productViewed, where: [] },
        who: isIn("seg_interested"),
        waitMs: MINUTE_MS,
        limits: { ...LIMITS, repeat: { type: "period", ms: 7 * DAY_MS } },
      },
    ),
  },
  {
    key: "cart-left",
    stage: "Cart left",
    sentence:
      "Who left a cart sees the dearest thing in it at 10 % less, with a code that nobody else has.",
    definition: trigger(
      "Cart left",
      {
        type: "popup",
        place: "centre",
        from: FREE,
        heading: "Your cart is still here",
        text: "With the code {{ code }} it costs you 10\u00a0% less.",
        imageUrl: null,
        button: null,
        card: {
          product: { from: "cart" },
          discount: { type: "percent", off: 10 },
          code: { type: "personal", prefix: "BACK" },
        },
        canAnswer: true,
      },
      {
        when: { type: "segment", segment: asId("seg", "seg_cartleft"), on: "enter" },
        limits: { ...LIMITS, priority: 80, repeat: { type: "period", ms: 30 * DAY_MS } },
      },
    ),
  },
  {
    key: "thank-you",
    stage: "Bought once",
    sentence: "An hour after the first order, says thank you and that questions are welcome.",
    definition: trigger(
      "Thank you for the first order",
      chat(`${HELLO}, thank you for your order. If anything is not as you expected, write here.`),
      {
        when: { type: "event", event: EVENTS.orderCompleted, where: [] },
        who: isIn("seg_boughtonce"),
        waitMs: HOUR_MS,
        limits: { ...LIMITS, quietHours: NIGHT },
        goal: { ...ORDERS, windowMs: 30 * DAY_MS },
      },
    ),
  },
  {
    key: "regular",
    stage: "Repeat customer",
    sentence:
      "An hour after a second order, the customer hears that they have a direct line to the team.",
    definition: trigger(
      "A direct line for regulars",
      chat(
        `${HELLO}, good to have you back. You write to us directly here, and we answer you first.`,
      ),
      {
        when: { type: "event", event: EVENTS.orderCompleted, where: [] },
        who: isIn("seg_repeat"),
        waitMs: HOUR_MS,
        limits: { ...LIMITS, quietHours: NIGHT },
        goal: { ...ORDERS, windowMs: 30 * DAY_MS },
      },
    ),
  },
  {
    key: "welcome-back",
    stage: "Gone quiet",
    sentence: "Who comes back after a month or more is welcomed and asked what would help.",
    definition: trigger(
      "Welcome back",
      chat(`${HELLO}, it has been a while. Shall I tell you what is new?`),
      {
        when: { type: "segment", segment: asId("seg", "seg_quiet"), on: "leave" },
        limits: { ...LIMITS, repeat: { type: "period", ms: 30 * DAY_MS } },
      },
    ),
  },
];
