import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { operatorCommand, visitorCommand } from "../protocol/conversation-frames.ts";
import { CLOSE, ERRORS } from "../protocol/errors.ts";
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

test.each(Object.entries(ERRORS))(
  "the page has the error %s with its status",
  (code, { status }) => {
    const row = PAGE.split("\n").find(
      (line) =>
        line.startsWith("| `") && /\| [0-9, ]+ \|/.test(line) && line.includes(`\`${code}\``),
    );
    const [codes = "", statuses = ""] = row?.split("|").slice(1, 3) ?? [];
    const at = codes.split(",").findIndex((one) => one.trim() === `\`${code}\``);
    const all = statuses.split(",").map(Number);
    expect(all.length === 1 ? all[0] : all[at]).toBe(status);
  },
);

test("the page has every close code", () => {
  expect(Object.values(CLOSE).filter((code) => !PAGE.includes(`\`${code}\``))).toEqual([]);
});

/** Everything that clients are told, by the files that declare it, and the page that has it. */
const TOLD = [
  ["contact", "protocol"],
  ["conditions", "segments"],
  ["conversation-frames", "protocol"],
  ["entries", "protocol"],
  ["inbox-frames", "protocol"],
  ["linking", "protocol"],
  ["operator-api", "protocol"],
  ["operators", "protocol"],
  ["person", "protocol"],
  ["settings", "protocol"],
  ["triggers", "protocol"],
  ["visitor-frames", "protocol"],
] as const;

/** No field, and one that only D1 has. */
const NOT_TOLD = new Set(["max", "cutTo"]);

test.each(TOLD)("every field of protocol/%s.ts is named in docs/%s.md", (file, page) => {
  const code = read(`protocol/${file}.ts`).replaceAll(/\/\*[^]*?\*\//g, "");
  const words = new Set(read(`docs/${page}.md`).match(/\w+/g));
  const fields = [...code.matchAll(/(?<=[{;,(]\s*|^\s+)([a-z]\w*)\??:/gm)].map(
    ([, name = ""]) => name,
  );
  expect(fields.length).toBeGreaterThan(3);
  const untold = fields.filter((name) => !words.has(name) && !NOT_TOLD.has(name));
  expect(untold).toEqual([]);
});
