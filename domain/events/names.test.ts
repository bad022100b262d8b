import { readFile } from "node:fs/promises";
import { beforeAll, expect, test } from "vitest";
import { EVENTS } from "../../protocol/facts.ts";
import {
  BATCH_MAX_FACTS,
  EVENT_MAX_BYTES,
  EVENT_NAME_MAX,
  FRAME_MAX_BYTES,
  FRAME_MAX_DEPTH,
  PROPERTIES_MAX,
  PROPERTY_KEY_MAX,
  PROPERTY_TEXT_MAX,
  STREAM_WINDOW,
  TITLE_MAX,
  URL_MAX,
  VISITOR_EVENT_NAMES_MAX,
  VISITOR_PROPERTIES_MAX,
} from "../../protocol/limits.ts";
import { canonicalName, isReservedName } from "./names.ts";

let guide: string;
beforeAll(async () => {
  guide = await readFile(new URL("../../docs/events.md", import.meta.url), "utf8");
});

/** Names in the first two columns of the guide's table: the canonical one, and its other spellings. */
function spellings(): [canonical: string, aliases: string[]][] {
  const table = guide.slice(guide.indexOf("| also understood |"));
  const names = (cell: string | undefined): string[] =>
    [...(cell ?? "").matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? "");
  const rows = table.slice(0, table.indexOf("\n\n")).split("\n").slice(2);
  return rows.map((row) => {
    const [, first, second] = row.split("|");
    return [names(first)[0] ?? "", names(second)];
  });
}

test("the guide for customers names every event that means something, and only such", () => {
  const { pageViewed, sessionStarted, ...told } = EVENTS;
  expect(
    spellings()
      .map(([name]) => name)
      .toSorted(),
  ).toEqual(Object.values(told).toSorted());
  expect([pageViewed, sessionStarted].every(isReservedName)).toBe(true);
});

test("every other spelling in the guide is the same event", () => {
  const all = spellings().flatMap(([name, aliases]) => aliases.map((alias) => [alias, name]));
  expect(all.length).toBe(24);
  expect(all.map(([alias = ""]) => canonicalName(alias))).toEqual(all.map(([, name]) => name));
});

test("an event of one's own keeps its name, also where it looks like a known one", () => {
  expect(["product added", "Quiz Finished", "toString"].map(canonicalName)).toEqual([
    "product added",
    "Quiz Finished",
    "toString",
  ]);
});

test("the guide's limits are those that are applied", () => {
  const limits = [
    `${BATCH_MAX_FACTS} facts in one batch`,
    `${FRAME_MAX_BYTES / 1024} KB in one batch, ${FRAME_MAX_DEPTH} levels`,
    `${EVENT_NAME_MAX} characters in an event's name`,
    `${PROPERTIES_MAX} properties in one event`,
    `${EVENT_MAX_BYTES / 1024} KB of properties`,
    `${PROPERTY_KEY_MAX} characters in a property's key`,
    `${VISITOR_EVENT_NAMES_MAX} different event names`,
    `${VISITOR_PROPERTIES_MAX} properties of one person`,
    `${STREAM_WINDOW} numbers ahead`,
    `${PROPERTY_TEXT_MAX.toLocaleString("en")} characters in a text`,
    `${URL_MAX.toLocaleString("en")} characters in an address, ${TITLE_MAX} in a title`,
  ];
  expect(limits.filter((limit) => !guide.includes(`| ${limit}`))).toEqual([]);
});
