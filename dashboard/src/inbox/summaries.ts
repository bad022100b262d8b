import type { ConversationSummary } from "../../../protocol/conversation-frames.ts";
import type { ConversationId, OperatorId } from "../../../protocol/ids.ts";
import type { ConversationCounts } from "../../../protocol/operator-api.ts";
import type { ConversationFilter } from "../api/client.ts";

/**
 * Every conversation this tab has heard of, by any way. Lists are views of it, so a change shows in all of
 * them at once. `epoch` says when an entry was last confirmed: what was not confirmed again after a
 * reconnect has been missed, and is dropped.
 */
export type Known = ReadonlyMap<ConversationId, { summary: ConversationSummary; epoch: number }>;

export const nothingKnown: Known = new Map();

export type SummaryChange = { before: ConversationSummary | null; after: ConversationSummary };

/** Takes in summaries; an older version never replaces a newer one. */
export function mergeSummaries(
  known: Known,
  summaries: readonly ConversationSummary[],
  epoch: number,
): { known: Known; changes: SummaryChange[] } {
  const next = new Map(known);
  const changes: SummaryChange[] = [];
  for (const summary of summaries) {
    const before = next.get(summary.id)?.summary ?? null;
    const isNewer = before === null || summary.version > before.version;
    next.set(summary.id, { summary: isNewer ? summary : before, epoch });
    if (isNewer) changes.push({ before, after: summary });
  }
  return { known: next, changes };
}

/** What remains after everything was asked again: only what that confirmed, or what was told since. */
export function dropUnconfirmed(known: Known, epoch: number): Known {
  const next = new Map([...known].filter(([, entry]) => entry.epoch >= epoch));
  return next.size === known.size ? known : next;
}

export function matches(
  summary: ConversationSummary,
  filter: ConversationFilter,
  me: OperatorId,
): boolean {
  if (summary.status !== filter.status) return false;
  if (filter.who === "mine") return summary.assignee?.id === me;
  if (filter.who === "unassigned") return summary.assignee === null;
  return true;
}

const newestFirst = (a: ConversationSummary, b: ConversationSummary): number =>
  b.lastAt - a.lastAt || (a.id < b.id ? 1 : -1);

/**
 * The rows of one list, newest first. `oldestAt` is the time of the last row that was loaded when more
 * remain: older ones are known by chance, and would leave holes between them.
 */
export function selectList(
  known: Known,
  filter: ConversationFilter,
  me: OperatorId,
  oldestAt: number | null,
): ConversationSummary[] {
  const rows: ConversationSummary[] = [];
  for (const { summary } of known.values()) {
    if (matches(summary, filter, me) && (oldestAt === null || summary.lastAt >= oldestAt))
      rows.push(summary);
  }
  return rows.sort(newestFirst);
}

/** Every conversation this tab knows, newest first. */
export const selectAll = (known: Known): ConversationSummary[] =>
  [...known.values()].map((entry) => entry.summary).sort(newestFirst);

/** The numbers beside the lists after one change, or null when they must be asked again. */
export function countsAfter(
  counts: ConversationCounts,
  { before, after }: SummaryChange,
  me: OperatorId,
): ConversationCounts | null {
  if (before === null && after.version > 1 && after.seq > 1) return null;
  const was = share(before, me);
  const is = share(after, me);
  return {
    open: Math.max(0, counts.open + is.open - was.open),
    mine: Math.max(0, counts.mine + is.mine - was.mine),
    unassigned: Math.max(0, counts.unassigned + is.unassigned - was.unassigned),
    unread: Math.max(0, counts.unread + is.unread - was.unread),
  };
}

function share(summary: ConversationSummary | null, me: OperatorId): ConversationCounts {
  const isOpen = summary?.status === "open";
  return {
    open: Number(isOpen),
    mine: Number(isOpen && summary.assignee?.id === me),
    unassigned: Number(isOpen && summary.assignee === null),
    unread: Number(isOpen && summary.unread > 0),
  };
}

/** Whether a change brought a message of the visitor that nobody has read. */
export function bringsMessage({ before, after }: SummaryChange): boolean {
  if (after.last?.author.kind !== "visitor" || after.unread === 0) return false;
  return before === null || after.visibleSeq > before.visibleSeq;
}

/** From how long a visitor's wait is shown as too long. */
export const LONG_WAIT_MS = 5 * 60_000;
