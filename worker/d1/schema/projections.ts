import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type {
  ConversationStatus,
  ConversationSummary,
} from "../../../protocol/conversation-frames.ts";
import type { LookUpKind } from "../../../domain/identity/look-up.ts";
import type { OperatorEntry } from "../../../protocol/entries.ts";
import type {
  ConversationId,
  DeliveryId,
  OperatorId,
  SegmentId,
  TriggerId,
  VisitorId,
  WorkspaceId,
} from "../../../protocol/ids.ts";
import type { DeviceKind, PersonCard } from "../../../protocol/person.ts";
import type { Delivery, DeliveryState, SkipReason } from "../../../protocol/triggers.ts";

/**
 * What objects hold, as lists and figures are read from it, written by the projection consumer alone; and jobs that failed
 * for good.
 *
 * Projections, and other tables that say so, are `WITHOUT ROWID`: one row written where a rowid table with a primary key
 * writes two. drizzle cannot say so; after `npm run migrations` append `WITHOUT ROWID` by hand to their CREATE TABLE.
 * `schema.test.ts` fails when it is missing.
 */

/** WITHOUT ROWID */
export const visitors = sqliteTable(
  "visitors",
  {
    workspaceId: text("workspace_id").$type<WorkspaceId>().notNull(),
    id: text().$type<VisitorId>().notNull(),
    name: text(),
    email: text(),
    phone: text(),
    userId: text("user_id"),
    placeholder: text().notNull(),
    firstSeenAt: integer("first_seen_at").notNull(),
    lastSeenAt: integer("last_seen_at").notNull(),
    source: text(),
    country: text(),
    device: text().$type<DeviceKind>(),
    properties: text({ mode: "json" }).$type<PersonCard["properties"]>().notNull(),
    card: text({ mode: "json" }).$type<PersonCard>().notNull(),
    version: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.id] })],
);

/** WITHOUT ROWID. What each visitor is known as, for finding them and others like them. */
export const knownAs = sqliteTable(
  "known_as",
  {
    workspaceId: text("workspace_id").$type<WorkspaceId>().notNull(),
    kind: text().$type<LookUpKind>().notNull(),
    value: text().notNull(),
    visitorId: text("visitor_id").$type<VisitorId>().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.kind, table.value, table.visitorId] }),
    index("known_as_by_visitor").on(table.workspaceId, table.visitorId),
  ],
);

/** WITHOUT ROWID. Exactly one further index: each one costs a row written per message. */
export const conversations = sqliteTable(
  "conversations",
  {
    workspaceId: text("workspace_id").$type<WorkspaceId>().notNull(),
    id: text().$type<ConversationId>().notNull(),
    visitorId: text("visitor_id").$type<VisitorId>().notNull(),
    status: text().$type<ConversationStatus>().notNull(),
    assigneeId: text("assignee_id").$type<OperatorId>(),
    summary: text({ mode: "json" }).$type<ConversationSummary>().notNull(),
    unread: integer().notNull(),
    waitingSince: integer("waiting_since"),
    lastAt: integer("last_at").notNull(),
    version: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.id] }),
    index("conversations_by_time").on(
      table.workspaceId,
      table.status,
      sql`${table.lastAt} DESC`,
      table.id,
    ),
  ],
);

/** WITHOUT ROWID. Everything that operators see, notes included, in the order of `seq`. */
export const messages = sqliteTable(
  "messages",
  {
    workspaceId: text("workspace_id").$type<WorkspaceId>().notNull(),
    conversationId: text("conversation_id").$type<ConversationId>().notNull(),
    seq: integer().notNull(),
    /** The visitor's number; null for whatever visitors never see. */
    visibleSeq: integer("visible_seq"),
    type: text().$type<OperatorEntry["type"]>().notNull(),
    /** `visitor`, the operator's id, or `mail` for what came or went by email and is neither's. */
    author: text().notNull(),
    text: text(),
    at: integer().notNull(),
    /** The whole entry without its text. */
    body: text({ mode: "json" }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.conversationId, table.seq] })],
);

/** WITHOUT ROWID. Who is in which saved segment, as the visitors' objects said last. */
export const segmentMembers = sqliteTable(
  "segment_members",
  {
    workspaceId: text("workspace_id").$type<WorkspaceId>().notNull(),
    segmentId: text("segment_id").$type<SegmentId>().notNull(),
    visitorId: text("visitor_id").$type<VisitorId>().notNull(),
    since: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.segmentId, table.visitorId] }),
    index("segment_members_by_visitor").on(table.workspaceId, table.visitorId),
  ],
);

/** WITHOUT ROWID. Every delivery as the visitor's object holds it. Figures are counted from these rows alone. */
export const deliveries = sqliteTable(
  "deliveries",
  {
    workspaceId: text("workspace_id").$type<WorkspaceId>().notNull(),
    id: text().$type<DeliveryId>().notNull(),
    visitorId: text("visitor_id").$type<VisitorId>().notNull(),
    triggerId: text("trigger_id").$type<TriggerId>().notNull(),
    triggerVersion: integer("trigger_version").notNull(),
    variant: text(),
    state: text().$type<DeliveryState>().notNull(),
    reason: text().$type<SkipReason>(),
    decidedAt: integer("decided_at").notNull(),
    seenAt: integer("seen_at"),
    clickedAt: integer("clicked_at"),
    answeredAt: integer("answered_at"),
    closedAt: integer("closed_at"),
    goalAt: integer("goal_at"),
    goalMinor: integer("goal_minor"),
    goalCurrency: text("goal_currency"),
    /** The whole delivery. */
    body: text({ mode: "json" }).$type<Delivery>().notNull(),
    version: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.visitorId, table.id] }),
    index("deliveries_by_trigger").on(
      table.workspaceId,
      table.triggerId,
      sql`${table.decidedAt} DESC`,
      table.visitorId,
      table.id,
    ),
  ],
);

/** Jobs that every retry failed for, kept for people to look at. */
export const deadLetters = sqliteTable(
  "dead_letters",
  {
    queue: text().notNull(),
    message: text().notNull(),
    workspaceId: text("workspace_id").$type<WorkspaceId>(),
    type: text().notNull(),
    body: text().notNull(),
    at: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.queue, table.message] })],
);
