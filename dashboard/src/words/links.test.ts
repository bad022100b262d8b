import { expect, test } from "vitest";
import * as fc from "fast-check";
import { findLinks, hostOf, pathOf, safeHref, safePicture } from "./links.ts";

const links = (text: string): string[] => findLinks(text).flatMap((piece) => piece.href ?? []);

test("web addresses become links, and what ends the sentence stays outside", () => {
  expect(findLinks("See https://example.com/a?b=1, then (http://example.org).")).toEqual([
    { at: 0, text: "See " },
    { at: 4, text: "https://example.com/a?b=1", href: "https://example.com/a?b=1" },
    { at: 29, text: ", then (" },
    { at: 37, text: "http://example.org", href: "http://example.org/" },
    { at: 55, text: ")." },
  ]);
  expect(links("https://en.wikipedia.org/wiki/Tea_(meal)")).toEqual([
    "https://en.wikipedia.org/wiki/Tea_(meal)",
  ]);
});

test("other schemes and markup stay text", () => {
  expect(
    links("javascript:alert(1) data:text/html,x file:///etc/passwd www.example.com mailto:a@b.c"),
  ).toEqual([]);
  expect(links('<a href="https://example.com">x</a>')).toEqual(["https://example.com/"]);
  expect(links("https://")).toEqual([]);
});

test("pieces put together are the text again, whatever it is, and only http and https are links", () => {
  const text = fc
    .string({ unit: "grapheme" })
    .chain((rest) => fc.constantFrom(rest, `https://a.b/${rest}`, `${rest} http://${rest}`));
  fc.assert(
    fc.property(text, (written) => {
      const pieces = findLinks(written);
      expect(pieces.map((piece) => piece.text).join("")).toBe(written);
      for (const { href } of pieces) if (href !== undefined) expect(href).toMatch(/^https?:\/\//);
    }),
  );
});

test("an address is only followed if it is of the web", () => {
  expect(safeHref("javascript:alert(1)")).toBeNull();
  expect(safeHref("/relative")).toBeNull();
  expect(safeHref(null)).toBeNull();
  expect(safeHref("https://example.com")).toBe("https://example.com/");
});

test("an address that looks like another one is no link", () => {
  expect(links("https://bank.example@evil.example/ http://a:b@evil.example")).toEqual([]);
  expect(safeHref("https://bank.example@evil.example")).toBeNull();
  expect(links("https://example.com/\u202egnp.exe")).toEqual(["https://example.com/"]);
  expect(safeHref("https://example.com/\u202egnp")).toBe("https://example.com/gnp");
});

test("pictures come over https, or from this machine to itself", () => {
  expect(safePicture("https://example.com/a.png", "app.example.com")).not.toBeNull();
  expect(safePicture("http://example.com/a.png", "localhost")).toBeNull();
  expect(safePicture("http://127.0.0.1:1/a.png", "app.example.com")).toBeNull();
  expect(safePicture("http://127.0.0.1:1/a.png", "localhost")).not.toBeNull();
});

test("pages are told apart by path, sites by host; what is no address is shown as it came", () => {
  expect(pathOf("https://example.com/a/b?c#d")).toBe("/a/b?c");
  expect(pathOf("not an address")).toBe("not an address");
  expect(hostOf("https://www.example.com/a")).toBe("example.com");
  expect(hostOf("android-app://com.example")).toBe("com.example");
});
