import { beforeEach, expect, test, vi } from "vitest";
import type { Core } from "./core.ts";
import { createMemory, type Memory } from "./memory.ts";
import { createReactions } from "./reactions.ts";

let memory: Memory;
let told: string[];

const make = (options: Core["options"] = {}) =>
  createReactions(
    {
      options,
      tell: (fact) => {
        if (fact.type === "reaction") told.push(`${fact.did} ${fact.delivery}`);
        return fact as never; // nobody reads it here
      },
    },
    memory,
  );

beforeEach(() => {
  vi.useFakeTimers();
  told = [];
  memory = createMemory("parley:pk", () => {
    throw new Error("in memory");
  });
});

test("what stays in sight for a second has been seen, once", () => {
  const reactions = make();
  reactions.look(["a"]);
  vi.advanceTimersByTime(999);
  reactions.look(["a"]);
  expect(told).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(told).toEqual(["seen a"]);
  reactions.look([]);
  reactions.look(["a"]);
  vi.advanceTimersByTime(5_000);
  expect(told).toEqual(["seen a"]);
});

test("what was out of sight in between begins its second anew", () => {
  const reactions = make();
  reactions.look(["a", "b"]);
  vi.advanceTimersByTime(600);
  reactions.look(["b"]);
  vi.advanceTimersByTime(300);
  reactions.look(["a", "b"]);
  vi.advanceTimersByTime(100);
  expect(told).toEqual(["seen b"]);
  vi.advanceTimersByTime(900);
  expect(told).toEqual(["seen b", "seen a"]);
});

test("a reaction that this browser has told is not told by the next page", () => {
  make().react("a", "closed");
  const next = make();
  next.react("a", "closed");
  next.react("a", "clicked");
  expect(told).toEqual(["closed a", "clicked a"]);
  expect(next.has("a", "closed")).toBe(true);
  expect(next.has("b", "closed")).toBe(false);
});

test("an answer is remembered and tells itself", () => {
  const reactions = make();
  reactions.react("a", "answered");
  expect(reactions.has("a", "answered")).toBe(true);
  expect(told).toEqual([]);
});

test("the newest hundred are remembered", () => {
  const reactions = make();
  for (let i = 0; i <= 100; i++) reactions.react(`d${i}`, "closed");
  expect(reactions.has("d0", "closed")).toBe(false);
  expect(reactions.has("d1", "closed")).toBe(true);
  expect(reactions.has("d100", "closed")).toBe(true);
});

test("a preview tells and remembers nothing", () => {
  const reactions = make({ preview: {} as never });
  reactions.look(["a"]);
  vi.advanceTimersByTime(2_000);
  reactions.react("a", "closed");
  expect(told).toEqual([]);
  expect(reactions.has("a", "closed")).toBe(false);
});
