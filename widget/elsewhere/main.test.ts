import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Core, Part } from "../core.ts";
import type { Words } from "../languages/choose.ts";
import { elsewhereTexts } from "../languages/elsewhere-texts.ts";
import { english } from "../languages/texts.ts";
import start from "./main.ts";

/** What the part has made, by what it is; how it looks is seen in a real browser. */
type Node = {
  tag: string;
  props: Record<string, unknown>;
  textContent: string;
  hidden: boolean;
  disabled: boolean;
  value: string;
  shown: string;
};
const made = vi.hoisted(() => ({ nodes: [] as Node[] }));
vi.mock("../colors.ts", () => ({ addStyles: () => {} }));
vi.mock("./code.ts", () => ({ drawCode: (lines: string[]) => lines.join("/") }));
vi.mock("../element.ts", () => ({
  element(tag: string, props: Record<string, unknown> = {}, ...children: unknown[]) {
    const node = {
      tag,
      props,
      textContent: children.filter((child) => typeof child === "string").join(""),
      hidden: false,
      disabled: false,
      value: "",
      shown: "",
      addEventListener() {},
      remove() {
        made.nodes = [];
      },
      replaceChildren: (child: string) => void (node.shown = child),
    };
    made.nodes.push(node);
    return node;
  },
}));

let core: Core;
let asked: { body: object; answer(status: number, body: object): void; fail(): void }[];
let left: number;
const MINUTE = 60_000;

