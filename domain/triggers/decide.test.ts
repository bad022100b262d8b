import { expect, test } from "vitest";
import { asId } from "../../protocol/ids.ts";
import type { Action, TriggerDefinition } from "../../protocol/triggers.ts";
import { NOBODY } from "../segments/draft-view.ts";
import { decide, type DecisionInput } from "./decide.ts";
import type { Decision } from "./firing.ts";
import {
  ANNA,
  BELA,
  chatSaying,
  FIRING,
  HOUR,
  input,
  LIMITS,
  live,
  MINUTE,
  NOON,
  popup,
  variant,
  visitorNamed,
} from "./testing/samples.ts";

const SENT = { kind: "send", variant: "a", content: { text: "Hello" }, from: ANNA };
const record = { assigned: [], exposures: 1, lastAt: NOON - HOUR, isRefused: false };
const ALERT: Action = { type: "alert", text: "Look" };

function skipped(reason: string, variant: string | null = null, detail: string | null = null) {
  return { kind: "skip", reason, detail, variant };
}

function limited(
  limits: Partial<TriggerDefinition["limits"]>,
  action: Action = chatSaying("Hello"),
) {
  return live({ limits: { ...LIMITS, ...limits }, variants: [variant("a", action)] });
}

/** Somebody who is held out at a half, and somebody who is not. */
function person(isHeldOut: boolean, trigger = live({ holdOut: 50 })) {
  for (let n = 0; ; n++) {
    const visitor = visitorNamed(n);
    if ((decide(input({ trigger, visitor })).kind === "held_out") === isHeldOut) return visitor;
  }
}

const cases: [name: string, over: Partial<DecisionInput>, becomes: unknown][] = [
  ["is sent", {}, SENT],
  ["is skipped when its trigger is not live", { trigger: null }, skipped("not_live")],
  [
    "of an older version is decided by the version that is live",
    { trigger: live({ variants: [variant("b", chatSaying("New"))] }, "trg_a", 2) },
    { kind: "send", variant: "b", content: { text: "New" } },
  ],
  [
    "waits until its wait is over",
    { trigger: live({ waitMs: HOUR }), now: NOON + HOUR - 1 },
    { kind: "wait", until: NOON + HOUR },
  ],
  ["is sent as its wait ends", { trigger: live({ waitMs: HOUR }), now: NOON + HOUR }, SENT],
  [
    "is not looked at further while it waits",
    { trigger: live({ waitMs: HOUR }), holdsWho: false },
    { kind: "wait", until: NOON + HOUR },
  ],
  [
    "is skipped when it is not for them any more",
    { holdsWho: false },
    skipped("no_longer_matches"),
  ],
  [
    "is skipped when they refused it",
    { record: { ...record, isRefused: true } },
    skipped("refused"),
  ],
  ["that may fire once is skipped after an exposure", { record }, skipped("repeated")],
  [
    "is sent when they only refused nothing and saw nothing",
    { record: { ...record, exposures: 0, lastAt: null } },
    SENT,
  ],
  [
    "within its period is skipped",
    {
      trigger: limited({ repeat: { type: "period", ms: HOUR } }),
      record: { ...record, lastAt: NOON - HOUR + 1 },
    },
    skipped("repeated"),
  ],
  [
    "as its period ends is sent",
    { trigger: limited({ repeat: { type: "period", ms: HOUR } }), record },
    SENT,
  ],
  [
    "that may always fire is sent again",
    { trigger: limited({ repeat: { type: "always" } }), record: { ...record, lastAt: NOON } },
    SENT,
  ],
  [
    "in quiet hours waits for their end in the person's zone",
    {
      trigger: limited({ quietHours: { from: "13:00", to: "15:00" } }),
      timeZone: "Europe/Berlin",
    },
    { kind: "wait", until: NOON + HOUR },
  ],
  [
    "after quiet hours is sent",
    {
      trigger: limited({ quietHours: { from: "13:00", to: "14:00" } }),
      timeZone: "Europe/Berlin",
    },
    SENT,
  ],
  [
    "for the team knows no quiet hours",
    { trigger: limited({ quietHours: { from: "11:00", to: "13:00" } }, ALERT) },
    { kind: "send", alert: "Look", content: null, from: null },
  ],
  [
    "that needs somebody online is skipped when nobody is",
    { trigger: limited({ onlyWhenOnline: true }), team: { online: [], others: [BELA] } },
    skipped("nobody_online", "a"),
  ],
  [
    "that needs somebody online is sent when somebody is",
    { trigger: limited({ onlyWhenOnline: true }) },
    SENT,
  ],
  [
    "is skipped in a conversation where it may not disturb",
    { trigger: limited({ notInConversation: true }), isInConversation: true },
    skipped("in_conversation", "a"),
  ],
  ["is sent into a conversation where it may", { isInConversation: true }, SENT],
  [
    "at the cap is skipped",
    { cap: { messages: 2, ms: HOUR }, capTimes: [NOON - HOUR + 1, NOON - 1] },
    skipped("capped", "a"),
  ],
  [
    "below the cap is sent: what is as old as its window does not count",
    { cap: { messages: 2, ms: HOUR }, capTimes: [NOON - HOUR, NOON - 1] },
    SENT,
  ],
  [
    "that is not capped is sent at the cap",
    { trigger: limited({ isCapped: false }), cap: { messages: 1, ms: HOUR }, capTimes: [NOON] },
    SENT,
  ],
  [
    "for the team is never capped",
    { trigger: limited({}, ALERT), cap: { messages: 1, ms: HOUR }, capTimes: [NOON] },
    { kind: "send", alert: "Look" },
  ],
  [
    "is said by anybody when nobody is online",
    { team: { online: [], others: [BELA] } },
    { kind: "send", from: BELA },
  ],
  [
    "is skipped when there is nobody at all",
    { team: { online: [], others: [] } },
    skipped("no_operator", "a"),
  ],
  [
    "for the team needs nobody to say it",
    { trigger: limited({}, ALERT), team: { online: [], others: [] } },
    { kind: "send", alert: "Look", from: null },
  ],
  [
    "is said by who was chosen, online or not",
    {
      trigger: limited(
        {},
        { ...chatSaying("Hello"), from: { type: "operator", operator: BELA.id } },
      ),
    },
    { kind: "send", from: BELA },
  ],
  [
    "is skipped when who was chosen is gone",
    {
      trigger: limited(
        {},
        {
          ...chatSaying("Hello"),
          from: { type: "operator", operator: "opr_gone" },
        },
      ),
    },
    skipped("no_operator", "a"),
  ],
  [
    "with a place that nothing fills is skipped, and the place is named",
    { trigger: limited({}, chatSaying("Hi {{ person.nickname }}")) },
    skipped("missing_value", "a", "person.nickname"),
  ],
  [
    "with a card is skipped when there is no product",
    {
      view: NOBODY,
      trigger: limited(
        {},
        popup({ card: { product: { from: "cart" }, discount: null, code: null } }),
      ),
    },
    skipped("no_product", "a", "cart"),
  ],
  [
    "speaks of its event",
    {
      firing: { ...FIRING, event: { name: "Products Searched", props: { query: "samovar" } } },
      trigger: limited({}, chatSaying("{{ event.query }}, {{ event.event }}")),
    },
    { kind: "send", content: { text: "samovar, Products Searched" } },
  ],
];

