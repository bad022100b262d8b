import { expect, test } from "vitest";
import { outsideReferrer, pageAddress, sourceOf, utmOf } from "./source.ts";

test.each([
  [{ source: "newsletter", medium: "email" }, null, "newsletter / email"],
  [{ source: "ads" }, "https://www.google.com/", "ads"],
  [null, "https://www.google.de/search?q=x", "Google search"],
  [null, "https://google.de.evil.test/", "google.de.evil.test"],
  [null, "https://l.instagram.com/?u=x", "Instagram"],
  [null, "https://www.example.com/blog", "example.com"],
  [null, null, "Direct"],
  [null, "not a url", "Direct"],
])("%j and %s is %s", (utm, referrer, source) => {
  expect(sourceOf(utm, referrer)).toBe(source);
});

test("UTM tags are read and bounded", () => {
  expect(utmOf("https://a.test/?utm_source=x&utm_term=")).toEqual({ source: "x" });
  expect(utmOf("https://a.test/?x=1")).toBeNull();
  expect(utmOf("nonsense")).toBeNull();
  expect(utmOf(`https://a.test/?utm_source=${"a".repeat(5_000)}`)?.source).toHaveLength(255);
});

test("a referrer counts only from another site", () => {
  expect(outsideReferrer("https://a.test/x", "https://a.test/y")).toBeNull();
  expect(outsideReferrer("https://b.test/x", "https://a.test/y")).toBe("https://b.test/x");
  expect(outsideReferrer("javascript:alert(1)", "https://a.test/")).toBeNull();
  expect(outsideReferrer(undefined, "https://a.test/")).toBeNull();
  expect(outsideReferrer("https://b.test/?token=s&q=tea#frag", "https://a.test/")).toBe(
    "https://b.test/?q=tea",
  );
});

test("an address loses its fragment, credentials and whatever looks like a secret", () => {
  expect(
    pageAddress("https://u:p@a.test/x?q=tea&access_token=s&code=1&utm_source=n#id_token=z"),
  ).toBe("https://a.test/x?q=tea&utm_source=n");
  expect(pageAddress("javascript:alert(1)")).toBe("");
  expect(pageAddress("data:text/html,x")).toBe("");
});

test.each(["token", "my_secret", "Password", "passwd", "code", "key", "api_key", "apikey", "sig"])(
  "an address loses %s, also where its name is encoded",
  (key) => {
    const encoded = `%${key.charCodeAt(0).toString(16)}${key.slice(1)}`;
    expect(pageAddress(`https://a.test/?q=tea&${key}=x`)).toBe("https://a.test/?q=tea");
    expect(pageAddress(`https://a.test/?q=tea&${encoded}=x`)).toBe("https://a.test/?q=tea");
  },
);
