import fc from "fast-check";
import { expect, test } from "vitest";
import { asId } from "../../protocol/ids.ts";
import type { MessageCap, TriggerDefinition } from "../../protocol/triggers.ts";
import type { LiveTrigger } from "../segments/definitions.ts";
import { withExposure } from "./assignment.ts";
import { decide } from "./decide.ts";
import { deliveryId } from "./delivery-id.ts";
import type { Decision, Firing, TriggerRecord } from "./firing.ts";
import { quietUntil } from "./quiet-hours.ts";
import {
  chatSaying,
  definition,
  HOUR,
  input,
  MINUTE,
  NOON,
  variant,
  visitorNamed,
} from "./testing/samples.ts";

/** One person's life: firings at random times, each looked at again as often as it asks for, as an object does it. */

type Outcome = { trigger: LiveTrigger; at: number; decision: Decision };

const repeat = fc.oneof(
  fc.constant({ type: "once" as const }),
  fc.constant({ type: "always" as const }),
  fc.record({
    type: fc.constant("period" as const),
    ms: fc.integer({ min: MINUTE, max: 6 * HOUR }),
  }),
);
const trigger: fc.Arbitrary<TriggerDefinition> = fc
  .record({
    waitMs: fc.constantFrom(0, 0, MINUTE, HOUR),
    holdOut: fc.constantFrom(0, 20, 50),
    repeat,
    isCapped: fc.boolean(),
    quietHours: fc.constantFrom(
      null,
      { from: "22:00", to: "08:00" },
      { from: "12:30", to: "14:00" },
    ),
    texts: fc.array(fc.constantFrom("Hello", "Hi {{ person.name }}", "{{ person.none }}"), {
      minLength: 1,
      maxLength: 3,
    }),
  })
  .map(({ waitMs, holdOut, texts, repeat, isCapped, quietHours }) =>
    definition({
      waitMs,
      holdOut,
      variants: texts.map((text, i) => variant(`v${i}`, chatSaying(text))),
      limits: {
        repeat,
        isCapped,
        quietHours,
        onlyWhenOnline: false,
        notInConversation: false,
        priority: 50,
      },
    }),
  );

const life = fc.record({
  definitions: fc.array(trigger, { minLength: 1, maxLength: 3 }),
  cap: fc.option(
    fc.record({
      messages: fc.integer({ min: 1, max: 3 }),
      ms: fc.integer({ min: MINUTE, max: 12 * HOUR }),
    }),
  ),
  steps: fc.array(
    fc.record({ after: fc.integer({ min: 0, max: 3 * HOUR }), of: fc.nat({ max: 2 }) }),
    { maxLength: 40 },
  ),
  visitor: fc.nat({ max: 1_000 }).map(visitorNamed),
});

function live(
  definitions: TriggerDefinition[],
  cap: MessageCap | null,
  steps: { after: number; of: number }[],
  visitor: ReturnType<typeof visitorNamed>,
): Outcome[] {
  const triggers = definitions.map((one, i) => ({
    id: asId("trg", `trg_${i}`),
    version: 1,
    definition: one,
    liveAt: NOON,
    sinceVersion: 1,
  }));
  const records = new Map<string, TriggerRecord>();
  const outcomes: Outcome[] = [];
  const capTimes: number[] = [];
  let waiting: Firing[] = [];
  let now = NOON;
  const look = () => {
    for (const firing of waiting.filter((one) => one.dueAt <= now)) {
      const trigger = triggers.find((one) => one.id === firing.trigger);
      if (trigger === undefined) continue;
      const record = records.get(trigger.id) ?? null;
      const id = deliveryId(visitor, trigger.id, firing.key, firing.at);
      const decision = decide(
        input({ firing, trigger, record, cap, capTimes, visitor, deliveryId: id, now }),
      );
      waiting = waiting.filter((one) => one.n !== firing.n);
      if (decision.kind === "wait") waiting.push({ ...firing, dueAt: decision.until });
      else outcomes.push({ trigger, at: now, decision });
      if (decision.kind === "send" || decision.kind === "held_out")
        records.set(trigger.id, withExposure(record, 1, decision.variant, now));
      if (decision.kind === "send" && trigger.definition.limits.isCapped) capTimes.push(now);
    }
  };
  for (const [n, { after, of }] of steps.entries()) {
    const until = now + after;
    for (;;) {
      const next = Math.min(until, ...waiting.map((one) => one.dueAt));
      now = Math.max(now, next);
      look();
      if (now >= until) break;
    }
    const trigger = triggers[of % triggers.length];
    if (trigger === undefined) continue;
    waiting.push({
      n,
      trigger: trigger.id,
      version: 1,
      key: `${n}`,
      at: now,
      event: null,
      dueAt: now,
    });
    look();
  }
  return outcomes;
}

const exposed = ({ decision: { kind } }: Outcome) => kind === "send" || kind === "held_out";

function everyLife(holds: (outcomes: Outcome[], cap: MessageCap | null) => void): void {
  fc.assert(
    fc.property(life, ({ definitions, cap, steps, visitor }) =>
      holds(live(definitions, cap, steps, visitor), cap),
    ),
    { numRuns: 300 },
  );
}

test("Whatever fires, a person is exposed once to what may fire once, and once in each period", () => {
  everyLife((outcomes) => {
    for (const trigger of new Set(outcomes.map((one) => one.trigger))) {
      const { repeat } = trigger.definition.limits;
      const times = outcomes.filter((one) => one.trigger === trigger && exposed(one));
      if (repeat.type === "once") expect(times.length).toBeLessThanOrEqual(1);
      if (repeat.type === "period")
        for (const [i, { at }] of times.entries())
          expect(at - (times[i - 1]?.at ?? -Infinity)).toBeGreaterThanOrEqual(repeat.ms);
    }
  });
});

test("Whatever fires, no window holds more capped messages than the cap", () => {
  everyLife((outcomes, cap) => {
    if (cap === null) return;
    const sent = outcomes.filter(
      ({ decision, trigger }) => decision.kind === "send" && trigger.definition.limits.isCapped,
    );
    for (const { at } of sent) {
      const window = sent.filter((one) => one.at <= at && at - one.at < cap.ms);
      expect(window.length).toBeLessThanOrEqual(cap.messages);
    }
  });
});

test("Whatever fires, who is held out stays so and is never given content, and nobody changes variants", () => {
  everyLife((outcomes) => {
    for (const trigger of new Set(outcomes.map((one) => one.trigger))) {
      const decisions = outcomes
        .filter((one) => one.trigger === trigger && exposed(one))
        .map((one) => one.decision);
      const arms = decisions.map((one) => (one.kind === "send" ? one.variant : null));
      expect(new Set(arms).size).toBeLessThanOrEqual(1);
      for (const one of decisions)
        if (one.kind === "held_out") expect(one).toEqual({ kind: "held_out", variant: null });
    }
  });
});

test("Whatever fires, nobody is written to in quiet hours", () => {
  everyLife((outcomes) => {
    for (const { at, trigger, decision } of outcomes) {
      const { quietHours } = trigger.definition.limits;
      if (decision.kind === "send" && quietHours !== null)
        expect(quietUntil(quietHours, "UTC", at)).toBeNull();
    }
  });
});
