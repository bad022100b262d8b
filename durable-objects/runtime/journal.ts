import type { Json } from "../../protocol/json.ts";
import journalSql from "./journal.sql";
import type { Migration } from "./migrations.ts";

/** The journal's tables: the first step of every object that has one. */
export const JOURNAL_MIGRATION: Migration = { name: "journal", sql: journalSql };

export type LogRow = { seq: number; visible: number | null; entry: string };

/** Log rows between two foldings of the state; also the most that a waking object replays. */
export const FOLD_EVERY = 64;

/** Keys that are many and rarely needed begin with this; they are read one by one. */
export const LAZY_PREFIX = "~";

const FOLDED = "#folded";

/**
 * An append-only log whose rows carry the state they changed.
 *
 * The platform bills and waits per row, so a change of state does not get a row of its own: it rides in the log row
 * that caused it, and the whole state is folded into its table once in 64 rows. A waking object reads the folded
 * state and replays the few rows after it. Values are absolute, so a replay does no harm.
 */
export class Journal {
  readonly #storage: DurableObjectStorage;
  readonly #sql: SqlStorage;
  readonly #values = new Map<string, Json>();
  /** Keys whose newest value stands only in log rows. */
  readonly #unfolded = new Set<string>();
  /** Changes that wait for the next row: marks that may be lost and are then made again. */
  readonly #riding = new Map<string, Json>();
  #lastSeq = 0;
  #folded = 0;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    this.#sql = storage.sql;
    this.#load();
  }

  /** Number of the newest log row; 0 while the log is empty. */
  get lastSeq(): number {
    return this.#lastSeq;
  }

  get(key: string): Json | undefined {
    const held = this.#values.get(key);
    if (held !== undefined || !key.startsWith(LAZY_PREFIX)) return held;
    const row = this.#sql
      .exec<{ value: string }>("SELECT value FROM state WHERE key = ?", key)
      .toArray()[0];
    if (row === undefined) return undefined;
    const value = parse(row.value);
    this.#values.set(key, value);
    return value;
  }

  /** Eager keys that begin with a prefix. */
  keys(prefix: string): string[] {
    return [...this.#values.keys()].filter((key) => key.startsWith(prefix));
  }

  /** Keys that begin with a prefix, eager or not, those first that were changed last; at most `limit`. */
  newestKeys(prefix: string, limit: number): string[] {
    const held = this.keys(prefix).toReversed();
    const stored = this.#sql.exec<{ key: string }>(
      "SELECT key FROM state WHERE key >= ?1 AND key < ?1 || char(1114111) ORDER BY seq DESC LIMIT ?2",
      prefix,
      limit,
    );
    return [...new Set([...held, ...[...stored].map(({ key }) => key)])].slice(0, limit);
  }

  /**
   * Appends one row together with everything it changes, and returns its number.
   * Must be called in the turn that decided, before anything leaves the object.
   */
  append(entry: string, visible: number | null, changes: Iterable<[string, Json]>): number {
    const seq = this.#lastSeq + 1;
    const state = new Map([...this.#riding, ...changes]);
    // The row first: if it cannot be written, nothing in memory has moved either.
    this.#sql.exec(
      "INSERT INTO log (seq, visible, entry, state) VALUES (?, ?, ?, ?)",
      seq,
      visible,
      entry,
      JSON.stringify(Object.fromEntries(state)),
    );
    for (const [key, value] of state) {
      this.#values.set(key, value);
      this.#unfolded.add(key);
    }
    this.#riding.clear();
    this.#lastSeq = seq;
    if (seq - this.#folded >= FOLD_EVERY) this.#fold();
    return seq;
  }

  /** Changes state without a log entry: one row for each key. Lazy keys change only with entries. */
  put(changes: Iterable<[string, Json]>): void {
    for (const [key, value] of changes) {
      if (key.startsWith(LAZY_PREFIX))
        throw new TypeError(`${key} is lazy and changes only with an entry`);
      this.#write(key, value);
      this.#values.set(key, value);
      this.#unfolded.delete(key);
      this.#riding.delete(key);
    }
  }

  /** Changes state in memory; it is written with the next row. For marks that are safe to lose. */
  ride(key: string, value: Json): void {
    this.#values.set(key, value);
    this.#riding.set(key, value);
  }

  /** Writes what still rides, before a long sleep: a waking object then knows it. */
  settle(): void {
    this.put([...this.#riding]);
  }

  /** Log rows after a number, oldest first. */
  after(seq: number, limit: number): LogRow[] {
    return this.#sql
      .exec<LogRow>(
        "SELECT seq, visible, entry FROM log WHERE seq > ? ORDER BY seq LIMIT ?",
        seq,
        limit,
      )
      .toArray();
  }

  /**
   * Rows with a visible number after the given one, oldest first. A visible number is never greater than its row's
   * own, so the search starts there and needs no index.
   */
  visibleAfter(visible: number, limit: number): LogRow[] {
    return this.#sql
      .exec<LogRow>(
        "SELECT seq, visible, entry FROM log WHERE seq > ? AND visible > ? ORDER BY seq LIMIT ?",
        visible,
        visible,
        limit,
      )
      .toArray();
  }

  /** Rows before a number, newest first. */
  before(seq: number, limit: number): LogRow[] {
    return this.#sql
      .exec<LogRow>(
        "SELECT seq, visible, entry FROM log WHERE seq < ? ORDER BY seq DESC LIMIT ?",
        seq,
        limit,
      )
      .toArray();
  }

  /** Keys that rows after a number changed. */
  changedAfter(seq: number): Set<string> {
    const keys = new Set<string>();
    for (const row of this.#sql.exec<{ state: string }>("SELECT state FROM log WHERE seq > ?", seq))
      for (const key of Object.keys(parseRecord(row.state))) keys.add(key);
    return keys;
  }

  /** What these keys were at a row; those that had no value yet are left out. Reads back as far as it must. */
  valuesAt(seq: number, keys: ReadonlySet<string>): Map<string, Json> {
    const found = new Map<string, Json>();
    const cursor = this.#sql.exec<{ state: string }>(
      "SELECT state FROM log WHERE seq <= ? ORDER BY seq DESC",
      seq,
    );
    for (const row of cursor) {
      const state = parseRecord(row.state);
      for (const [key, value] of Object.entries(state))
        if (keys.has(key) && !found.has(key)) found.set(key, value);
      if (found.size === keys.size) break;
    }
    return found;
  }

  #load(): void {
    const base = new Map<string, number>();
    for (const row of this.#sql.exec<{ key: string; seq: number; value: string }>(
      "SELECT key, seq, value FROM state WHERE key < ?",
      LAZY_PREFIX,
    )) {
      if (row.key === FOLDED) this.#folded = row.seq;
      else {
        this.#values.set(row.key, parse(row.value));
        base.set(row.key, row.seq);
      }
    }
    this.#lastSeq = this.#folded;
    for (const row of this.#sql.exec<{ seq: number; state: string }>(
      "SELECT seq, state FROM log WHERE seq > ? ORDER BY seq",
      this.#folded,
    )) {
      this.#lastSeq = row.seq;
      for (const [key, value] of Object.entries(parseRecord(row.state))) {
        if ((base.get(key) ?? -1) >= row.seq) continue;
        this.#values.set(key, value);
        this.#unfolded.add(key);
      }
    }
  }

  /** All of it or nothing: a half-folded state would hide the log rows that it lacks. Tried again with the next row. */
  #fold(): void {
    try {
      this.#storage.transactionSync(() => {
        for (const key of this.#unfolded) this.#write(key, this.#values.get(key) ?? null);
        this.#write(FOLDED, null);
      });
    } catch (error) {
      console.error("folding failed", error instanceof Error ? error.message : error);
      return;
    }
    this.#unfolded.clear();
    this.#folded = this.#lastSeq;
  }

  #write(key: string, value: Json): void {
    this.#sql.exec(
      "INSERT INTO state (key, seq, value) VALUES (?1, ?2, ?3) ON CONFLICT (key) DO UPDATE SET seq = ?2, value = ?3",
      key,
      this.#lastSeq,
      JSON.stringify(value),
    );
  }
}

// Both texts were written above by JSON.stringify of these types.
function parse(text: string): Json {
  return JSON.parse(text) as Json;
}
function parseRecord(text: string): Record<string, Json> {
  return JSON.parse(text) as Record<string, Json>;
}
