import { expect, test } from "vitest";
import { isEmail, parseEmails, siteOrigin } from "./addresses.ts";

test("addresses come one by one, in lists, on lines, and with names", () => {
  const text =
    "mia@example.com, Sam <sam@example.com>;\nolga@example.ru mia@EXAMPLE.com\n\nnot-an-address";
  expect(parseEmails(text)).toEqual({
    emails: ["mia@example.com", "sam@example.com", "olga@example.ru"],
    rest: ["not-an-address"],
  });
});

test("what is no address is refused before the server is asked", () => {
  expect(["a@b.c", " a@b.co ", "a@b", "a b@c.de", "@b.de", "a@b.de,"].map(isEmail)).toEqual([
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
});

test("a site may be typed as people type it", () => {
  expect(siteOrigin("shop.example.com/path?x")).toBe("https://shop.example.com");
  expect(siteOrigin("HTTPS://Shop.Example.com:443/")).toBe("https://shop.example.com");
  expect(siteOrigin("http://localhost:3000/x")).toBe("http://localhost:3000");
  expect(["", "example", "two words.com", "http://"].map(siteOrigin)).toEqual([
    null,
    null,
    null,
    null,
  ]);
});
