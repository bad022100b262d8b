import { sql } from "drizzle-orm";
import {
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from "drizzle-orm/sqlite-core";
import type {
  ConversationStatus,
  ConversationSummary,
} from "../../protocol/conversation-frames.ts";
import type { MailEvent } from "../../domain/email/fate.ts";
import type { LookUpKind } from "../../domain/identity/look-up.ts";
import type { OperatorEntry } from "../../protocol/entries.ts";
import type { Condition } from "../../protocol/conditions.ts";
import type {
  ConversationId,
  DeliveryId,
  DeviceId,
  FileId,
  IdentityKeyId,
  InvitationId,
  JobId,
  OperatorId,
  SegmentId,
  TriggerId,
  VisitorId,
  WorkspaceId,
} from "../../protocol/ids.ts";
import type { ProviderFate } from "../../protocol/jobs.ts";
import type { DnsRecord, SenderFlaw } from "../../protocol/operator-api.ts";
import type { OperatorRole, OperatorStatus } from "../../protocol/operators.ts";
import type { DeviceKind, IdentifierKind, PersonCard } from "../../protocol/person.ts";
import type { IdentityMode, OpeningHours, WidgetSettings } from "../../protocol/settings.ts";
import type {
  Delivery,
  DeliveryState,
  MessageCap,
  SkipReason,
  TriggerDefinition,
  TriggerStatus,
} from "../../protocol/triggers.ts";

/**
 * D1: the truth about workspaces, operators and invitations, and projections of what the objects hold.
 *
 * Whatever belongs to a workspace has `workspace_id` first in its key, so that no query can leave it out.
 * The projections are `WITHOUT ROWID`: one row written where a rowid table with a primary key writes two.
 * drizzle cannot say so; after `npm run migrations` append `WITHOUT ROWID` by hand to their CREATE TABLE.
 * The test beside this file fails when it is missing.
 */

/* Sign-in: the tables and column names that better-auth expects. Its instants are ISO 8601 texts. */

export const user = sqliteTable("user", {
  id: text().primaryKey(),
  name: text().notNull(),
  email: text().notNull().unique(),
  emailVerified: integer({ mode: "boolean" }).notNull(),
  image: text(),
  createdAt: text().notNull(),
  updatedAt: text().notNull(),
});

export const session = sqliteTable(
  "session",
  {
    id: text().primaryKey(),
    expiresAt: text().notNull(),
    token: text().notNull().unique(),
    createdAt: text().notNull(),
    updatedAt: text().notNull(),
    ipAddress: text(),
    userAgent: text(),
    userId: text()
      .notNull()
      .references(() => user.id, { onDelete: "cascade" }),
  },
  (table) => [index("session_by_user").on(table.userId)],
);

export const account = sqliteTable(
  "account",
  {
    id: text().primaryKey(),
    accountId: text().notNull(),
    providerId: text().notNull(),
    userId: text()
      .notNull()
      .references(() => user.id, { onDelete: "cascade" }),
    accessToken: text(),
    refreshToken: text(),
    idToken: text(),
    accessTokenExpiresAt: text(),
    refreshTokenExpiresAt: text(),
    scope: text(),
    password: text(),
    createdAt: text().notNull(),
    updatedAt: text().notNull(),
  },
  (table) => [index("account_by_user").on(table.userId)],
);

export const verification = sqliteTable(
  "verification",
  {
    id: text().primaryKey(),
    identifier: text().notNull(),
    value: text().notNull(),
    expiresAt: text().notNull(),
    createdAt: text().notNull(),
    updatedAt: text().notNull(),
  },
  (table) => [index("verification_by_identifier").on(table.identifier)],
);

/** One row for each thing that is counted in a sliding window, such as a code asked for by one address. */
export const attempts = sqliteTable(
  "attempts",
  {
    key: text().notNull(),
    at: integer().notNull(),
    nonce: text().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.key, table.at, table.nonce] }),
    index("attempts_by_time").on(table.at),
  ],
);

/* Workspaces and the people who answer in them. */

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

/** Keys that a workspace's own server signs proofs of identity with. Their secrets are derived and stored nowhere. */
export const identityKeys = sqliteTable(
  "identity_keys",
  {
    workspaceId: text("workspace_id").$type<WorkspaceId>().notNull(),
    id: text().$type<IdentityKeyId>().notNull(),
    createdAt: integer("created_at").notNull(),
    createdBy: text("created_by").$type<OperatorId>(),
    /** From then on it counts no more: it has been replaced. */
    retiresAt: integer("retires_at"),
    revokedAt: integer("revoked_at"),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.id] })],
);

/** WITHOUT ROWID. Whose each proven identifier is. */
export const identifiers = sqliteTable(
  "identifiers",
  {
    workspaceId: text("workspace_id").$type<WorkspaceId>().notNull(),
    kind: text().$type<IdentifierKind>().notNull(),
    value: text().notNull(),
    visitorId: text("visitor_id").$type<VisitorId>().notNull(),
    since: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.kind, table.value] }),
    index("identifiers_by_visitor").on(table.workspaceId, table.visitorId),
  ],
);

