import type { VisibleEntry } from "../../protocol/entries.ts";

/** The entries of one conversation that are held, gap-free from `first` to `through`. */
export function createLog() {
  let entries: VisibleEntry[] = [];
  let base: number | undefined;
  const through = () => entries.at(-1)?.seq ?? base ?? 0;
  return {
    all: (): readonly VisibleEntry[] => entries,
    /** Whether a starting point is known. */
    isStarted: () => base !== undefined,
    /** Number of the last entry held; what is after it is asked for. */
    through,
    /** Number of the first entry held. */
    first: () => entries[0]?.seq ?? (base ?? 0) + 1,
    /** Begins after a number: what is before it is not held. */
    start(after: number): void {
      base = after;
    },
    /** Adds one entry. False when something between is missing; then it is not added. */
    add(entry: VisibleEntry): boolean {
      if (base === undefined || entry.seq > through() + 1) return false;
      if (entry.seq === through() + 1) entries.push(entry);
      return true;
    },
    /** Adds older entries in front, up to the first one held. */
    addEarlier(older: readonly VisibleEntry[]): void {
      const first = this.first();
      const missing = older.filter(({ seq }) => seq < first);
      if (missing.at(-1)?.seq === first - 1) entries = [...missing, ...entries];
    },
    clear(): void {
      entries = [];
      base = undefined;
    },
  };
}
