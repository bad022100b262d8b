import { expect, test } from "vitest";
import { figureLine, withFigures } from "./report.ts";

const line = (what: string, figure: number) => figureLine(what, figure, "ms", 10);
const WHOLE = withFigures("anything", {
  about: "Monday.",
  parts: null,
  lines: [line("chat", 1), line("mails", 2), line("sizes", 3)],
});

test("a run of everything replaces all figures", () => {
  const again = { about: "Tuesday.", parts: null, lines: [line("chat", 4)] };
  expect(withFigures(WHOLE, again).split("\n")).toEqual([
    "Tuesday.",
    "",
    expect.stringMatching(/^\| +\| reference/),
    expect.stringMatching(/^\| ---/),
    expect.stringMatching(/^\| chat .*4\.00 ms/),
  ]);
});

test("a run of one part replaces its own lines where they stand, adds new ones, and says when it was", () => {
  const part = { about: "Tuesday.", parts: "mails", lines: [line("mails", 40), line("more", 5)] };
  const once = withFigures(WHOLE, part);
  expect(once.split("\n").filter((text) => text !== "")).toEqual([
    "Monday.",
    "`mails`: Tuesday.",
    expect.stringMatching(/^\| +\| reference/),
    expect.stringMatching(/^\| ---/),
    expect.stringMatching(/^\| chat .*1\.00 ms .*yes +\|$/),
    expect.stringMatching(/^\| mails .*40\.0 ms .*\*\*no\*\* \|$/),
    expect.stringMatching(/^\| sizes .*3\.00 ms/),
    expect.stringMatching(/^\| more .*5\.00 ms/),
  ]);
  const widths = new Set(once.split("\n").flatMap((text) => (text[0] === "|" ? text.length : [])));
  expect(widths.size).toBe(1);
  expect(withFigures(once, part)).toBe(once);
  const other = withFigures(once, { about: "Wednesday.", parts: "sizes", lines: [] });
  expect(other).toMatch(/^Monday\.\n\n`mails`: Tuesday\.\n\n`sizes`: Wednesday\.\n\n\|/);
});
