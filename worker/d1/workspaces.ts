import { eq, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { WorkspaceId } from "../../protocol/ids.ts";
import type { IdentityMode, OpeningHours, WidgetSettings } from "../../protocol/settings.ts";
import type { MessageCap } from "../../protocol/triggers.ts";
import { workspaces } from "./schema/workspaces.ts";

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

/** The zone that days of this workspace are counted in. */
export async function readTimeZone(db: D1Database, id: WorkspaceId): Promise<string> {
  const row = await readWorkspace(db, id);
  return row?.hours?.timeZone ?? "UTC";
}

/**
 * Changes some settings; the version grows, so that caches notice. So does the definitions' version where the cap, the
 * time zone or the mode of identity is another one: objects go by them.
 */
export async function updateWorkspace(
  db: D1Database,
  id: WorkspaceId,
  change: Partial<{
    name: string;
    hours: OpeningHours | null;
    widget: WidgetSettings;
    origins: string[];
    cap: MessageCap | null;
    identityMode: IdentityMode;
  }>,
): Promise<void> {
  const { cap, hours, identityMode } = change;
  const zone = sql`coalesce(${workspaces.hours} ->> '$.timeZone', 'UTC')`;
  const decides = [
    ...(cap === undefined ? [] : [sql`${workspaces.cap} IS NOT ${text(cap)}`]),
    ...(identityMode === undefined ? [] : [sql`${workspaces.identityMode} <> ${identityMode}`]),
    ...(hours === undefined ? [] : [sql`${zone} <> ${hours?.timeZone ?? "UTC"}`]),
  ];
  await drizzle(db)
    .update(workspaces)
    .set({
      ...change,
      version: sql`${workspaces.version} + 1`,
      ...(decides.length === 0
        ? {}
        : {
            definitionsVersion: sql`${workspaces.definitionsVersion} + (${sql.join(decides, sql` OR `)})`,
          }),
    })
    .where(eq(workspaces.id, id));
}

function text(cap: MessageCap | null): string | null {
  return cap === null ? null : JSON.stringify(cap);
}
