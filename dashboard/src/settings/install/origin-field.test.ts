import { expect, test } from "vitest";
import { readOrigin } from "./origin-field.ts";
import { snippetOf } from "./snippet.ts";

test("whole addresses are cut to their origin, subdomains and ports are patterns", () => {
  const read = (typed: string) => {
    const result = readOrigin(typed, []);
    return result.ok ? result.origin : null;
  };
  expect(read("https://Shop.Example.com/path")).toBe("https://shop.example.com");
  expect(read("shop.example.com")).toBe("https://shop.example.com");
  expect(read("https://*.example.com/")).toBe("https://*.example.com");
  expect(read("http://localhost:*")).toBe("http://localhost:*");
  expect(
    ["http://shop.example.com", "https://*", "*", "javascript:alert(1)", "https://a b.com"].map(
      read,
    ),
  ).toEqual([null, null, null, null, null]);
});

test("a site that is on the list already is said", () => {
  expect(readOrigin("https://a.example", ["https://a.example"])).toMatchObject({ ok: false });
});

test("the snippet is the one line of the documentation", () => {
  expect(snippetOf("https://w.example", "pk_1")).toBe(
    '<script async src="https://w.example/widget.js" data-key="pk_1"></script>',
  );
});
