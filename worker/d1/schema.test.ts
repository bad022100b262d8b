import { expect, it } from "vitest";
import { newId } from "../../protocol/ids.ts";
import { conversationJob, message } from "../testing/projection-jobs.ts";
import { env } from "../testing/operator-browser.ts";
import { takeAttempt } from "./attempts.ts";
import { rowsOf, writeProjections } from "./projections.ts";

const schemaOf = async (name: string): Promise<string> =>
  (
    await env.DB.prepare("SELECT sql FROM sqlite_schema WHERE name = ?")
      .bind(name)
      .first<{ sql: string }>()
  )?.sql ?? "";

it.each([
  "visitors",
  "conversations",
  "messages",
  "segment_members",
  "deliveries",
  "identifiers",
  "joined_visitors",
  "known_as",
])("%s is kept without row ids, so that a row is one row", async (table) => {
  expect(await schemaOf(table)).toMatch(/WITHOUT ROWID$/);
});

/** Found by what a queue, a provider or a link calls them, never for an operator. */
const BY_OTHER_NAMES = new Set(["continue_links", "dead_letters", "mails"]);

it("has the workspace first in the key of everything that belongs to one", async () => {
  const { results } = await env.DB.prepare(
    "SELECT name FROM sqlite_schema WHERE sql LIKE '%workspace_id%' AND type = 'table'",
  ).all<{
    name: string;
  }>();
  const tables = results.map((row) => row.name).filter((name) => !BY_OTHER_NAMES.has(name));
  expect(tables.toSorted()).toEqual([
    "arrived_mails",
    "conversations",
    "deliveries",
    "distinct_visitors",
    "history_codes",
    "identifiers",
    "identity_keys",
    "invitations",
    "joined_visitors",
    "known_as",
    "link_changes",
    "mail_correspondents",
    "mail_senders",
    "mail_threads",
    "mail_visitors",
    "messages",
    "operators",
    "originals",
    "segment_members",
    "segments",
    "suppressions",
    "trigger_versions",
    "triggers",
    "visitor_links",
    "visitors",
  ]);
  for (const table of tables) {
    const columns = await env.DB.prepare(`PRAGMA table_info(${table})`).all<{
      name: string;
      pk: number;
    }>();
    expect(columns.results.find((column) => column.pk === 1)?.name, table).toBe("workspace_id");
  }
});

it("writes three rows for a message of a known conversation: its row, the conversation, and the index", async () => {
  const workspace = newId("wsp", Date.now());
  const conversation = newId("cnv", Date.now());
  await writeProjections(env.DB, [rowsOf(conversationJob(workspace, conversation))]);
  const written: number[] = [];
  const db = Object.create(env.DB, {
    batch: {
      value: async (statements: D1PreparedStatement[]) => {
        const results = await env.DB.batch(statements);
        written.push(...results.map((result) => result.meta.rows_written));
        return results;
      },
    },
    prepare: { value: (sql: string) => env.DB.prepare(sql) },
  }) as D1Database;
  const job = conversationJob(workspace, conversation, {
    version: 2,
    from: 2,
    entries: [message(2)],
    lastAt: 2_000,
  });
  await writeProjections(db, [rowsOf(job)]);
  expect(written.reduce((sum, rows) => sum + rows, 0)).toBe(3);
});

it("walks the index for a list of conversations, without sorting", async () => {
  const { results } = await env.DB.prepare(
    `EXPLAIN QUERY PLAN SELECT id, summary, last_at FROM conversations
     WHERE workspace_id = ?1 AND status = ?2 AND last_at <= ?3 AND (last_at < ?3 OR id > ?4)
     ORDER BY last_at DESC, id LIMIT 51`,
  )
    .bind("wsp_1", "open", 1, "")
    .all<{ detail: string }>();
  expect(results.map((row) => row.detail)).toEqual([
    "SEARCH conversations USING INDEX conversations_by_time (workspace_id=? AND status=? AND last_at<?)",
  ]);
});

it("counts attempts exactly, however many ask at once, and forgets them after the window", async () => {
  const take = (now: number, key = "k"): Promise<boolean> =>
    takeAttempt(env.DB, key, 3, 60_000, now);
  const first = await Promise.all(Array.from({ length: 20 }, () => take(1_000_000)));
  expect(first.filter(Boolean).length).toBe(3);
  expect(await take(1_000_000, "another")).toBe(true);
  expect(await take(1_059_999)).toBe(false);
  expect(await take(1_060_001)).toBe(true);
});

it("counts an attempt once that is for the same thing, however often it is taken", async () => {
  const take = (nonce: string, now: number): Promise<boolean> =>
    takeAttempt(env.DB, "one a day", 1, 60_000, now, nonce);
  expect(await take("a", 1_000_000)).toBe(true);
  expect(await take("b", 1_000_001)).toBe(false);
  expect(await take("a", 1_000_002)).toBe(true);
  expect(await take("a", 1_000_002)).toBe(true);
  // Counted from when it was first taken.
  expect(await take("b", 1_060_001)).toBe(true);
});
