import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Sign-in: the tables and column names that better-auth expects. Its instants are ISO 8601 texts. */

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
