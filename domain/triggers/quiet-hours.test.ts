import fc from "fast-check";
import { expect, test } from "vitest";
import { offsetAt } from "../time/zone.ts";
import { quietUntil } from "./quiet-hours.ts";

const at = (iso: string) => Date.parse(iso);
const NIGHT = { from: "22:00", to: "08:00" };

test.each([
  ["before they begin", "2026-06-15T21:59:59.999Z", null],
  ["as they begin", "2026-06-15T22:00:00Z", "2026-06-16T08:00:00Z"],
  ["after midnight", "2026-06-16T00:30:00Z", "2026-06-16T08:00:00Z"],
  ["just before they end", "2026-06-16T07:59:59.999Z", "2026-06-16T08:00:00Z"],
  ["as they end", "2026-06-16T08:00:00Z", null],
])("Quiet hours over midnight, %s", (_, now, until) => {
  expect(quietUntil(NIGHT, "UTC", at(now))).toBe(until === null ? null : at(until));
});

test.each([
  ["as they begin", "2026-06-15T13:00:00Z", "2026-06-15T15:00:00Z"],
  ["as they end", "2026-06-15T15:00:00Z", null],
  ["in the night", "2026-06-15T02:00:00Z", null],
])("Quiet hours within a day, %s", (_, now, until) => {
  const nap = { from: "13:00", to: "15:00" };
  expect(quietUntil(nap, "UTC", at(now))).toBe(until === null ? null : at(until));
});

test.each([
  // Berlin: clocks go from 2:00 to 3:00 on 29 March, and from 3:00 to 2:00 on 25 October 2026.
  ["Europe/Berlin", "2026-03-28T21:30:00Z", "2026-03-29T06:00:00Z"],
  ["Europe/Berlin", "2026-10-24T20:30:00Z", "2026-10-25T07:00:00Z"],
  // New York: 8 March and 1 November 2026.
  ["America/New_York", "2026-03-08T03:30:00Z", "2026-03-08T12:00:00Z"],
  ["America/New_York", "2026-11-01T02:30:00Z", "2026-11-01T13:00:00Z"],
  // Lord Howe: half an hour, on 5 April and 4 October 2026.
  ["Australia/Lord_Howe", "2026-04-04T12:00:00Z", "2026-04-04T21:30:00Z"],
  ["Australia/Lord_Howe", "2026-10-03T12:00:00Z", "2026-10-03T21:00:00Z"],
])("In %s the night of a clock change ends at eight by the new clock", (zone, now, until) => {
  expect(quietUntil(NIGHT, zone, at(now))).toBe(at(until));
});

test("An end that is skipped in spring is the same distance after the jump", () => {
  const hours = { from: "22:00", to: "02:30" };
  expect(quietUntil(hours, "Europe/Berlin", at("2026-03-29T00:00:00Z"))).toBe(
    at("2026-03-29T01:30:00Z"),
  );
});

test("Quiet hours end within a day, end for good, and never hold where the clock says otherwise", () => {
  const zone = fc.constantFrom("Europe/Berlin", "America/New_York", "Australia/Lord_Howe");
  const clock = fc.integer({ min: 0, max: 1_439 });
  const instant = fc.integer({ min: at("2026-01-01"), max: at("2027-01-01") });
  const shown = (minutes: number) =>
    `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
  fc.assert(
    fc.property(zone, clock, clock, instant, (timeZone, from, to, now) => {
      fc.pre(from !== to);
      const hours = { from: shown(from), to: shown(to) };
      const until = quietUntil(hours, timeZone, now);
      if (until !== null) {
        expect(until).toBeGreaterThan(now);
        expect(until - now).toBeLessThanOrEqual(25 * 3_600_000);
        expect(quietUntil(hours, timeZone, until)).toBeNull();
      }
      const isPlainDay = [-2, -1, 0, 1, 2].every(
        (days) => offsetAt(timeZone, now + days * 86_400_000) === offsetAt(timeZone, now),
      );
      if (!isPlainDay) return;
      const minute = Math.floor((now + offsetAt(timeZone, now)) / 60_000) % 1_440;
      const isQuiet = from < to ? minute >= from && minute < to : minute >= from || minute < to;
      expect(until !== null).toBe(isQuiet);
    }),
  );
});
