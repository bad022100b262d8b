import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { operatorCommand, visitorCommand } from "../protocol/conversation-frames.ts";
import { inboxCommand } from "../protocol/inbox-frames.ts";
import { pageCommand } from "../protocol/visitor-frames.ts";
import { ROUTE_TABLE } from "../worker/operators/route-table.ts";
import { ROOT } from "./environment.ts";

/** docs/protocol.md is held to what there is: by name, which says nothing of whether its words are true. */

const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");
const PAGE = read("docs/protocol.md");

const ROUTE = /`((?:GET|POST|PUT|PATCH|DELETE) \/[^`?\s]*)/g;
const ROWS = PAGE.split("\n")
  .filter((line) => /^(\| `|### )/.test(line))
  .map((line) => ({ line, routes: [...line.matchAll(ROUTE)].map(([, route = ""]) => route) }));

const apiRoutes = ROUTE_TABLE.map(({ method, path, who }) => {
  const isForSome = Array.isArray(who) && !who.includes("agent");
  return { route: `${method} ${path}`, isForSome };
});

test.each(apiRoutes)(
  "the page names $route, and whether agents may use it",
  ({ route, isForSome }) => {
    const row = ROWS.find(({ routes }) => routes.includes(route));
    expect(row?.line).toBeDefined();
    expect(row?.line.includes("(owner, admin)")).toBe(isForSome);
  },
);

test("the page names every route of visitors, and none that is not there", () => {
  const there = [...read("worker/visitors/routes.ts").matchAll(/"([A-Z]+ \/v1\/[a-z/]+)":/g)].map(
    ([, route = ""]) => route,
  );
  const named = ROWS.flatMap(({ routes }) => routes);
  expect(named.filter((route) => route.includes(" /v1/")).toSorted()).toEqual(there.toSorted());
  const api = new Set(apiRoutes.map(({ route }) => route));
  expect(named.filter((route) => route.includes(" /api/") && !api.has(route))).toEqual([]);
});

test("the page names every frame that a client may send", () => {
  const frames = [pageCommand, visitorCommand, operatorCommand, inboxCommand].flatMap(
    ({ options }) => options.map(({ shape }) => shape.t.value),
  );
  expect(frames.length).toBeGreaterThan(10);
  expect(frames.filter((name) => !PAGE.includes(`{ t: "${name}"`))).toEqual([]);
});
