import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { OpeningHours } from "../../protocol/settings.ts";
import { isTimeZone } from "../time/zone.ts";
import { isOpen, nextOpening } from "./opening-hours.ts";

const at = (iso: string): number => Date.parse(iso);

/** Monday to Friday, nine to five. */
function officeHours(timeZone: string): OpeningHours {
  const day = { from: "09:00", to: "17:00" };
  return { timeZone, week: [day, day, day, day, day, null, null] };
}
const closedBut = (
  weekday: number,
  day: { from: string; to: string },
  timeZone = "UTC",
): OpeningHours => ({
  timeZone,
  week: Array.from({ length: 7 }, (_, index) => (index === weekday ? day : null)),
});

describe("opening hours", () => {
  it("are open from the first minute and closed from the last", () => {
    const hours = officeHours("UTC");
    expect(isOpen(hours, at("2026-11-02T08:59:59Z"))).toBe(false);
    expect(isOpen(hours, at("2026-11-02T09:00:00Z"))).toBe(true);
    expect(isOpen(hours, at("2026-11-02T16:59:59Z"))).toBe(true);
    expect(isOpen(hours, at("2026-11-02T17:00:00Z"))).toBe(false);
  });

  it("say when somebody is back: today, tomorrow, after the weekend", () => {
    const hours = officeHours("UTC");
    expect(nextOpening(hours, at("2026-11-02T06:00:00Z"))).toBe(at("2026-11-02T09:00:00Z"));
    expect(nextOpening(hours, at("2026-11-02T18:00:00Z"))).toBe(at("2026-11-03T09:00:00Z"));
    expect(nextOpening(hours, at("2026-11-06T18:00:00Z"))).toBe(at("2026-11-09T09:00:00Z"));
  });

  it("say nothing while open, and nothing when every day is closed", () => {
    expect(nextOpening(officeHours("UTC"), at("2026-11-02T12:00:00Z"))).toBeNull();
    const never: OpeningHours = { timeZone: "UTC", week: Array.from({ length: 7 }, () => null) };
    expect(nextOpening(never, at("2026-11-02T12:00:00Z"))).toBeNull();
    expect(isOpen(never, at("2026-11-02T12:00:00Z"))).toBe(false);
  });

  it("find an opening a whole week away", () => {
    const hours = closedBut(0, { from: "09:00", to: "10:00" });
    expect(nextOpening(hours, at("2026-11-02T10:00:00Z"))).toBe(at("2026-11-09T09:00:00Z"));
  });

  it("are read by the clocks of their zone, over the date line too", () => {
    // Monday nine in Auckland is Sunday evening in UTC.
    expect(nextOpening(officeHours("Pacific/Auckland"), at("2026-11-01T12:00:00Z"))).toBe(
      at("2026-11-01T20:00:00Z"),
    );
    expect(isOpen(officeHours("America/Los_Angeles"), at("2026-11-03T00:30:00Z"))).toBe(true);
    expect(isOpen(officeHours("Asia/Kathmandu"), at("2026-11-02T03:15:00Z"))).toBe(true);
    expect(isOpen(officeHours("Asia/Kathmandu"), at("2026-11-02T03:14:00Z"))).toBe(false);
  });

  it("keep the wall clock when clocks change", () => {
    const hours = officeHours("Europe/Berlin");
    // Friday before and Monday after the change to winter time.
    expect(nextOpening(hours, at("2026-10-22T20:00:00Z"))).toBe(at("2026-10-23T07:00:00Z"));
    expect(nextOpening(hours, at("2026-10-25T20:00:00Z"))).toBe(at("2026-10-26T08:00:00Z"));
    expect(nextOpening(hours, at("2026-03-27T20:00:00Z"))).toBe(at("2026-03-30T07:00:00Z"));
  });

  it("open after the jump when their minute is skipped, and at the first when it happens twice", () => {
    const skipped = closedBut(6, { from: "02:30", to: "12:00" }, "Europe/Berlin");
    expect(nextOpening(skipped, at("2026-03-28T12:00:00Z"))).toBe(at("2026-03-29T01:30:00Z"));
    const twice = closedBut(6, { from: "02:30", to: "12:00" }, "Europe/Berlin");
    expect(nextOpening(twice, at("2026-10-24T12:00:00Z"))).toBe(at("2026-10-25T00:30:00Z"));
  });

  it("run past midnight when the end is not after the start", () => {
    const hours = closedBut(4, { from: "22:00", to: "02:00" });
    expect(isOpen(hours, at("2026-11-06T23:00:00Z"))).toBe(true);
    expect(isOpen(hours, at("2026-11-07T01:59:00Z"))).toBe(true);
    expect(isOpen(hours, at("2026-11-07T02:00:00Z"))).toBe(false);
    const wholeDay = closedBut(4, { from: "00:00", to: "00:00" });
    expect(isOpen(wholeDay, at("2026-11-06T00:00:00Z"))).toBe(true);
    expect(isOpen(wholeDay, at("2026-11-06T23:59:59Z"))).toBe(true);
    expect(isOpen(wholeDay, at("2026-11-07T00:00:00Z"))).toBe(false);
  });

  it("know which zones exist", () => {
    expect(isTimeZone("Europe/Vienna")).toBe(true);
    expect(isTimeZone("Europe/Atlantis")).toBe(false);
    expect(isTimeZone("")).toBe(false);
  });

  it("are closed until the next opening and open at it, whatever the week and the zone", () => {
    const clock = fc
      .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
      .map(
        ([hour, minute]) => `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`,
      );
    const week = fc.array(fc.option(fc.record({ from: clock, to: clock })), {
      minLength: 7,
      maxLength: 7,
    });
    const zone = fc.constantFrom("UTC", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe");
    const instant = fc.integer({
      min: at("2026-01-01T00:00:00Z"),
      max: at("2027-12-31T00:00:00Z"),
    });
    fc.assert(
      fc.property(
        week,
        zone,
        instant,
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (days, timeZone, now, share) => {
          const hours: OpeningHours = { timeZone, week: days };
          const next = nextOpening(hours, now);
          if (next === null) {
            expect(isOpen(hours, now) || days.every((day) => day === null)).toBe(true);
            return;
          }
          expect(isOpen(hours, now)).toBe(false);
          expect(isOpen(hours, next)).toBe(true);
          expect(isOpen(hours, Math.floor(now + (next - now) * share))).toBe(false);
        },
      ),
      { numRuns: 200 },
    );
  });
});
