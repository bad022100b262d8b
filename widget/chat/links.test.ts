import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findLinks } from "./links.ts";

const hrefs = (text: string) =>
  findLinks(text).flatMap((part) => (typeof part === "string" ? [] : [part.href]));

describe("links in a text", () => {
  test.each([
    ["See https://example.com/a.", ["https://example.com/a"]],
    ["(https://example.com/a_(b))", ["https://example.com/a_(b)"]],
    ["www.example.com, please", ["https://www.example.com/"]],
    ["HTTP://EXAMPLE.COM/X!", ["http://example.com/X"]],
    ["https://a.test and http://b.test?x=1&y=2", ["https://a.test/", "http://b.test/?x=1&y=2"]],
    ["“https://example.com”", ["https://example.com/"]],
    ["no link: example.com, ftp://x.test, mailto:a@b.test", []],
    ["javascript:alert(1) data:text/html,x", []],
    ["https://", []],
  ])("%j has %j", (text, expected) => {
    expect(hrefs(text)).toEqual(expected);
  });

  test("never pretend to be another host", () => {
    expect(hrefs("https://bank.example@evil.test/")).toEqual([]);
    expect(findLinks("https://exаmple.com/")).toEqual([
      { href: "https://xn--exmple-4nf.com/", text: "https://xn--exmple-4nf.com/" },
    ]);
    expect(hrefs("https://good.test/\u202egnp.exe")).toEqual(["https://good.test/"]);
  });

  test("leave the text as it was, whatever it is", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string(), fc.webUrl(), fc.constantFrom(" ", "(", ").", "\n"))),
        (pieces) => {
          const text = pieces.join("");
          const shown = findLinks(text).map((part) =>
            typeof part === "string" ? part : part.text,
          );
          fc.pre(!shown.some((part) => part.includes("xn--")));
          expect(shown.join("")).toBe(text);
          for (const href of hrefs(text)) expect(href).toMatch(/^https?:\/\//);
        },
      ),
    );
  });
});
