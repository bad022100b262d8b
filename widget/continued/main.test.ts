import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Core, Part } from "../core.ts";
import { english } from "../languages/texts.ts";
import start from "./main.ts";

type Node = { text: string; click?: () => void; isGone: boolean; remove(): void };
const made = vi.hoisted(() => ({ nodes: [] as Node[] }));
vi.mock("../colors.ts", () => ({ addStyles: () => {} }));
vi.mock("../element.ts", () => ({
  element(_: string, props: { click?: () => void }, ...children: unknown[]) {
    const node: Node = {
      ...props,
      text: children.filter((child) => typeof child === "string").join(""),
      isGone: false,
      remove: () => void (node.isGone = true),
    };
    made.nodes.push(node);
    return node;
  },
}));
vi.mock("../languages/choose.ts", () => ({
  chooseWords: async () => ({ texts: english, locale: "en" }),
}));

let kept: Record<string, string>;
let replaced: unknown[][];
let placed: unknown[];
let opened: number;
let called: string[];
beforeEach(() => {
  made.nodes = [];
  kept = { "parley:pk_1:next": "drawn before" };
  replaced = [];
  placed = [];
  opened = 0;
  called = [];
  vi.stubGlobal("localStorage", kept);
  vi.stubGlobal("location", { href: "https://shop.test/tea?parley_token=t1#cups" });
  vi.stubGlobal("window", { parley: (name: string) => void called.push(name) });
  class History {
    state = { of: "the page" };
    replaceState(...all: unknown[]) {
      replaced.push(all);
    }
  }
  vi.stubGlobal("History", History);
  // A page that counts its own addresses.
  vi.stubGlobal(
    "history",
    Object.assign(new History(), { replaceState: () => expect.unreachable("counted as a page") }),
  );
});
afterEach(() => void vi.unstubAllGlobals());

const coreOf = (continued: Core["continued"]) =>
  ({
    key: "pk_1",
    continued,
    parts: [] as Part[],
    root: {
      querySelector: (names: string) =>
        names === ".panel > header" ? { after: (node: unknown) => void placed.push(node) } : null,
    },
    loadPart: async () => ({ open: () => void opened++ }),
  }) as unknown as Core;
const LEFT = [{ of: "the page" }, "", "https://shop.test/tea#cups"];
const buttons = () => made.nodes.filter(({ click }) => click);
const press = (text: string) =>
  buttons()
    .find((one) => one.text === text)
    ?.click?.();

test("the ticket of a link that was opened is what every page of the browser is known by, and leaves the address", async () => {
  await start(coreOf("opened"));
  expect(kept["parley:pk_1:next"]).toBe("t1 drawn before");
  expect(replaced).toEqual([LEFT]);
});

test.each(["own", "gone"] as const)(
  "the ticket of a link that opened nothing (%s) takes no secret's place",
  async (outcome) => {
    await start(coreOf(outcome));
    expect(kept["parley:pk_1:next"]).toBe("drawn before");
    expect(replaced).toEqual([LEFT]);
  },
);

test("an address that carries nothing is left alone", async () => {
  vi.stubGlobal("location", { href: "https://shop.test/tea#cups" });
  await start(coreOf("opened"));
  expect(kept["parley:pk_1:next"]).toBe("drawn before");
  expect(replaced).toEqual([]);
});

test.each([
  ["opened", ["Dismiss", "Not yours? Start anew"]],
  ["own", ["Dismiss"]],
  ["gone", ["Dismiss"]],
] as const)(
  "the chat opens and says under its header what became of it: %s",
  async (outcome, offers) => {
    const core = coreOf(outcome);
    await start(core);
    await start(core);
    expect([opened, placed.length, core.parts.length]).toEqual([1, 1, 1]);
    expect(buttons().map(({ text }) => text)).toEqual(offers);
    press("Dismiss");
    expect(placed).toMatchObject([{ isGone: true }]);
    expect(called).toEqual([]);
  },
);

test("whoever is led into somebody else's conversation starts anew, as the page itself ends a right", async () => {
  await start(coreOf("opened"));
  press("Not yours? Start anew");
  expect(called).toEqual(["reset"]);
  expect(placed).toMatchObject([{ isGone: true }]);
});

test("what is said goes with the browser's right, and with nothing else that changes", async () => {
  const core = coreOf("opened");
  await start(core);
  core.parts[0]?.changed();
  expect(placed).toMatchObject([{ isGone: false }]);
  core.parts[0]?.changed(true);
  expect(placed).toMatchObject([{ isGone: true }]);
});
