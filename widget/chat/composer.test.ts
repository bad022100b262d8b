import { beforeEach, expect, test, vi } from "vitest";
import { english } from "../languages/texts.ts";
import { createMemory, type Memory } from "../memory.ts";
import { createComposer } from "./composer.ts";

type Listeners = { input?: () => void };
type Field = { value: string; props: Listeners };
const made = vi.hoisted(() => ({ field: undefined as Field | undefined }));
/** How it looks is seen in a real browser. */
vi.mock("../element.ts", () => ({
  icon: () => ({}),
  element(tag: string, props: Listeners) {
    const node = { value: "", props, style: {}, classList: { toggle() {} }, focus() {} };
    if (tag === "textarea") made.field = node;
    return node;
  },
}));

let stored: Record<string, string>;
let memory: Memory;
let composer: ReturnType<typeof createComposer>;
beforeEach(() => {
  stored = { "parley:pk": "token" };
  const storage = {
    getItem: (name: string) => stored[name] ?? null,
    setItem: (name: string, value: string) => void (stored[name] = value),
    removeItem: (name: string) => void delete stored[name],
  };
  memory = createMemory("parley:pk", () => storage as unknown as Storage);
  composer = createComposer(
    english,
    memory,
    () => {},
    () => {},
  );
});

const field = () => made.field ?? expect.unreachable("no field");
function type(text: string) {
  field().value = text;
  field().props.input?.();
}
const kept = () => ({ ...stored });

test("a draft is kept where it is written, and one from before the conversation comes along", () => {
  composer.turnTo("vis_1");
  type("Hello");
  expect(kept()).toEqual({ "parley:pk": "token", "parley:pk:draft:vis_1": "Hello" });
  composer.turnTo("cnv_1");
  expect(kept()).toEqual({ "parley:pk": "token", "parley:pk:draft:cnv_1": "Hello" });
  composer.rest();
  composer.turnTo("cnv_2");
  expect(field().value).toBe("");
  composer.rest();
  composer.turnTo("cnv_1");
  expect(field().value).toBe("Hello");
});

test.each(["cnv_1", "cnv_2"])(
  "while nobody knows who is here it is out of sight; the same person finds it again, in %s",
  (then) => {
    composer.turnTo("cnv_1");
    type("Hello");
    composer.hide();
    composer.hide();
    expect(field().value).toBe("");
    composer.turnTo(then);
    expect(field().value).toBe("Hello");
    expect(kept()).toEqual({ "parley:pk": "token", [`parley:pk:draft:${then}`]: "Hello" });
  },
);

test("of somebody else nothing is left, and what was written since they were hidden is not theirs", () => {
  composer.turnTo("cnv_1");
  type("Ann's");
  composer.hide();
  type("Ben's");
  expect(JSON.stringify(kept())).not.toContain("Ben's");
  composer.clear();
  composer.turnTo("vis_2");
  expect(field().value).toBe("Ben's");
  expect(kept()).toEqual({ "parley:pk": "token", "parley:pk:draft:vis_2": "Ben's" });
});

test("of somebody who is seen to be another one at once nothing is left either", () => {
  composer.turnTo("cnv_1");
  type("Ann's");
  composer.clear();
  composer.turnTo("vis_2");
  expect([field().value, kept()]).toEqual(["", { "parley:pk": "token" }]);
});

test("the browser's right is neither shown nor written over, whatever comes before a place is known", () => {
  for (const first of [() => composer.hide(), () => composer.rest(), () => composer.clear()]) {
    first();
    type("x");
    type("");
    composer.put("");
    composer.turnTo("vis_1");
    expect([field().value, kept()["parley:pk"]]).toEqual(["", "token"]);
    composer.rest();
  }
});
