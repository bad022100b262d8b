import type {
  ConversationStatus,
  ConversationSummary,
} from "../../protocol/conversation-frames.ts";
import type { ConversationId, OperatorId, WorkspaceId } from "../../protocol/ids.ts";
import { LIST_PAGE_SIZE } from "../../protocol/limits.ts";
import type { ConversationCounts, ConversationPage } from "../../protocol/operator-api.ts";

/** Reads the projection of conversations. Lists walk its one index, newest first. */

export type ListQuery = {
  status: ConversationStatus;
  who: "all" | "mine" | "unassigned";
  operator: OperatorId;
  after: ListPosition | null;
};
/** The last row of the page before. */
export type ListPosition = { lastAt: number; id: ConversationId };

export async function listConversations(
  db: D1Database,
  workspace: WorkspaceId,
  query: ListQuery,
): Promise<{ conversations: ConversationSummary[]; last: ListPosition | null }> {
  const { results } = await db
    .prepare(
      `SELECT id, summary, last_at FROM conversations
       WHERE workspace_id = ?1 AND status = ?2
         AND last_at <= ?3 AND (last_at < ?3 OR id > ?4)
         AND (?5 = 'all' OR (?5 = 'mine' AND assignee_id = ?6) OR (?5 = 'unassigned' AND assignee_id IS NULL))
       ORDER BY last_at DESC, id
       LIMIT ?7`,
    )
    .bind(
      workspace,
      query.status,
      query.after?.lastAt ?? Number.MAX_SAFE_INTEGER,
      query.after?.id ?? "",
      query.who,
      query.operator,
      LIST_PAGE_SIZE + 1,
    )
    .all<ListRow>();
  return pageOf(results, LIST_PAGE_SIZE);
}

/** Conversations of one person that are shown at once. */
const PERSON_PAGE_SIZE = 20;

/** Of these conversations the ones that the operators' lists know, the newest first. */
export async function listConversationsOf(
  db: D1Database,
  workspace: WorkspaceId,
  ids: readonly ConversationId[],
  after: ListPosition | null,
): Promise<{ conversations: ConversationSummary[]; last: ListPosition | null }> {
  const { results } = await db
    .prepare(
      `SELECT id, summary, last_at FROM conversations
       WHERE workspace_id = ?1 AND id IN (SELECT value FROM json_each(?2))
         AND last_at <= ?3 AND (last_at < ?3 OR id > ?4)
       ORDER BY last_at DESC, id LIMIT ?5`,
    )
    .bind(
      workspace,
      JSON.stringify(ids),
      after?.lastAt ?? Number.MAX_SAFE_INTEGER,
      after?.id ?? "",
      PERSON_PAGE_SIZE + 1,
    )
    .all<ListRow>();
  return pageOf(results, PERSON_PAGE_SIZE);
}

type ListRow = { id: ConversationId; summary: string; last_at: number };

function pageOf(results: readonly ListRow[], size: number) {
  const rows = results.slice(0, size);
  const last = rows.at(-1);
  return {
    // Written by the projection consumer alone, from the object's own summary.
    conversations: rows.map((row): ConversationPage["conversations"][number] =>
      JSON.parse(row.summary),
    ),
    last: results.length > size && last ? { lastAt: last.last_at, id: last.id } : null,
  };
}

/** The largest number that is counted to; one more means "more", and a screen shows "99+". */
export const COUNT_MAX = 99;

/**
 * Counts the newest open conversations, `COUNT_MAX` and one at most: so many rows are read, however many
 * there are. Beyond that `mine`, `unassigned` and `unread` are what is among these, so at least so many.
 */
export async function countConversations(
  db: D1Database,
  workspace: WorkspaceId,
  operator: OperatorId,
): Promise<ConversationCounts> {
  const { results } = await db
    .prepare(
      `SELECT count(*) AS open, coalesce(sum(assignee_id IS ?2), 0) AS mine,
              coalesce(sum(assignee_id IS NULL), 0) AS unassigned, coalesce(sum(unread > 0), 0) AS unread
       FROM (SELECT assignee_id, unread FROM conversations
             WHERE workspace_id = ?1 AND status = 'open' ORDER BY last_at DESC, id LIMIT ?3)`,
    )
    .bind(workspace, operator, COUNT_MAX + 1)
    .all<ConversationCounts>();
  return results[0] ?? { open: 0, mine: 0, unassigned: 0, unread: 0 };
}
