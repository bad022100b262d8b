import type { WorkspaceId } from "../../protocol/ids.ts";

export type DeadLetter = {
  queue: string;
  message: string;
  workspace: WorkspaceId | null;
  type: string;
  body: string;
};

/** Keeps a job that every retry failed for. */
export async function recordDeadLetter(
  db: D1Database,
  letter: DeadLetter,
  now: number,
): Promise<void> {
  await db
    .prepare(
      `INSERT INTO dead_letters (queue, message, workspace_id, type, body, at) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT DO NOTHING`,
    )
    .bind(letter.queue, letter.message, letter.workspace, letter.type, letter.body, now)
    .run();
}
