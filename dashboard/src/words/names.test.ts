import { expect, test } from "vitest";
import { asId } from "../../../protocol/ids.ts";
import { count, hueOf, initials, nameOf } from "./names.ts";

test("a name of only spaces is no name", () => {
  expect(nameOf({ name: "  ", placeholder: "Quiet Heron" })).toBe("Quiet Heron");
  expect(nameOf({ name: "Ann", placeholder: "Quiet Heron" })).toBe("Ann");
});

test("initials are whole letters, one for scripts that do not abbreviate", () => {
  expect(
    [
      "Hannah Weiss",
      "cher",
      "Olga Ivanovna Smirnova",
      "山田 太郎",
      "محمد بن سلمان",
      "👩‍👩‍👧 Fox",
      "",
      "<b>Bold</b>",
    ].map(initials),
  ).toEqual(["HW", "C", "OS", "山", "م", "👩‍👩‍👧", "?", "<"]);
});

test("an id keeps its colour, and ids spread over all of them", () => {
  const ids = Array.from({ length: 400 }, (_, index) => asId("vis", `vis_${index.toString(36)}`));
  expect(ids.map((id) => hueOf(id, 10))).toEqual(ids.map((id) => hueOf(id, 10)));
  expect(new Set(ids.map((id) => hueOf(id, 10))).size).toBe(10);
});

test("one is one, everything else is many", () => {
  expect([count(1, "item"), count(0, "item"), count(2, "person", "people")]).toEqual([
    "1 item",
    "0 items",
    "2 people",
  ]);
});
