import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type {
  DeviceId,
  IdentityKeyId,
  OperatorId,
  VisitorId,
  WorkspaceId,
} from "../../../protocol/ids.ts";
import type { IdentifierKind } from "../../../protocol/person.ts";

/** Who visitors are: what proves it, what was proven, and what operators have said about it. */

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

/**
 * Codes mailed to those who say they wrote before: one for each device and address. Address and code are keyed hashes;
 * whether anybody is known at the address is not asked for, so that every one of them is treated alike.
 */
export const historyCodes = sqliteTable(
  "history_codes",
  {
    workspaceId: text("workspace_id").$type<WorkspaceId>().notNull(),
    /**
     * Whom the code works for: whoever brings the secret with which it was asked for (its hash is here), one device, or
     * every device of the visitor whose chat the address was typed into.
     */
    deviceId: text("device_id").$type<DeviceId | VisitorId | `asker_${string}`>().notNull(),
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
