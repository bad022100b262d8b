import { expect, test } from "vitest";
import { mayBecomeLink, safeLink } from "./links.ts";

test.each([
  ["https://shop.example/a", "https://shop.example/a"],
  ["HTTP://shop.example", "http://shop.example/"],
  ["/cart", "/cart"],
  ["/a b", "/a%20b"],
])("The link %s leads to %s", (link, to) => {
  expect(safeLink(link)).toBe(to);
});

test.each([
  "",
  "cart",
  "//evil.example",
  "/\\evil.example",
  "/\t/evil.example",
  "javascript:alert(1)",
  "JaVaScRiPt:alert(1)",
  "java\nscript:alert(1)",
  "data:text/html,x",
  "vbscript:x",
  "file:///etc/passwd",
  "ftp://shop.example",
  "https://",
  "https:shop.example",
  "https://user@evil.example/",
  "https://shop.example:secret@evil.example/",
  "https://shop.example/\u0000",
  "https://shop.example\\@evil.example",
])("The link %j is none", (link) => {
  expect(safeLink(link)).toBeNull();
});

test.each([
  ["/cart", true],
  ["{{ product.url }}", true],
  ["{{ product.url }}?code={{ code }}", true],
  ["/find?q={{ event.query }}", true],
  ["https://shop.example/{{ event.path }}", true],
  ["https://shop.example?q={{ event.query }}", true],
  ["https://shop.example{{ event.path }}", false],
  ["https://{{ event.host }}/", false],
  ["https://user@shop.example/{{ code }}", false],
  ["//{{ event.host }}", false],
  ["javascript:{{ code }}", false],
  ["cart", false],
])("Whether %s may become a link: %s", (template, may) => {
  expect(mayBecomeLink(template)).toBe(may);
});
