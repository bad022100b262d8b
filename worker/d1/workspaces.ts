import { eq, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { WorkspaceId } from "../../protocol/ids.ts";
import type { OpeningHours, WidgetSettings } from "../../protocol/settings.ts";
import { workspaces } from "./schema.ts";

/** A workspace with its settings, as D1 holds it. */
export type WorkspaceRow = typeof workspaces.$inferSelect;

export async function readWorkspace(db: D1Database, id: WorkspaceId): Promise<WorkspaceRow | null> {
  const [row] = await drizzle(db).select().from(workspaces).where(eq(workspaces.id, id)).limit(1);
  return row ?? null;
}

export async function readWorkspaceByKey(
  db: D1Database,
  siteKey: string,
): Promise<WorkspaceRow | null> {
  const [row] = await drizzle(db)
    .select()
    .from(workspaces)
    .where(eq(workspaces.siteKey, siteKey))
    .limit(1);
  return row ?? null;
}

/** Changes some settings; the version grows, so that caches notice. */
export async function updateWorkspace(
  db: D1Database,
  id: WorkspaceId,
  change: Partial<{
    name: string;
    hours: OpeningHours | null;
    widget: WidgetSettings;
    origins: string[];
  }>,
): Promise<void> {
  await drizzle(db)
    .update(workspaces)
    .set({ ...change, version: sql`${workspaces.version} + 1` })
    .where(eq(workspaces.id, id));
}
