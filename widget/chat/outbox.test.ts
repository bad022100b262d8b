import { describe, expect, test } from "vitest";
import { asId } from "../../protocol/ids.ts";
import { createMemory, type Memory } from "../memory.ts";
import { createOutbox, FOREIGN_KEPT_MS } from "./outbox.ts";

const [ann, ben] = [asId("vis", "vis_ann"), asId("vis", "vis_ben")];
const newMemory = () =>
  createMemory("parley:pk", () => {
    throw new Error("in memory");
  });
function make(memory: Memory = newMemory(), name = "load", clock = { at: 1_000 }) {
  let streams = 0;
  return createOutbox(
    memory,
    () => `${name}${++streams}`,
    () => clock.at,
  );
}
const keys = (items: readonly { key: string }[]) => items.map(({ key }) => key);

describe("messages on their way", () => {
  test("are numbered from 1 in one stream and sent oldest first", () => {
    const outbox = make();
    for (const text of ["a", "b", "c"]) outbox.add(text);
    expect(outbox.next().map(({ stream, n, text }) => [stream, n, text])).toEqual([
      ["load1", 1, "a"],
      ["load1", 2, "b"],
      ["load1", 3, "c"],
    ]);
  });

  test("are never more than 32 at once", () => {
    const outbox = make();
    for (let i = 0; i < 40; i++) outbox.add(`${i}`);
    for (const item of outbox.next()) item.state = "flying";
    expect(outbox.all().filter(({ state }) => state === "flying")).toHaveLength(32);
    expect(outbox.next()).toEqual([]);
    const [first] = outbox.all();
    if (first) outbox.take(first);
    expect(keys(outbox.next())).toEqual(["load1:33"]);
  });

  test("that a closed page left behind go on under the same numbers, before newer ones", () => {
    const memory = newMemory();
    const clock = { at: 1_000 };
    const first = make(memory, "first", clock);
    first.add("one");
    const acknowledged = first.add("two");
    first.add("three");
    first.take(acknowledged);
    clock.at = 5_000;
    const second = make(memory, "second", clock);
    second.add("four");
    second.adopt(0, () => true);
    expect(keys(second.next())).toEqual(["first1:1", "first1:3", "second1:1"]);
    second.adopt(0, () => true);
    expect(second.all()).toHaveLength(3);
  });

  test("of a page that is still busy with them are left to it", () => {
    const memory = newMemory();
    const clock = { at: 1_000 };
    make(memory, "busy", clock).add("mine");
    const other = make(memory, "other", clock);
    clock.at = 10_999;
    other.adopt(10_000, () => true);
    expect(other.all()).toEqual([]);
    clock.at = 11_000;
    other.adopt(10_000, () => true);
    expect(keys(other.all())).toEqual(["busy1:1"]);
  });

  test("leave nothing in the storage once they are acknowledged", () => {
    const memory = newMemory();
    const outbox = make(memory);
    const items = ["a", "b"].map((text) => outbox.add(text));
    expect(memory.recall(":unsent")).toBe("1");
    for (const item of items) outbox.take(item);
    expect(memory.names(":")).toEqual([]);
  });

  test("that were refused are kept, and what follows has a stream without the hole", () => {
    const memory = newMemory();
    const outbox = make(memory);
    const refused = outbox.add("a");
    outbox.refuse(refused, "rate_limited");
    const after = outbox.add("b");
    expect([after.stream, after.n]).toEqual(["load2", 1]);
    expect(keys(outbox.next())).toEqual(["load2:1"]);
    const reloaded = make(memory, "later");
    reloaded.adopt(0, () => true);
    expect(reloaded.all().map(({ text, state }) => [text, state])).toEqual([
      ["a", "refused"],
      ["b", "waiting"],
    ]);
  });

  test("go again under the same number when the person tries again, as they may have arrived after all", () => {
    const outbox = make();
    const item = outbox.add("a");
    outbox.refuse(item, "overloaded");
    outbox.retry(item);
    expect(keys(outbox.next())).toEqual(["load1:1"]);
  });

  test("go again under a new number when theirs means something else by now", () => {
    const outbox = make();
    const item = outbox.add("a");
    outbox.refuse(item, "client_id_conflict");
    outbox.retry(item);
    expect(outbox.all().map(({ key, text }) => [key, text])).toEqual([["load2:1", "a"]]);
  });

  test("are forgotten with their visitor", () => {
    const memory = newMemory();
    const outbox = make(memory);
    outbox.add("a");
    outbox.sign(ann);
    outbox.clear();
    expect(outbox.all()).toEqual([]);
    expect(memory.names(":")).toEqual([]);
    expect(outbox.add("b").key).toBe("load2:1");
  });

  test("that nobody has signed yet are whoever's comes next", () => {
    const memory = newMemory();
    const outbox = make(memory);
    outbox.add("Ann's");
    outbox.sign(ann);
    outbox.add("Ben's");
    outbox.clear();
    outbox.sign(ben);
    outbox.sign(ann);
    expect(outbox.all().map(({ text, whose }) => [text, whose])).toEqual([["Ben's", ben]]);
  });

  test("of somebody else are left where they are", () => {
    const memory = newMemory();
    const former = make(memory, "first");
    former.add("Ann's");
    former.sign(ann);
    const later = make(memory, "second");
    later.adopt(0, (whose) => whose === ben);
    expect(later.all()).toEqual([]);
    later.adopt(0, (whose) => whose === ann);
    expect(later.all().map(({ text, whose }) => [text, whose])).toEqual([["Ann's", ann]]);
  });

  test.each([
    [FOREIGN_KEPT_MS - 1, ":out:first1:1"],
    [FOREIGN_KEPT_MS, ":out:first1:1"],
    [FOREIGN_KEPT_MS + 1, undefined],
  ])(
    "of somebody else are forgotten after a day (%i ms), once it is known who is here",
    (age, left) => {
      const memory = newMemory();
      const clock = { at: 1_000 };
      const former = make(memory, "first", clock);
      former.add("Ann's");
      former.sign(ann);
      clock.at += age;
      const later = make(memory, "second", clock);
      later.adopt(0, (whose) => whose === ben);
      expect(memory.names(":out:")).toEqual([":out:first1:1"]);
      later.adopt(0, (whose) => whose === ben, true);
      expect(memory.names(":out:")).toEqual(left === undefined ? [] : [left]);
      expect(memory.recall(":unsent")).toBe(left === undefined ? undefined : "1");
      expect(later.all()).toEqual([]);
    },
  );

  test("whose kept form is damaged are passed over", () => {
    const memory = newMemory();
    memory.keep(":out:odd:1", "{");
    const outbox = make(memory);
    outbox.adopt(0, () => true);
    expect(outbox.all()).toEqual([]);
  });

  test("that are no text are left alone, and the others are adopted", () => {
    const memory = newMemory();
    memory.keep(":out:old:1", JSON.stringify({ at: 1 }));
    memory.keep(":out:old:2", JSON.stringify({ text: 42, at: 1 }));
    memory.keep(":out:old:3", "null");
    memory.keep(":out:old:4", JSON.stringify({ text: "kept", at: 1 }));
    const outbox = make(memory);
    outbox.adopt(0, () => true);
    expect(keys(outbox.all())).toEqual(["old:4"]);
  });
});
