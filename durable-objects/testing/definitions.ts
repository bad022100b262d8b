import {
  chatSaying,
  definition,
  popup as samplePopup,
  UNLIMITED,
  variant,
} from "../../domain/triggers/testing/samples.ts";
import type { Condition } from "../../protocol/conditions.ts";
import type { SegmentId, TriggerId, WorkspaceId } from "../../protocol/ids.ts";
import type { Action, MessageCap, TriggerDefinition } from "../../protocol/triggers.ts";
import { forgetDefinitions } from "../definitions/definitions.ts";
import { now } from "../runtime/clock.ts";

/** Definitions put into D1 for one workspace, as saving them would. */
export type Definitions = {
  segments?: Record<string, Condition>;
  triggers?: Record<string, TriggerDefinition>;
  cap?: MessageCap | null;
};

/** Makes these the workspace's live definitions, as of now; those that were there before are gone. */
export async function setDefinitions(
  db: D1Database,
  workspace: WorkspaceId,
  { segments = {}, triggers = {}, cap = null }: Definitions,
): Promise<void> {
  const at = now();
  const version = "(SELECT definitions_version FROM workspaces WHERE id = ?1)";
  await db.batch([
    db
      .prepare(
        `INSERT INTO workspaces (id, name, site_key, widget, origins, version, cap, created_at)
         VALUES (?1, 'Test', ?1, '{}', '[]', 1, ?2, ?3)
         ON CONFLICT (id) DO UPDATE SET definitions_version = definitions_version + 1, cap = ?2`,
      )
      .bind(workspace, JSON.stringify(cap), at),
    ...["segments", "triggers", "trigger_versions"].map((table) =>
      db.prepare(`DELETE FROM ${table} WHERE workspace_id = ?`).bind(workspace),
    ),
    ...Object.entries(segments).map(([id, condition]) =>
      db
        .prepare(
          `INSERT INTO segments (workspace_id, id, name, description, condition, version, live_at, since_version,
             created_at, updated_at)
           VALUES (?1, ?2, ?2, '', ?3, 1, ?4, ${version}, ?4, ?4)`,
        )
        .bind(workspace, id, JSON.stringify(condition), at),
    ),
    ...Object.entries(triggers).flatMap(([id, definition]) => [
      db
        .prepare(
          `INSERT INTO triggers (workspace_id, id, status, draft, version, created_at, updated_at)
           VALUES (?1, ?2, 'live', ?3, 1, ?4, ?4)`,
        )
        .bind(workspace, id, JSON.stringify(definition), at),
      db
        .prepare(
          `INSERT INTO trigger_versions (workspace_id, trigger_id, version, definition, live_at, since_version,
             published_by, published_at)
           VALUES (?1, ?2, 1, ?3, ?4, ${version}, 'opr_1', ?4)`,
        )
        .bind(workspace, id, JSON.stringify(definition), at),
    ]),
  ]);
  forgetDefinitions(workspace);
}

export const SEGMENT = "seg_1" as SegmentId; // its shape is an id's
export const TRIGGER = "trg_1" as TriggerId; // its shape is an id's

/** A pop-up in the middle of the page that says this and nothing else. */
export function popup(text: string): Action {
  return samplePopup({ place: "centre", heading: "", text });
}

/** A trigger on a bell for everybody, every time, with what is different. */
export function trigger(change: Partial<TriggerDefinition> = {}): TriggerDefinition {
  return definition({
    name: "Bell",
    when: { type: "event", event: "Bell Rung", where: [] },
    limits: UNLIMITED,
    variants: [variant("a", chatSaying("You rang."))],
    ...change,
  });
}
