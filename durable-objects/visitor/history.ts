import type { Occurrence } from "../../domain/segments/person-view.ts";
import { VisitorDraft, type StateReader } from "../../domain/visitors/state.ts";
import type { StoredItem } from "../../domain/visitors/apply-fact.ts";
import { EVENTS } from "../../protocol/facts.ts";
import type { Json } from "../../protocol/json.ts";
import type { Journal } from "../runtime/journal.ts";

/** What the log tells of events, and of how things were before. */

/** Rows that are read at once. */
const CHUNK = 200;
/** How many rows back a change of definitions is followed; more cannot lie between its going live and its arrival. */
const GAP_ROWS_MAX = 1_000;
/** So many rows right behind one another that tell of older things were written then; fewer may have been told late. */
const OLDER_ROWS = 20;

/** The event that a line of the timeline stands for, or null. */
export function occurrenceOf(item: StoredItem): Occurrence | null {
  switch (item.type) {
    case "track":
      return { name: item.name, at: item.at, props: propsOf(item.props) };
    case "page": {
      const { url, title, name } = item;
      const props = { ...propsOf(item.props ?? {}), url, title, ...(name ? { name } : {}) };
      return { name: EVENTS.pageViewed, at: item.at, props };
    }
    case "session": {
      const { source, referrer, landing } = item;
      return { name: EVENTS.sessionStarted, at: item.at, props: { source, referrer, landing } };
    }
    case "identify":
    case "conversation":
    case "delivery":
    case "reaction":
    case "segment":
    case "proved":
    case "released":
    case "moved":
    case "joined":
      return null;
  }
}

/** Every time an event happened, newest row first. Reads the whole log. */
export function* occurrencesIn(
  journal: Journal,
  name: string,
  through: number = journal.lastSeq,
): Iterable<Occurrence> {
  let from = through + 1;
  for (;;) {
    const rows = journal.before(from, CHUNK);
    for (const row of rows) {
      for (const item of parseItems(row.entry).toReversed()) {
        const occurrence = occurrenceOf(item);
        if (occurrence?.name === name) yield occurrence;
      }
    }
    const last = rows.at(-1);
    if (last === undefined) return;
    from = last.seq;
  }
}

/** The newest times that an event happened, as the log holds them. */
export function newestOccurrences(journal: Journal, name: string, limit: number): Occurrence[] {
  const found: Occurrence[] = [];
  for (const occurrence of occurrencesIn(journal, name)) {
    if (found.length >= limit) break;
    found.push(occurrence);
  }
  return found;
}

/**
 * What was told after an instant: the number of the last row before it, and the items of the rows since, older ones
 * that came late among them.
 */
export function since(journal: Journal, at: number): { before: number; items: StoredItem[] } {
  const items: StoredItem[][] = [];
  let older: { before: number; rows: number; newer: number } | null = null;
  let from = journal.lastSeq + 1;
  for (let read = 0; read < GAP_ROWS_MAX;) {
    const rows = journal.before(from, CHUNK);
    for (const row of rows) {
      const own = parseItems(row.entry);
      if (own.some((item) => item.at > at)) older = null;
      else if (own.length > 0) {
        older ??= { before: row.seq, rows: 0, newer: items.length };
        if (++older.rows >= OLDER_ROWS) break;
      }
      items.push(own);
    }
    from = rows.at(-1)?.seq ?? 1;
    read += rows.length;
    if (from === 1 || (older !== null && older.rows >= OLDER_ROWS)) break;
  }
  if (older !== null) return { before: older.before, items: inOrder(items.slice(0, older.newer)) };
  return { before: from - 1, items: inOrder(items) };
}

/**
 * The state as it was at a row. Values that are written without a row (the visitor's side of a conversation) are told
 * as they are now.
 */
export function stateAt(journal: Journal, seq: number): StateReader {
  if (seq >= journal.lastSeq) return journal;
  const changed = journal.changedAfter(seq);
  const former = journal.valuesAt(seq, changed);
  return {
    get: (key) => (changed.has(key) ? former.get(key) : journal.get(key)),
    keys: (prefix) => journal.keys(prefix).filter((key) => !changed.has(key) || former.has(key)),
  };
}

/** A draft over the state at a row. */
export function draftAt(journal: Journal, seq: number): VisitorDraft {
  return new VisitorDraft(stateAt(journal, seq));
}

function inOrder(rows: StoredItem[][]): StoredItem[] {
  return rows.toReversed().flat();
}

// Properties were checked to be JSON when they were kept.
function propsOf(props: Record<string, unknown>): { [key: string]: Json } {
  return props as { [key: string]: Json };
}

// Rows are written only by this object's store, from this type.
export function parseItems(text: string): StoredItem[] {
  return JSON.parse(text) as StoredItem[];
}