test.each(cases)("A firing %s", (_, over, becomes) => {
  expect(decide(input(over))).toMatchObject(becomes as Decision);
});

const held = { visitor: person(true), trigger: live({ holdOut: 50 }) };

test("A held-out person is given nothing but the fact", () => {
  expect(decide(input(held))).toEqual({ kind: "held_out", variant: null });
  expect(decide(input({ ...held, visitor: person(false) })).kind).toBe("send");
});

test("Held-out people pass every check that treated ones pass", () => {
  for (const [, over, becomes] of cases) {
    const given = (over.trigger === undefined ? live() : over.trigger) ?? null;
    if (given === null) continue;
    const assigned = [{ version: given.version, variant: null }];
    const record = {
      ...(over.record ?? { exposures: 0, lastAt: null, isRefused: false }),
      assigned,
    };
    const { kind } = becomes as Decision;
    const wanted = kind === "send" ? { kind: "held_out", variant: null } : becomes;
    expect(decide(input({ ...over, record }))).toMatchObject(wanted as Decision);
  }
});

test("The same firing is decided alike however often it is looked at", () => {
  const trigger = live({
    variants: [
      variant(
        "a",
        popup({
          text: "{{ code }}",
          card: {
            product: { from: "cart" },
            discount: { type: "percent", off: 10 },
            code: { type: "personal", prefix: "BACK" },
          },
        }),
      ),
    ],
  });
  const first = decide(input({ trigger }));
  expect(first).toMatchObject({ kind: "send", code: expect.stringMatching(/^BACK-[2-9A-Z]{8}$/) });
  expect(decide(input({ trigger, now: NOON + MINUTE }))).toEqual(first);
  const other = decide(input({ trigger, deliveryId: asId("dlv", "dlv_2") }));
  expect(other).not.toEqual(first);
});
