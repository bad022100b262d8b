import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Core, Part } from "../core.ts";
import { english } from "../languages/texts.ts";
import start from "./main.ts";

vi.mock("../colors.ts", () => ({ addStyles: () => {} }));
vi.mock("../element.ts", () => ({ element: () => ({ remove() {} }) }));
vi.mock("../languages/choose.ts", () => ({
  chooseWords: async () => ({ texts: english, locale: "en" }),
}));

let kept: Record<string, string>;
let replaced: unknown[];
beforeEach(() => {
  kept = { "parley:pk_1:next": "drawn before" };
  replaced = [];
  vi.stubGlobal("localStorage", kept);
  vi.stubGlobal("location", { href: "https://shop.test/tea?parley_token=t1#cups" });
  class History {
    replaceState(...[, , url]: unknown[]) {
      replaced.push(url);
    }
  }
  vi.stubGlobal("History", History);
  vi.stubGlobal("history", new History());
});
afterEach(() => void vi.unstubAllGlobals());

const coreOf = (continued: Core["continued"]) =>
  ({
    key: "pk_1",
    continued,
    parts: [] as Part[],
    root: { querySelector: () => null },
    loadPart: async () => ({ open() {} }),
  }) as unknown as Core;

test("the ticket of a link that was opened is what every page of the browser is known by, and leaves the address", async () => {
  await start(coreOf("opened"));
  expect(kept["parley:pk_1:next"]).toBe("t1");
  expect(replaced).toEqual(["https://shop.test/tea#cups"]);
});

test.each(["own", "gone"] as const)(
  "the ticket of a link that opened nothing (%s) takes no secret's place",
  async (outcome) => {
    await start(coreOf(outcome));
    expect(kept["parley:pk_1:next"]).toBe("drawn before");
    expect(replaced).toEqual(["https://shop.test/tea#cups"]);
  },
);
