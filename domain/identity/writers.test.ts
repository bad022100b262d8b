import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const SOURCES = globSync("{protocol,domain,durable-objects,worker}/**/*.ts", { cwd: ROOT }).filter(
  (file) => !file.endsWith(".test.ts") && !file.includes("/testing/"),
);

const filesWith = (pattern: RegExp): string[] =>
  SOURCES.filter((file) => pattern.test(readFileSync(join(ROOT, file), "utf8"))).toSorted();

/** ID-15: whose something is, is decided in these places and nowhere else. */
test.each([
  [
    "what is verified, and what is still asked for",
    /draft\.set\(\s*"(verified|claiming)"/,
    [
      "durable-objects/visitor/claiming.ts",
      "durable-objects/visitor/departure.ts",
      "durable-objects/visitor/provings.ts",
    ],
  ],
  [
    "that a visitor is another one's",
    /draft\.set\(\s*"joined"|\["joined"/,
    ["durable-objects/visitor/departure.ts"],
  ],
  [
    "the right that a device has in place of another",
    /\bmoved: \{ visitor|const moved = \{ visitor/,
    ["durable-objects/visitor/departure.ts", "durable-objects/visitor/identity.ts"],
  ],
  [
    "the rows of identifiers",
    /(INTO|UPDATE|DELETE FROM) identifiers\b/,
    ["durable-objects/identifiers/identifiers.ts"],
  ],
  ["the rows of joins", /INTO joined_visitors\b/, ["durable-objects/identifiers/joins.ts"]],
])("%s is written in one place", (_, pattern, files) => {
  expect(filesWith(pattern)).toEqual(files);
});
