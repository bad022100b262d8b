import { describe, expect, test, vi } from "vitest";

vi.stubGlobal("window", globalThis);
const { createFacts } = await import("./facts.ts");

const make = () => createFacts("load");
const numbers = (facts: ReturnType<typeof make>) => facts.batch().facts.map(({ n }) => n);

describe("facts of one page load", () => {
  test("are numbered from 1 without gaps, and stay until they are settled", () => {
    const facts = make();
    for (let i = 0; i < 3; i++) facts.note({ type: "track", name: `E${i}` });
    expect(facts.batch()).toEqual({
      stream: "load",
      sentAt: expect.any(Number),
      facts: [0, 1, 2].map((i) => ({
        type: "track",
        name: `E${i}`,
        n: i + 1,
        at: expect.any(Number),
      })),
    });
    expect(numbers(facts)).toEqual([1, 2, 3]);
    facts.settle(2);
    expect(numbers(facts)).toEqual([3]);
    facts.settle(0);
    expect(numbers(facts)).toEqual([3]);
  });

  test("go in batches of the ten oldest, or as many as are asked for", () => {
    const facts = make();
    for (let i = 0; i < 120; i++) facts.note({ type: "time", ms: i });
    expect(numbers(facts)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(facts.batch(50).facts).toHaveLength(50);
    facts.settle(10);
    facts.settle(115);
    expect(numbers(facts)).toEqual([116, 117, 118, 119, 120]);
  });

  test("keep what was meant when they were told, whatever the page does with its objects", () => {
    const facts = make();
    const props = { step: 1 };
    facts.note({ type: "track", name: "Step", props });
    props.step = 2;
    expect(facts.batch().facts[0]).toMatchObject({ props: { step: 1 } });
  });

  test("that are no JSON take no number", () => {
    const facts = make();
    const loop: { self?: unknown } = {};
    loop.self = loop;
    expect(() => facts.note({ type: "track", name: "Loop", props: loop as never })).toThrow();
    facts.note({ type: "track", name: "After" });
    expect(numbers(facts)).toEqual([1]);
  });

  test("can get their title late", () => {
    const facts = make();
    Object.assign(facts.note({ type: "page", url: "https://a.test/" }), {
      title: "Set afterwards",
    });
    expect(facts.batch().facts[0]).toMatchObject({ title: "Set afterwards" });
  });
});
