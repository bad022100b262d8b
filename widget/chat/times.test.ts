import { describe, expect, test } from "vitest";
import { english } from "../languages/texts.ts";
import { createTimes } from "./times.ts";

const times = createTimes("en-GB", "Europe/Stockholm");
const at = (text: string) => Date.parse(`${text}+01:00`);
const now = at("2026-11-22T15:00:00");
const away = (backAt: number | null) =>
  times.availability({ isOnline: false, faces: [], backAt }, now, english);

describe("who is there", () => {
  test("is said as it is", () => {
    expect(times.availability({ isOnline: true, faces: [], backAt: null }, now, english)).toBe(
      "Online now",
    );
    expect(away(null)).toBe("Away now. We answer here when we are back");
  });

  test.each([
    ["2026-11-22T18:30:00", "Back today at 18:30"],
    ["2026-11-23T09:00:00", "Back tomorrow at 9:00"],
    ["2026-11-25T09:00:00", "Back Wednesday at 9:00"],
    ["2026-12-03T09:00:00", "Back 3 December at 9:00"],
    ["2026-11-22T14:59:00", "Away now. We answer here when we are back"],
  ])("back at %s reads %j", (back, expected) => {
    expect(away(at(back))).toBe(expected);
  });

  test("counts the person's days and not the company's", () => {
    const tokyo = createTimes("en-GB", "Asia/Tokyo");
    const back = { isOnline: false, faces: [], backAt: at("2026-11-22T17:00:00") };
    expect(tokyo.availability(back, at("2026-11-22T16:30:00"), english)).toBe("Back today at 1:00");
    expect(tokyo.availability(back, at("2026-11-22T12:00:00"), english)).toBe(
      "Back tomorrow at 1:00",
    );
  });
});

describe("days", () => {
  test.each([
    ["2026-11-22T00:01:00", "Today"],
    ["2026-11-21T23:59:00", "Yesterday"],
    ["2026-11-17T12:00:00", "Tuesday"],
    ["2026-11-15T12:00:00", "Sunday 15 November"],
    ["2025-11-22T12:00:00", "Saturday, 22 November 2025"],
  ])("%s is %j", (day, expected) => {
    expect(times.day(at(day), now)).toBe(expected);
  });

  test("speak the language of the chat", () => {
    expect(createTimes("de", "Europe/Berlin").day(at("2026-11-21T12:00:00"), now)).toBe("Gestern");
  });

  test("survive the night when clocks change", () => {
    const before = Date.parse("2026-10-24T23:30:00+02:00");
    const after = Date.parse("2026-10-25T23:30:00+01:00");
    expect(times.day(before, after)).toBe("Yesterday");
  });
});
