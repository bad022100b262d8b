import {
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from "drizzle-orm/sqlite-core";
import type {
  FileId,
  InvitationId,
  JobId,
  OperatorId,
  WorkspaceId,
} from "../../../protocol/ids.ts";
import type { OperatorRole, OperatorStatus } from "../../../protocol/operators.ts";
import type { IdentityMode, OpeningHours, WidgetSettings } from "../../../protocol/settings.ts";
import type { MessageCap } from "../../../protocol/triggers.ts";

/**
 * Workspaces and who answers in them.
 *
 * Whatever belongs to a workspace has `workspace_id` first in its key, here and in every schema beside this one, so that
 * no query can leave it out.
 */

export const workspaces = sqliteTable("workspaces", {
  id: text().$type<WorkspaceId>().primaryKey(),
  name: text().notNull(),
  siteKey: text("site_key").notNull().unique(),
  widget: text({ mode: "json" }).$type<WidgetSettings>().notNull(),
  hours: text({ mode: "json" }).$type<OpeningHours>(),
  origins: text({ mode: "json" }).$type<string[]>().notNull(),
  /** Grows with every change of the settings. */
  version: integer().notNull(),
  /** Grows with every change of a segment, a trigger, the cap or the time zone: objects look for newer ones by it. */
  definitionsVersion: integer("definitions_version").notNull().default(1),
  /** At most so many automatic messages per person in so long. */
  cap: text({ mode: "json" }).$type<MessageCap>(),
  /** What becomes of identifiers that pages claim without a proof. */
  identityMode: text("identity_mode").$type<IdentityMode>().notNull().default("off"),
  createdAt: integer("created_at").notNull(),
});

export const operators = sqliteTable(
  "operators",
  {
    workspaceId: text("workspace_id").$type<WorkspaceId>().notNull(),
    id: text().$type<OperatorId>().notNull(),
    userId: text("user_id").notNull(),
    name: text().notNull(),
    title: text().notNull(),
    photo: text().$type<FileId>(),
    role: text().$type<OperatorRole>().notNull(),
    status: text().$type<OperatorStatus>().notNull(),
    email: text().notNull(),
    createdAt: integer("created_at").notNull(),
    removedAt: integer("removed_at"),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.id] }),
    uniqueIndex("operators_by_user").on(table.userId, table.workspaceId),
  ],
);

export const invitations = sqliteTable(
  "invitations",
  {
    workspaceId: text("workspace_id").$type<WorkspaceId>().notNull(),
    id: text().$type<InvitationId>().notNull(),
    email: text().notNull(),
    role: text().$type<Exclude<OperatorRole, "owner">>().notNull(),
    invitedBy: text("invited_by").$type<OperatorId>().notNull(),
    createdAt: integer("created_at").notNull(),
    expiresAt: integer("expires_at").notNull(),
    acceptedAt: integer("accepted_at"),
    revokedAt: integer("revoked_at"),
    /** What became of the newest mail; `unknown` when the transport could not say. */
    mail: text().$type<"queued" | "sent" | "failed" | "unknown">().notNull(),
    /** The newest mail's job: an older one no longer changes `mail`. */
    mailJob: text("mail_job").$type<JobId>().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.id] }),
    index("invitations_by_email").on(table.email),
  ],
);
