import { expect, test } from "vitest";
import { asId } from "../../protocol/ids.ts";
import { deliveryId } from "./delivery-id.ts";
import { hash128, share } from "./hash.ts";
import { NOON, visitorNamed } from "./testing/samples.ts";

const TRIGGER = asId("trg", "trg_a");

test("A share is the same for the same text and lies from 0 up to 1", () => {
  for (let i = 0; i < 1_000; i++) {
    const text = `visitor ${i}`;
    expect(share(text)).toBe(share(text));
    expect(share(text)).toBeGreaterThanOrEqual(0);
    expect(share(text)).toBeLessThan(1);
  }
});

test("Shares of texts that differ in one digit are spread evenly over a hundred parts", () => {
  const counts = Array.from({ length: 100 }, () => 0);
  for (let i = 0; i < 20_000; i++) {
    const part = Math.floor(share(`vis_${i}`) * 100);
    counts[part] = (counts[part] ?? 0) + 1;
  }
  const chiSquare = counts.reduce((sum, count) => sum + (count - 200) ** 2 / 200, 0);
  // 99.9 % of even spreads over 100 parts stay below this.
  expect(chiSquare).toBeLessThan(148.2);
});

test("The four parts of a hash are not one another's, and one letter changes all of them", () => {
  const [a, b] = [hash128("one"), hash128("onf")];
  expect(new Set([...a, ...b]).size).toBe(8);
});

test("A delivery has the same id at every try, and another for every firing, trigger and visitor", () => {
  const id = deliveryId(visitorNamed(1), TRIGGER, "1", NOON);
  expect(deliveryId(visitorNamed(1), TRIGGER, "1", NOON)).toBe(id);
  const others = [
    deliveryId(visitorNamed(1), TRIGGER, "2", NOON),
    deliveryId(visitorNamed(2), TRIGGER, "1", NOON),
    deliveryId(visitorNamed(1), asId("trg", "trg_b"), "1", NOON),
  ];
  expect(new Set([id, ...others]).size).toBe(4);
});

test("Fifty thousand firings of one visitor have fifty thousand ids", () => {
  const ids = Array.from({ length: 50_000 }, (_, n) =>
    deliveryId(visitorNamed(1), TRIGGER, `${n}`, NOON),
  );
  expect(new Set(ids).size).toBe(50_000);
});
