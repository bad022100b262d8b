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
    .all<{ id: ConversationId; summary: string; last_at: number }>();
  const rows = results.slice(0, LIST_PAGE_SIZE);
  const last = rows.at(-1);
  return {
    // Written by the projection consumer alone, from the object's own summary.
    conversations: rows.map((row): ConversationPage["conversations"][number] =>
      JSON.parse(row.summary),
    ),
    last: results.length > LIST_PAGE_SIZE && last ? { lastAt: last.last_at, id: last.id } : null,
  };
}

/** Counting stops here; a screen shows "999+". */
export const COUNT_MAX = 1_000;

/** How many open conversations there are, among the newest `COUNT_MAX`. */
export async function countConversations(
  db: D1Database,
  workspace: WorkspaceId,
  operator: OperatorId,
): Promise<ConversationCounts> {
  const row = await db
    .prepare(
      `SELECT count(*) AS open, sum(assignee_id IS ?2) AS mine, sum(assignee_id IS NULL) AS unassigned,
              sum(unread > 0) AS unread
       FROM (SELECT assignee_id, unread FROM conversations
             WHERE workspace_id = ?1 AND status = 'open' ORDER BY last_at DESC, id LIMIT ?3)`,
    )
    .bind(workspace, operator, COUNT_MAX)
    .first<{
      open: number;
      mine: number | null;
      unassigned: number | null;
      unread: number | null;
    }>();
  return {
    open: row?.open ?? 0,
    mine: row?.mine ?? 0,
    unassigned: row?.unassigned ?? 0,
    unread: row?.unread ?? 0,
  };
}
