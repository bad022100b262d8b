import type { SegmentId } from "../../protocol/ids.ts";
import type { Calendar } from "../time/calendar.ts";
import type { Tally } from "./tallies.ts";
import type { Verdict } from "./times.ts";

/** What a condition is evaluated with, beside the person. */
export type LeafContext = {
  now: number;
  /** Of the workspace's time zone. */
  calendar: Calendar;
  segment(id: SegmentId): Verdict;
  /** What is kept of a condition's events; left out, they are counted from the whole history. */
  tally?: () => Tally | undefined;
};
