import { expect, test } from "vitest";
import { asId } from "../../../protocol/ids.ts";
import { SKIP_REASONS, type Delivery } from "../../../protocol/triggers.ts";
import { deliveryWords } from "./delivery-words.ts";
import { skipWords } from "./skip-words.ts";

const HOUR = 3_600_000;
const now = Date.UTC(2026, 10, 18, 12);
const clock = { now, timeZone: "UTC", locale: "en-GB" };

const delivery = (change: Partial<Delivery>): Delivery => ({
  id: asId("dlv", "dlv_1"),
  trigger: asId("trg", "trg_1"),
  version: 1,
  name: "Cart left",
  variant: "b",
  variantName: "B",
  action: "popup",
  state: "sent",
  reason: null,
  detail: null,
  firedAt: now,
  decidedAt: now,
  deliveredAt: null,
  seenAt: null,
  clickedAt: null,
  answeredAt: null,
  closedAt: null,
  goalAt: null,
  goalValue: null,
  goalOrder: null,
  code: null,
  ...change,
});
const words = (change: Partial<Delivery>, others: Delivery[] = []): string =>
  deliveryWords(delivery(change), others, clock).text;

test("what was sent says how far it came", () => {
  expect([
    words({}),
    words({ deliveredAt: now }),
    words({ deliveredAt: now, seenAt: now }),
    words({ seenAt: now, closedAt: now }),
    words({ seenAt: now, answeredAt: now, closedAt: now }),
    words({ clickedAt: now, goalAt: now }),
    words({ action: "alert", deliveredAt: now }),
  ]).toEqual([
    "Waits until they are on the site",
    "Sent, not seen yet",
    "Seen",
    "Closed",
    "Answered",
    "Clicked, reached the goal",
    "Told the team",
  ]);
  expect(words({ goalAt: now, goalValue: { amountMinor: 2_450, currency: "EUR" } })).toMatch(
    /^Reached the goal, .*24\.50/,
  );
});

test("who is held out is told from who was not sent something for a reason", () => {
  expect(words({ state: "held_out" })).toMatch(/^Held out: sent nothing/);
  expect(words({ state: "held_out", goalAt: now })).toBe(
    "Held out, and reached the goal without it",
  );
  expect(words({ state: "skipped", reason: "nobody_online" })).toBe(
    "Not sent: nobody of the team was online",
  );
  expect(words({ state: "skipped", reason: "missing_value", detail: "name" })).toBe(
    "Not sent: nothing is known to fill ‘name’ in the text",
  );
});

test("who got it before is told when, by the newest time before this one", () => {
  const repeated = { state: "skipped", reason: "repeated" } as const;
  expect(words(repeated)).toBe("Not sent: got it as often as its rule allows");
  expect(
    words(repeated, [
      delivery({ decidedAt: now - 3 * HOUR }),
      delivery({ decidedAt: now - 5 * HOUR }),
      delivery({ decidedAt: now - HOUR, trigger: asId("trg", "trg_other") }),
      delivery({ decidedAt: now - HOUR, ...repeated }),
    ]),
  ).toBe("Not sent: already got it 3 h ago");
  expect(words(repeated, [delivery({ decidedAt: now - 2 * HOUR, state: "held_out" })])).toBe(
    "Not sent: was held out 2 h ago already",
  );
});

test("every reason has words of its own", () => {
  const all = [...SKIP_REASONS, null].map((reason) => skipWords(reason, null));
  expect(new Set(all).size).toBe(all.length);
});
