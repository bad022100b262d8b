import { expect, test } from "vitest";
import { ARMED_MAX } from "../../protocol/limits.ts";
import type { TriggerDefinition } from "../../protocol/triggers.ts";
import { armedRules } from "./armed.ts";
import type { TriggerRecord } from "./firing.ts";
import { HOUR, LIMITS, live, NOON, visitorNamed } from "./testing/samples.ts";

const page: Partial<TriggerDefinition> = {
  when: { type: "page", page: { op: "contains", value: "/tea" }, moment: { on: "exit" } },
};

function armed(over: Partial<Parameters<typeof armedRules>[0]> = {}) {
  return armedRules({
    triggers: [live(page)],
    holdsWho: () => true,
    record: () => null,
    visitor: visitorNamed(1),
    now: NOON,
    ...over,
  });
}

const record = (over: Partial<TriggerRecord>): (() => TriggerRecord) => {
  return () => ({ assigned: [], exposures: 1, lastAt: NOON - HOUR, isRefused: false, ...over });
};

test("A page is told what to wait for, and nothing of what it would say", () => {
  const [one] = armed();
  expect(one?.key).toBe("p0.1");
  expect(Object.keys(one?.rule ?? {})).toEqual(["delivery", "trigger", "page", "moment"]);
  expect(one?.rule).toMatchObject({
    page: { op: "contains", value: "/tea" },
    moment: { on: "exit" },
  });
});

test("Held-out people's pages wait alike", () => {
  const visitors = Array.from({ length: 50 }, (_, n) => visitorNamed(n));
  const triggers = [live({ ...page, holdOut: 50 })];
  for (const visitor of visitors) expect(armed({ triggers, visitor })).toHaveLength(1);
});

test("A rule has one delivery until it fires, and another one after", () => {
  const idOf = (list: ReturnType<typeof armed>) => list[0]?.rule.delivery;
  const always = [live({ ...page, limits: { ...LIMITS, repeat: { type: "always" } } })];
  const first = idOf(armed({ triggers: always }));
  expect(idOf(armed({ triggers: always, now: NOON + HOUR }))).toBe(first);
  expect(idOf(armed({ triggers: always, record: record({}) }))).not.toBe(first);
  expect(idOf(armed({ triggers: always, visitor: visitorNamed(2) }))).not.toBe(first);
});

test("Who the trigger is not for, who refused it and who had it is not armed", () => {
  expect(armed({ holdsWho: () => false })).toEqual([]);
  expect(armed({ record: record({ exposures: 0, lastAt: null, isRefused: true }) })).toEqual([]);
  expect(armed({ record: record({}) })).toEqual([]);
});

test("A rule with a period is armed again as the period ends", () => {
  const limits = { ...LIMITS, repeat: { type: "period", ms: HOUR } } as const;
  const triggers = [live({ ...page, limits })];
  expect(armed({ triggers, record: record({ lastAt: NOON - HOUR + 1 }) })).toEqual([]);
  expect(armed({ triggers, record: record({ lastAt: NOON - HOUR }) })).toHaveLength(1);
});

test("Twenty rules are armed at most, those of the highest priority first", () => {
  const many = Array.from({ length: ARMED_MAX + 1 }, (_, n) =>
    live({ ...page, limits: { ...LIMITS, priority: n } }, `trg_${n}`),
  );
  expect(armed({ triggers: many.slice(1) })).toHaveLength(ARMED_MAX);
  const rules = armed({ triggers: many });
  expect(rules).toHaveLength(ARMED_MAX);
  expect(rules.map(({ trigger }) => trigger.definition.limits.priority)).toEqual(
    Array.from({ length: ARMED_MAX }, (_, n) => ARMED_MAX - n),
  );
});
