import { expect, test } from "vitest";
import { asId } from "../../protocol/ids.ts";
import { env } from "../testing/operator-browser.ts";
import { DEMO } from "../workspaces/demo.ts";
import { destinationOf, publicOrigin } from "./destination.ts";

const id = asId("wsp", "wsp_shop");
const PLACES = ["https://*.shop.example", "https://shop.example", "https://shop.example.org"];
const at = (asked: string | null | undefined, origins: string[] = PLACES) =>
  destinationOf(env, { id, origins }, asked);

test.each([
  ["a page of the site", "https://shop.example/tea?sort=price#top"],
  ["a page of one of its subdomains", "https://eu.shop.example/tea"],
  ["a page of another of its places", "https://shop.example.org/tea"],
])("a link leads to %s that was asked for", (_, asked) => {
  expect(at(asked)).toBe(asked.replace("#top", ""));
});

test.each([
  ["another site's page", "https://evil.example/tea"],
  ["a page under another scheme", "http://shop.example/tea"],
  ["what is no page", "javascript:alert(1)"],
  ["what is no address", "tea"],
  ["nothing", ""],
  ["no page that is known", null],
  ["no page that was told", undefined],
])("instead of %s it leads to the first place that the list names exactly", (_, asked) => {
  expect(at(asked)).toBe("https://shop.example/");
  expect(at(asked, ["http://localhost:*", "https://*.shop.example"])).toBeNull();
  expect(at(asked, [])).toBeNull();
});

test("the demo shop is a page of the product, in development, as far as somebody has said where that is", () => {
  const demo = { id: DEMO.workspace, origins: ["https://shop.example"] };
  const said = { ...env, PUBLIC_URL: "http://parley.test/" };
  const [page, first] = ["http://parley.test/demo/", "https://shop.example/"];
  expect(destinationOf(said, demo, null)).toBe(page);
  expect(destinationOf(said, demo, "https://shop.example/tea")).toBe("https://shop.example/tea");
  expect(destinationOf({ ...said, PUBLIC_URL: "" }, demo, null)).toBe(first);
  expect(destinationOf({ ...said, ENVIRONMENT: "production" }, demo, null)).toBe(first);
  expect(destinationOf(said, { ...demo, id }, null)).toBe(first);
});

test.each([
  ["", ""],
  ["https://parley.example", "https://parley.example"],
  ["https://parley.example//", "https://parley.example"],
])("the Worker that is said to be at %j is at %j", (said, origin) => {
  expect(publicOrigin({ ...env, PUBLIC_URL: said })).toBe(origin);
});
