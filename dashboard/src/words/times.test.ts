import { expect, test } from "vitest";
import {
  agoWords,
  dayNumber,
  dayWords,
  duration,
  momentWords,
  relativeTime,
  roughDuration,
  stopwatch,
} from "./times.ts";

const MIN = 60_000;
const HOUR = 60 * MIN;
const now = Date.UTC(2026, 10, 18, 15, 30);
const clock = { now, timeZone: "UTC", locale: "en-GB" };

test("times in lists are relative under a day, then a weekday, then a date", () => {
  const at = [
    0,
    59_000,
    MIN,
    59 * MIN,
    HOUR,
    23 * HOUR,
    25 * HOUR,
    6 * 24 * HOUR,
    7 * 24 * HOUR,
    365 * 24 * HOUR,
  ];
  expect(at.map((age) => relativeTime(now - age, clock))).toEqual([
    "now",
    "now",
    "1 min",
    "59 min",
    "1 h",
    "23 h",
    "Tue",
    "Thu",
    "11 Nov",
    "18 Nov 2025",
  ]);
});

test("a clock that runs ahead of ours reads as now", () => {
  expect(relativeTime(now + HOUR, clock)).toBe("now");
});

test("moments of the past read in the middle of a sentence", () => {
  expect(agoWords(now, clock)).toBe("just now");
  expect(agoWords(now - 3 * MIN, clock)).toBe("3 min ago");
  expect(agoWords(now - 48 * HOUR, clock)).toBe("on Mon");
  expect(momentWords(now - HOUR, clock)).toBe("today at 14:30");
  expect(momentWords(now - 24 * HOUR, clock)).toBe("yesterday at 15:30");
});

test("days are those of the reader's zone, daylight saving included", () => {
  const lateEvening = Date.UTC(2026, 10, 17, 23, 30);
  expect(dayWords(lateEvening, clock)).toBe("Yesterday");
  expect(dayWords(lateEvening, { ...clock, timeZone: "Europe/Berlin" })).toBe("Today");
  const before = Date.UTC(2026, 9, 24, 12);
  const after = Date.UTC(2026, 9, 25, 12);
  const zone = { timeZone: "Europe/Berlin" };
  expect(dayNumber(after, zone) - dayNumber(before, zone)).toBe(1);
});

test("separators between days name the year only when it is another", () => {
  expect(dayWords(now - 3 * 24 * HOUR, clock)).toBe("Sunday");
  expect(dayWords(now - 30 * 24 * HOUR, clock)).toBe("19 October");
  expect(dayWords(now - 400 * 24 * HOUR, clock)).toBe("14 October 2025");
});

test("durations carry their units", () => {
  expect([0, 59_999, MIN, HOUR, 65 * MIN, 25 * HOUR, 72 * HOUR].map(duration)).toEqual([
    "0 s",
    "59 s",
    "1 min",
    "1 h",
    "1 h 5 min",
    "1 day",
    "3 days",
  ]);
  expect(roughDuration(9 * HOUR + 4 * MIN)).toBe("9 h");
  expect(duration(-5)).toBe("0 s");
});

test("running times read as a stop-watch", () => {
  expect([7_000, 12 * MIN + 40_000, HOUR + 2 * MIN + 5_000, -1].map(stopwatch)).toEqual([
    "0:07",
    "12:40",
    "1:02:05",
    "0:00",
  ]);
});
