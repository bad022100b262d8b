import type { OperatorEntry } from "../../../protocol/entries.ts";

/** The loaded part of a conversation's log: without gaps, ascending, ending at the newest entry known. */
export type EntryLog = {
  entries: readonly OperatorEntry[];
  /** Whether older entries can be asked for. */
  hasOlder: boolean;
};

export const emptyLog: EntryLog = { entries: [], hasOlder: false };

export const lastSeq = (log: EntryLog): number => log.entries.at(-1)?.seq ?? 0;
const firstSeq = (log: EntryLog): number => log.entries[0]?.seq ?? 1;

/** Takes in newer entries. `isGap`: something before them is missing and must be asked for first. */
export function append(
  log: EntryLog,
  entries: readonly OperatorEntry[],
): { log: EntryLog; isGap: boolean } {
  let last = lastSeq(log);
  const fresh: OperatorEntry[] = [];
  for (const entry of entries) {
    if (entry.seq <= last) continue;
    if (entry.seq !== last + 1) return { log: withEntries(log, fresh), isGap: true };
    fresh.push(entry);
    last = entry.seq;
  }
  return { log: withEntries(log, fresh), isGap: false };
}

function withEntries(log: EntryLog, fresh: OperatorEntry[]): EntryLog {
  return fresh.length === 0 ? log : { ...log, entries: [...log.entries, ...fresh] };
}

/** Takes in a page of older entries; one that does not join up is ignored. */
export function prepend(
  log: EntryLog,
  page: { entries: readonly OperatorEntry[]; hasMore: boolean },
): EntryLog {
  if (log.entries.length === 0) return { entries: page.entries, hasOlder: page.hasMore };
  const older = page.entries.filter((entry) => entry.seq < firstSeq(log));
  const isJoined = older.length === 0 || older.at(-1)?.seq === firstSeq(log) - 1;
  return isJoined ? { entries: [...older, ...log.entries], hasOlder: page.hasMore } : log;
}

/** Sender's numbers of everything in the log, to find one's own bubbles. */
export function hasKey(log: EntryLog, key: string): boolean {
  return log.entries.some(
    (entry) => (entry.type === "message" || entry.type === "note") && entry.key === key,
  );
}
