import type {
  MessageEntry,
  NoteEntry,
  OperatorEntry,
  VisibleEntry,
} from "../../protocol/entries.ts";
import type { Journal } from "../runtime/journal.ts";

type WithoutNumber<E> = E extends unknown ? Omit<E, "seq"> : never;

/** An entry as its log row holds it: the row has the number, and who sent it under which right stays inside. */
export type StoredEntry = WithoutNumber<OperatorEntry> & { holder?: string };

/** What operators see of a row. */
export function forOperators(seq: number, stored: StoredEntry): OperatorEntry {
  const { holder: _, ...entry } = stored;
  return { seq, ...entry };
}

/**
 * What the visitor sees of a row. The parameter's type is the promise: only a message can be given, and only these
 * fields leave.
 */
export function forVisitor(message: Omit<MessageEntry, "seq">): VisibleEntry {
  const { visibleSeq, at, author, text, key, sent, answers } = message;
  return {
    seq: visibleSeq,
    at,
    type: "message",
    author,
    text,
    ...(author.kind === "visitor" ? { key } : {}),
    ...(sent === undefined ? {} : { moment: { delivery: sent.delivery, content: sent.content } }),
    ...(answers === undefined ? {} : { answers }),
  };
}

export function isSent(
  stored: StoredEntry,
): stored is (Omit<MessageEntry, "seq"> | Omit<NoteEntry, "seq">) & { holder?: string } {
  return stored.type === "message" || stored.type === "note";
}

// Rows are written only by this object's store, from this type.
export function parseEntry(text: string): StoredEntry {
  return JSON.parse(text) as StoredEntry;
}

/** The entry of one number; null where there is none. */
export function entryAt(journal: Journal, seq: number): StoredEntry | null {
  const [row] = journal.after(seq - 1, 1);
  return row?.seq === seq ? parseEntry(row.entry) : null;
}
