import { describe, expect, test } from "vitest";
import { passes } from "./page-test.ts";

const ADDRESS = "https://Shop.test/Kettles?size=L";

describe("the address that a page rule is for", () => {
  test("is every page when none is named", () => {
    expect(passes(null, ADDRESS)).toBe(true);
  });

  test.each([
    ["is", "https://shop.test/kettles?size=l", true],
    ["is", "https://shop.test/kettles", false],
    ["is_not", "https://shop.test/kettles?size=l", false],
    ["is_not", "https://shop.test/", true],
    ["contains", "KETTLES", true],
    ["contains", "tea", false],
    ["contains_not", "tea", true],
    ["contains_not", "kettles", false],
    ["starts", "https://SHOP", true],
    ["starts", "shop", false],
    ["ends", "SIZE=L", true],
    ["ends", "size", false],
  ] as const)("%s %s is %s", (op, value, expected) => {
    expect(passes({ op, value }, ADDRESS)).toBe(expected);
  });

  test("may be one of a list, or none of it", () => {
    const values = ["https://shop.test/", "HTTPS://SHOP.TEST/KETTLES?SIZE=L"];
    expect(passes({ op: "in", values }, ADDRESS)).toBe(true);
    expect(passes({ op: "not_in", values }, ADDRESS)).toBe(false);
    expect(passes({ op: "not_in", values: ["https://shop.test/"] }, ADDRESS)).toBe(true);
  });

  test("is compared literally beyond A to Z", () => {
    expect(passes({ op: "contains", value: "É" }, "https://shop.test/é")).toBe(false);
    expect(passes({ op: "contains", value: "a.b" }, "https://shop.test/aXb")).toBe(false);
  });

  test("always exists", () => {
    expect(passes({ op: "exists" }, ADDRESS)).toBe(true);
    expect(passes({ op: "exists_not" }, ADDRESS)).toBe(false);
  });
});
