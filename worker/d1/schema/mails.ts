import { sql } from "drizzle-orm";
import {
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from "drizzle-orm/sqlite-core";
import type { MailEvent } from "../../../domain/email/fate.ts";
import type {
  ConversationId,
  JobId,
  OperatorId,
  VisitorId,
  WorkspaceId,
} from "../../../protocol/ids.ts";
import type { ProviderFate } from "../../../protocol/jobs.ts";
import type { DnsRecord, SenderFlaw } from "../../../protocol/email-api.ts";

/** Mails that went and came, and whom they are for. */

/** What a mail says that does not follow from its job: whoever sends it may change it between two tries. */
export type Letterhead = {
  /** `Name <address>` or a bare address. */
  from: string;
  /** The name behind the operator's. */
  sender: string;
  workspaceName: string;
  /** Where answers come in; empty where nobody answers. */
  replyDomain: string;
  /** Where the Worker is found; empty where nobody has said. */
  origin: string;
  /** Whether it has a link to go on in the chat. */
  hasLink: boolean;
};

/**
 * One row for each mail handed to a transport, so that a job that is delivered twice is not sent twice.
 * `sending` left behind by a crash means that nobody knows.
 */
export const mails = sqliteTable(
  "mails",
  {
    job: text().$type<JobId>().primaryKey(),
    state: text().$type<"sending" | "waiting" | "accepted" | "rejected" | "unknown">().notNull(),
    providerId: text("provider_id"),
    code: text(),
    startedAt: integer("started_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
    address: text(),
    workspaceId: text("workspace_id").$type<WorkspaceId>(),
    conversationId: text("conversation_id").$type<ConversationId>(),
    /** `seq` of the message that it carries. */
    message: integer(),
    /** What it says beside its job, as its first try had it. */
    letterhead: text({ mode: "json" }).$type<Letterhead>(),
  },
  (table) => [index("mails_by_provider").on(table.providerId)],
);

/** What providers say of mails that they took, each event once, also of mails that nobody knows here. */
export const mailEvents = sqliteTable(
  "mail_events",
  {
    provider: text().$type<MailEvent["provider"]>().notNull(),
    id: text().notNull(),
    providerId: text("provider_id"),
    /** Null while the mail that it tells of is not known. */
    job: text().$type<JobId>(),
    fate: text().$type<ProviderFate>().notNull(),
    isHard: integer("is_hard", { mode: "boolean" }).notNull(),
    reason: text(),
    at: integer().notNull(),
    receivedAt: integer("received_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.provider, table.id] }),
    index("mail_events_by_provider").on(table.providerId),
  ],
);

/** How a workspace's mails are sent, and where their answers come in; without a row as the installation does. */
export const mailSenders = sqliteTable("mail_senders", {
  workspaceId: text("workspace_id").$type<WorkspaceId>().primaryKey(),
  fromName: text("from_name"),
  fromAddress: text("from_address"),
  fromVerifiedAt: integer("from_verified_at"),
  fromFlaw: text("from_flaw").$type<SenderFlaw>(),
  replyDomain: text("reply_domain"),
  replyArrivedAt: integer("reply_arrived_at"),
  replyVerifiedAt: integer("reply_verified_at"),
  found: text({ mode: "json" }).$type<{ from: DnsRecord[]; reply: DnsRecord[] }>().notNull(),
  checkedAt: integer("checked_at"),
  copyAfterMinutes: integer("copy_after_minutes").notNull().default(5),
  /** Null: never. */
  askAfterMinutes: integer("ask_after_minutes").default(2),
  /** How long mails are kept as they came; 0: as long as their message. */
  originalsDays: integer("originals_days").notNull().default(0),
});

/** Addresses that a workspace sends no more mails to. What was lifted stays, so that an old event does not bring it back. */
export const suppressions = sqliteTable(
  "suppressions",
  {
    workspaceId: text("workspace_id").$type<WorkspaceId>().notNull(),
    /** In lower case. */
    address: text().notNull(),
    why: text().$type<"bounced" | "complained" | "by_hand">().notNull(),
    /** In the mail server's words, where it gave any. */
    reason: text(),
    /** Who put it there by hand. */
    by: text().$type<OperatorId>(),
    at: integer().notNull(),
    liftedAt: integer("lifted_at"),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.address] })],
);

/** Conversations by email: whom a reply address was made for. */
export const mailThreads = sqliteTable(
  "mail_threads",
  {
    workspaceId: text("workspace_id").$type<WorkspaceId>().notNull(),
    conversationId: text("conversation_id").$type<ConversationId>().notNull(),
    /** In lower case; the reply address is signed for it. */
    address: text().notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.conversationId] }),
    // A reply address names its conversation alone.
    uniqueIndex("mail_threads_by_conversation").on(table.conversationId),
  ],
);

/** Further addresses that mails of a conversation went to: their answers belong there too. */
export const mailCorrespondents = sqliteTable(
  "mail_correspondents",
  {
    workspaceId: text("workspace_id").$type<WorkspaceId>().notNull(),
    conversationId: text("conversation_id").$type<ConversationId>().notNull(),
    /** In lower case. */
    address: text().notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.conversationId, table.address] }),
    index("mail_correspondents_by_conversation").on(table.conversationId),
  ],
);

/** The visitor made for an address that its own domain vouched for, when it first wrote to a workspace. */
export const mailVisitors = sqliteTable(
  "mail_visitors",
  {
    workspaceId: text("workspace_id").$type<WorkspaceId>().notNull(),
    address: text().notNull(),
    visitorId: text("visitor_id").$type<VisitorId>().notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.address] }),
    index("mail_visitors_by_visitor").on(table.workspaceId, table.visitorId),
  ],
);

/** Mails that belong to no conversation yet: the one each of them begins, or why it is kept and not shown. */
export const arrivedMails = sqliteTable(
  "arrived_mails",
  {
    workspaceId: text("workspace_id").$type<WorkspaceId>().notNull(),
    /** The same for the same mail, however often it comes. */
    key: text().notNull(),
    outcome: text().$type<"conversation" | "automatic" | "bounce" | "own">().notNull(),
    visitorId: text("visitor_id").$type<VisitorId>(),
    conversationId: text("conversation_id").$type<ConversationId>(),
    /** Name of the original in R2. */
    original: text().notNull(),
    at: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.key] })],
);

/** Mails that are kept in R2 as they came. */
export const originals = sqliteTable(
  "originals",
  {
    workspaceId: text("workspace_id").$type<WorkspaceId>().notNull(),
    /** Its name in R2: the same for the same bytes. */
    name: text().notNull(),
    /** When it came last. */
    keptAt: integer("kept_at").notNull(),
    /** Whether a message shows it. */
    isShown: integer("is_shown", { mode: "boolean" }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.name] }),
    index("originals_by_time").on(table.workspaceId, table.keptAt),
    index("originals_unshown")
      .on(table.keptAt)
      .where(sql`is_shown = 0`),
  ],
);
