import { describe, expect, it } from "vitest";
import { originPattern } from "../../protocol/settings.ts";
import { isOriginAllowed } from "./allowed-origins.ts";

const allows = (pattern: string, origin: string | null): boolean => {
  expect(originPattern.safeParse(pattern).success).toBe(true);
  return isOriginAllowed(origin, [pattern]);
};

describe("an allowed origin", () => {
  it("is matched exactly", () => {
    expect(allows("https://shop.example.com", "https://shop.example.com")).toBe(true);
    expect(allows("https://shop.example.com:8443", "https://shop.example.com:8443")).toBe(true);
  });

  it.each([
    "http://shop.example.com",
    "https://shop.example.com:8443",
    "https://shop.example.com.evil.com",
    "https://evilshop.example.com",
    "https://shop-example.com",
    "https://shop.example.com.",
    "https://shop.example.com/",
    "https://shop.example.com@evil.com",
    "https://SHOP.example.com",
    "https://shop.example.com\n",
    "https://xn--shp-6na.example.com",
    "null",
    "",
    "file://",
    "chrome-extension://abcdef",
  ])("does not let in %j", (origin) => {
    expect(allows("https://shop.example.com", origin)).toBe(false);
  });

  it("lets in nobody who sends no origin, and nobody when the list is empty", () => {
    expect(allows("https://shop.example.com", null)).toBe(false);
    expect(isOriginAllowed("https://shop.example.com", [])).toBe(false);
  });

  it("with a star means every subdomain, at any depth, and not the domain itself", () => {
    expect(allows("https://*.example.com", "https://a.example.com")).toBe(true);
    expect(allows("https://*.example.com", "https://a.b.example.com")).toBe(true);
    expect(allows("https://*.example.com", "https://example.com")).toBe(false);
    expect(allows("https://*.example.com", "https://.example.com")).toBe(false);
    expect(allows("https://*.example.com", "https://evilexample.com")).toBe(false);
    expect(allows("https://*.example.com", "https://a.example.com.evil.com")).toBe(false);
    expect(allows("https://*.example.com", "http://a.example.com")).toBe(false);
    expect(allows("https://*.example.com", "https://a.example.com:444")).toBe(false);
  });

  it("on this machine may mean every port, of that host and scheme alone", () => {
    expect(allows("http://127.0.0.1:*", "http://127.0.0.1:5173")).toBe(true);
    expect(allows("http://127.0.0.1:*", "http://127.0.0.1")).toBe(true);
    expect(allows("http://127.0.0.1:*", "http://localhost:5173")).toBe(false);
    expect(allows("http://127.0.0.1:*", "https://127.0.0.1:5173")).toBe(false);
    expect(allows("http://localhost:*", "http://localhost.evil.com:80")).toBe(false);
    expect(allows("http://localhost:3000", "http://localhost:3001")).toBe(false);
  });
});