/** WITHOUT ROWID. Visitors that were joined into others: nothing is projected of them any more. */
export const joinedVisitors = sqliteTable(
  "joined_visitors",
  {
    workspaceId: text("workspace_id").$type<WorkspaceId>().notNull(),
    visitorId: text("visitor_id").$type<VisitorId>().notNull(),
    intoId: text("into_id").$type<VisitorId>().notNull(),
    joinedAt: integer("joined_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.visitorId] })],
);

/** Two visitors that an operator has linked by hand: for operators alone, and nothing but this row. `oneId` < `otherId`. */
export const visitorLinks = sqliteTable(
  "visitor_links",
  {
    workspaceId: text("workspace_id").$type<WorkspaceId>().notNull(),
    oneId: text("one_id").$type<VisitorId>().notNull(),
    otherId: text("other_id").$type<VisitorId>().notNull(),
    by: text().$type<OperatorId>().notNull(),
    at: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.oneId, table.otherId] }),
    index("visitor_links_by_other").on(table.workspaceId, table.otherId, table.oneId),
  ],
);

/** Two visitors of whom an operator has said that they are not the same person. `oneId` < `otherId`. */
export const distinctVisitors = sqliteTable(
  "distinct_visitors",
  {
    workspaceId: text("workspace_id").$type<WorkspaceId>().notNull(),
    oneId: text("one_id").$type<VisitorId>().notNull(),
    otherId: text("other_id").$type<VisitorId>().notNull(),
    by: text().$type<OperatorId>().notNull(),
    at: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.oneId, table.otherId] }),
    index("distinct_visitors_by_other").on(table.workspaceId, table.otherId, table.oneId),
  ],
);

/** What operators did about two visitors, as they were called then. Only ever added to. */
export const linkChanges = sqliteTable(
  "link_changes",
  {
    workspaceId: text("workspace_id").$type<WorkspaceId>().notNull(),
    oneId: text("one_id").$type<VisitorId>().notNull(),
    otherId: text("other_id").$type<VisitorId>().notNull(),
    at: integer().notNull(),
    what: text().$type<"linked" | "undone" | "dismissed">().notNull(),
    by: text().$type<OperatorId>().notNull(),
  },
  (table) => [
    primaryKey({
      columns: [table.workspaceId, table.oneId, table.otherId, table.at, table.what],
    }),
    index("link_changes_by_other").on(table.workspaceId, table.otherId),
  ],
);

/**
 * Codes mailed to those who say they wrote before: one for each device and address. Address and code are keyed hashes;
 * whether anybody is known at the address is not asked for, so that every one of them is treated alike.
 */
export const historyCodes = sqliteTable(
  "history_codes",
  {
    workspaceId: text("workspace_id").$type<WorkspaceId>().notNull(),
    /** Whom the code works for: one device, or every device of the visitor whose chat the address was typed into. */
    deviceId: text("device_id").$type<DeviceId | VisitorId>().notNull(),
    address: text().notNull(),
    code: text().notNull(),
    /** Wrong ones. */
    tries: integer().notNull(),
    expiresAt: integer("expires_at").notNull(),
    usedAt: integer("used_at"),
    /** It stood in an answer to a chat: a mail with it went there, whoever is known at the address. */
    isFromAnswer: integer("is_from_answer", { mode: "boolean" }).notNull().default(false),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.deviceId, table.address] }),
    index("history_codes_by_end").on(table.expiresAt),
  ],
);

/** Links by which somebody goes on in another browser. Neither a link nor a ticket can be made of what is kept. */
export const continueLinks = sqliteTable(
  "continue_links",
  {
    id: text().primaryKey(),
    workspaceId: text("workspace_id").$type<WorkspaceId>().notNull(),
    visitorId: text("visitor_id").$type<VisitorId>().notNull(),
    /** The device that has made it in the chat; its links end with it. */
    deviceId: text("device_id").$type<DeviceId>(),
    /** Where it was mailed to, in lower case: whoever uses it has proven that. */
    address: text(),
    /** The page of the site that it leads to. */
    page: text().notNull(),
    madeAt: integer("made_at").notNull(),
    expiresAt: integer("expires_at").notNull(),
    usedAt: integer("used_at"),
    /** The page load that has what it handed over, hashed, and the right that it got. */
    takenBy: text("taken_by"),
    nextDeviceId: text("next_device_id").$type<DeviceId>(),
  },
  (table) => [
    index("continue_links_by_visitor").on(table.workspaceId, table.visitorId),
    index("continue_links_by_end").on(table.expiresAt),
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

/* Segments and triggers: the truth. Objects read them through durable-objects/definitions. */

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

/* Mail. */

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

/* Projections, written by the projection consumer alone. */

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