beforeEach(() => {
  vi.useFakeTimers();
  made.nodes = [];
  asked = [];
  left = 0;
  vi.stubGlobal("document", { hidden: false });
  vi.stubGlobal("location", { href: "https://shop.test/tea" });
  vi.stubGlobal("navigator", { clipboard: { writeText: vi.fn(async () => {}) } });
  vi.stubGlobal(
    "fetch",
    (_: string, { body }: { body: string }) =>
      new Promise((resolve, reject) => {
        asked.push({
          body: JSON.parse(body),
          answer: (status, json) => resolve({ status, json: async () => json }),
          fail: () => reject(new TypeError("offline")),
        });
      }),
  );
  core = {
    host: "https://chat.test",
    token: "t1",
    parts: [] as Part[],
    isOpen: true,
  } as unknown as Core;
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const settle = () => vi.advanceTimersByTimeAsync(0);
const words: Words = { texts: english, locale: "en" };
let isExpanded: string;
const panel = {
  classList: { add() {}, remove() {} },
  append() {},
  querySelector: () => ({ setAttribute: (_: string, value: string) => void (isExpanded = value) }),
} as unknown as HTMLElement;
const show = () => void start(core).show(panel, words, () => void left++);
const node = (fits: (node: Node) => boolean) =>
  made.nodes.find(fits) ?? expect.unreachable("not there");
const text = (value: string) =>
  made.nodes.some(({ textContent, hidden }) => !hidden && textContent === value);
const link = () => node(({ tag }) => tag === "input");
const press = (name: string) => {
  const { click } = node(({ textContent, tag }) => tag === "button" && textContent === name).props;
  return (click as () => unknown)();
};
/** A link that the server's clock, an hour ahead, lets work for ten minutes. */
const made10 = (at = Date.now() + 60 * MINUTE) => ({
  link: `https://chat.test/c/${asked.length}`,
  expiresAt: at + 10 * MINUTE,
  serverTime: at,
  code: ["10", "01"],
});

test("a link is asked for with the page, and shown with its code and the minutes that are left", async () => {
  show();
  expect(asked[0]?.body).toEqual({ token: "t1", page: "https://shop.test/tea" });
  asked[0]?.answer(200, made10());
  await settle();
  expect(link().value).toBe("https://chat.test/c/1");
  expect(node(({ props }) => props["class"] === "code")).toMatchObject({
    shown: "10/01",
    hidden: false,
  });
  expect(text("Works once, for 10 min")).toBe(true);
  await vi.advanceTimersByTimeAsync(MINUTE);
  expect(text("Works once, for 9 min")).toBe(true);
  await press("Copy link");
  expect(navigator.clipboard.writeText).toHaveBeenCalledWith("https://chat.test/c/1");
  expect(text("Copied")).toBe(true);
});

test("a link that is too long for a code is shown alone, with words that speak of no code", async () => {
  show();
  asked[0]?.answer(200, { ...made10(), code: [] });
  await settle();
  expect(link().value).toBe("https://chat.test/c/1");
  expect(node(({ props }) => props["class"] === "code")).toMatchObject({ shown: "", hidden: true });
  expect(text(elsewhereTexts.elsewhereOpen)).toBe(true);
  expect(text(elsewhereTexts.elsewhereHow)).toBe(false);
  await press("Copy link");
  expect(text("Copied")).toBe(true);
});

test("another link takes its place when its time is over, while somebody looks", async () => {
  show();
  asked[0]?.answer(200, made10());
  await settle();
  await vi.advanceTimersByTimeAsync(10 * MINUTE - 1_000);
  expect(asked).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(asked).toHaveLength(2);
  asked[1]?.answer(200, made10());
  await settle();
  expect(link().value).toBe("https://chat.test/c/2");

  Object.assign(document, { hidden: true });
  await vi.advanceTimersByTimeAsync(10 * MINUTE);
  expect(asked).toHaveLength(2);
  expect(text("This link has expired.")).toBe(true);
  expect(link().disabled).toBe(true);
  void press("Make a new link");
  expect(asked).toHaveLength(3);
});

test("without a connection, or where it is refused, it says so and can be tried again", async () => {
  show();
  asked[0]?.fail();
  await settle();
  expect(text("That did not work. Check your connection and try again.")).toBe(true);
  await vi.advanceTimersByTimeAsync(MINUTE);
  expect(asked).toHaveLength(1);
  void press("Make a new link");
  asked[1]?.answer(429, { error: { code: "rate_limited", message: "" } });
  await settle();
  expect(text("That did not work. Check your connection and try again.")).toBe(true);
  void press("Make a new link");
  asked[2]?.answer(200, made10());
  await settle();
  expect(text("Works once, for 10 min")).toBe(true);
});

test("it is one, and goes by the button, when something is to be written, and with the browser's right", async () => {
  show();
  expect([core.parts.length, isExpanded]).toEqual([1, "true"]);
  void press("Back");
  expect(isExpanded).toBe("false");
  expect([left, vi.getTimerCount()]).toEqual([1, 0]);
  show();
  start(core).hide();
  start(core).hide();
  expect(left).toBe(2);
  show();
  core.parts[0]?.changed();
  expect(left).toBe(2);
  core.parts[0]?.changed(true);
  expect(left).toBe(3);
  show();
  show();
  expect(left).toBe(4);
  expect(core.parts).toHaveLength(1);
});

const NO_ANSWER = "That did not work. Check your connection and try again.";
const EXPIRED = "This link has expired.";
const isHidden = (name: string) =>
  node(({ textContent, tag }) => tag === "button" && textContent === name).hidden;
const code = () => node(({ props }) => props["class"] === "code");

test("while it is asked for, no other can be asked for, and nothing is there to be copied", async () => {
  show();
  expect([isHidden("Make a new link"), isHidden("Copy link"), code().hidden]).toEqual([
    true,
    true,
    true,
  ]);
  void press("Make a new link");
  expect(asked).toHaveLength(1);
  asked[0]?.answer(200, made10());
  await settle();
  expect([isHidden("Make a new link"), isHidden("Copy link"), code().hidden]).toEqual([
    true,
    false,
    false,
  ]);
});

test("nothing is asked without a right, and what has no code is no answer", async () => {
  Object.assign(core, { token: undefined });
  show();
  await settle();
  expect(asked).toHaveLength(0);
  expect(text(NO_ANSWER)).toBe(true);
  Object.assign(core, { token: "t1" });
  void press("Make a new link");
  expect(text(NO_ANSWER)).toBe(false);
  asked[0]?.answer(200, { ...made10(), code: undefined });
  await settle();
  expect(text(NO_ANSWER)).toBe(true);
});

test("an answer that comes when it is closed changes nothing", async () => {
  show();
  const input = link();
  void press("Back");
  asked[0]?.answer(200, made10());
  await settle();
  expect(input.value).toBe("");
});

test("a link that is over is neither shown nor copied, and is not said to be over while another one is made", async () => {
  show();
  asked[0]?.answer(200, made10());
  await settle();
  await vi.advanceTimersByTimeAsync(11 * MINUTE);
  expect(asked).toHaveLength(2);
  expect([isHidden("Copy link"), code().hidden, link().disabled]).toEqual([true, true, true]);
  expect(text(EXPIRED)).toBe(false);
  asked[1]?.fail();
  await settle();
  expect(text(EXPIRED)).toBe(true);
  // That did not work: it is not asked again and again.
  await vi.advanceTimersByTimeAsync(MINUTE);
  expect(asked).toHaveLength(2);
  expect(isHidden("Make a new link")).toBe(false);
});

test("no other link is made behind a chat that is closed", async () => {
  show();
  asked[0]?.answer(200, made10());
  await settle();
  Object.assign(core, { isOpen: false });
  await vi.advanceTimersByTimeAsync(11 * MINUTE);
  expect(asked).toHaveLength(1);
});

test("how long it works is said once a minute, not each second", async () => {
  show();
  asked[0]?.answer(200, made10());
  await settle();
  const rest = node(({ props }) => props["id"] === "pass-left");
  const said: string[] = [];
  let words = rest.textContent;
  Object.defineProperty(rest, "textContent", {
    get: () => words,
    set(next: string) {
      words = next;
      said.push(next);
    },
  });
  await vi.advanceTimersByTimeAsync(2 * MINUTE);
  expect(said).toEqual(["Works once, for 9 min", "Works once, for 8 min"]);
});

test("another link has not been copied yet, and the panel is as it was when it is closed", async () => {
  const classes = new Set<string>();
  const own = {
    classList: {
      add: (name: string) => void classes.add(name),
      remove: (name: string) => void classes.delete(name),
    },
    append() {},
    querySelector: () => null,
  } as unknown as HTMLElement;
  void start(core).show(own, words, () => {});
  expect([...classes]).toEqual(["passing"]);
  asked[0]?.answer(200, made10());
  await settle();
  await press("Copy link");
  await vi.advanceTimersByTimeAsync(11 * MINUTE);
  asked[1]?.answer(200, made10());
  await settle();
  expect(text("Copied")).toBe(false);
  start(core).hide();
  expect([...classes]).toEqual([]);
});
