import { describe, expect, test } from "vitest";
import { createMemory } from "./memory.ts";

/** A storage of the browser, as far as memory uses it; `room` is how many things fit. */
function fakeStorage(room = Infinity): Storage {
  const things: Record<string, string> = {};
  const methods = {
    getItem: (name: string) => things[name] ?? null,
    setItem(name: string, value: string) {
      if (!(name in things) && Object.keys(things).length >= room) throw new Error("quota");
      things[name] = value;
    },
    removeItem: (name: string) => void delete things[name],
  };
  // Names of a real storage are its own keys, and its methods are not.
  return new Proxy(things, {
    get: (_, name) => Reflect.get(methods, name),
  }) as unknown as Storage;
}
const blocked = (): Storage => {
  throw new DOMException("denied", "SecurityError");
};

describe("what the chat keeps", () => {
  test.each([
    ["in the storage", () => createMemory("parley:pk", () => storage)],
    ["in memory when storage is blocked", () => createMemory("parley:pk", blocked)],
    ["in memory when storage is full", () => createMemory("parley:pk", () => fakeStorage(0))],
  ])("comes back, is listed and is forgotten, %s", (_, make) => {
    const memory = make();
    memory.keep(":out:a:1", "one");
    memory.keep(":out:a:2", "two");
    memory.keep(":muted", "1");
    expect(memory.recall(":out:a:1")).toBe("one");
    expect(memory.names(":out:").sort()).toEqual([":out:a:1", ":out:a:2"]);
    memory.keep(":out:a:1");
    expect(memory.recall(":out:a:1")).toBeUndefined();
    expect(memory.names(":out:")).toEqual([":out:a:2"]);
  });
  const storage = fakeStorage();

  test("of another site key stays apart", () => {
    const shared = fakeStorage();
    const one = createMemory("parley:pk_a", () => shared);
    const other = createMemory("parley:pk_b", () => shared);
    one.keep(":muted", "1");
    expect(other.recall(":muted")).toBeUndefined();
    expect(other.names(":")).toEqual([]);
  });

  test("by the page alone is forgotten with the visitor", () => {
    const memory = createMemory("parley:pk", blocked);
    memory.keep(":draft:new", "secret");
    memory.clear();
    expect(memory.recall(":draft:new")).toBeUndefined();
    expect(memory.names(":")).toEqual([]);
  });
});
