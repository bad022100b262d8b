import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { Condition } from "../../../protocol/conditions.ts";
import type { OperatorId, SegmentId, TriggerId, WorkspaceId } from "../../../protocol/ids.ts";
import type { TriggerDefinition, TriggerStatus } from "../../../protocol/triggers.ts";

/** Segments and triggers: the truth. Objects read them through durable-objects/definitions. */

export const segments = sqliteTable(
  "segments",
  {
    workspaceId: text("workspace_id").$type<WorkspaceId>().notNull(),
    id: text().$type<SegmentId>().notNull(),
    name: text().notNull(),
    description: text().notNull(),
    condition: text({ mode: "json" }).$type<Condition>().notNull(),
    /** Place in the funnel, from 1; null for a segment that is no stage. */
    stage: integer(),
    /** Grows with every change of the condition. */
    version: integer().notNull(),
    liveAt: integer("live_at").notNull(),
    /** `workspaces.definitions_version` that brought this version. */
    sinceVersion: integer("since_version").notNull(),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
    archivedAt: integer("archived_at"),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.id] })],
);

export const triggers = sqliteTable(
  "triggers",
  {
    workspaceId: text("workspace_id").$type<WorkspaceId>().notNull(),
    id: text().$type<TriggerId>().notNull(),
    status: text().$type<TriggerStatus>().notNull(),
    /** As it is edited; equal to the live version's definition when nothing is unpublished. */
    draft: text({ mode: "json" }).$type<TriggerDefinition>().notNull(),
    /** The newest published version; 0 before the first. */
    version: integer().notNull(),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.id] })],
);

/** What was published, never changed. Whether it is live says `triggers.status`. */
export const triggerVersions = sqliteTable(
  "trigger_versions",
  {
    workspaceId: text("workspace_id").$type<WorkspaceId>().notNull(),
    triggerId: text("trigger_id").$type<TriggerId>().notNull(),
    version: integer().notNull(),
    definition: text({ mode: "json" }).$type<TriggerDefinition>().notNull(),
    /** When it went live, or live again after a pause. */
    liveAt: integer("live_at").notNull(),
    /** `workspaces.definitions_version` that brought it, or let it go on. */
    sinceVersion: integer("since_version").notNull(),
    publishedBy: text("published_by").$type<OperatorId>().notNull(),
    publishedAt: integer("published_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.triggerId, table.version] })],
);
