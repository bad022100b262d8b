import type { OperatorEntry } from "../../protocol/entries.ts";
import type { ProjectConversation, ProjectionJob, ProjectVisitor } from "../../protocol/jobs.ts";
import type { IdentifierKind } from "../../protocol/person.ts";
import { deliveryRows, UPSERT_DELIVERIES } from "./projections-deliveries.ts";
import { DELETE_KNOWN_AS, INSERT_KNOWN_AS, knownAsRow } from "./projections-known-as.ts";
import { DELETE_MEMBERS, memberRow, UPSERT_MEMBERS } from "./projections-members.ts";

/**
 * Writes what objects project: for each table one statement over a JSON list, whatever the batch holds,
 * all in one transaction. Everything is idempotent: a state counts only if its version is higher, an entry
 * only if its number is new.
 */

/** D1 takes at most 2 MB for one bound value; longer lists are split. */
const LIST_MAX_CHARS = 600_000;

/** A state with the key it replaces; of several in a batch only the newest is written. */
export type State = { key: string; version: number; row: string };

/** One job's rows as JSON text, made one job at a time so that a broken job is found by itself. */
export type ProjectedRows = {
  conversations: State[];
  messages: string[];
  visitors: State[];
  /** The segments that each of these visitors is in. */
  members: State[];
  /** What each of these visitors is known as. */
  knownAs: State[];
  deliveries: State[];
};

const NO_ROWS: ProjectedRows = {
  conversations: [],
  messages: [],
  visitors: [],
  members: [],
  knownAs: [],
  deliveries: [],
};

export function rowsOf(job: ProjectionJob): ProjectedRows {
  switch (job.type) {
    case "ProjectConversation":
      return {
        ...NO_ROWS,
        conversations: [
          {
            key: `${job.workspace}:${job.conversation}`,
            version: job.summary.version,
            row: JSON.stringify(conversationRow(job)),
          },
        ],
        messages: job.entries.map((entry) => JSON.stringify(messageRow(job, entry))),
      };
    case "ProjectVisitor": {
      const state = { key: `${job.workspace}:${job.visitor}`, version: job.version };
      return {
        ...NO_ROWS,
        visitors: [{ ...state, row: JSON.stringify(visitorRow(job)) }],
        members: [{ ...state, row: JSON.stringify(memberRow(job)) }],
        knownAs: [{ ...state, row: JSON.stringify(knownAsRow(job)) }],
      };
    }
    case "ProjectDeliveries":
      return { ...NO_ROWS, deliveries: deliveryRows(job) };
  }
  // A job from another version of the product.
  throw new TypeError("unknown projection job");
}

/** Writes all rows or none. */
export async function writeProjections(db: D1Database, all: ProjectedRows[]): Promise<void> {
  const statements = [
    ...lists(newest(all.flatMap((rows) => rows.conversations))).map((list) =>
      db.prepare(UPSERT_CONVERSATIONS).bind(list),
    ),
    ...lists(all.flatMap((rows) => rows.messages)).map((list) =>
      db.prepare(INSERT_MESSAGES).bind(list),
    ),
    ...lists(newest(all.flatMap((rows) => rows.visitors))).map((list) =>
      db.prepare(UPSERT_VISITORS).bind(list),
    ),
    // After the visitors: a membership counts only if its visitor's row is of the same version.
    ...lists(newest(all.flatMap((rows) => rows.members))).flatMap((list) => [
      db.prepare(DELETE_MEMBERS).bind(list),
      db.prepare(UPSERT_MEMBERS).bind(list),
    ]),
    ...lists(newest(all.flatMap((rows) => rows.knownAs))).flatMap((list) => [
      db.prepare(DELETE_KNOWN_AS).bind(list),
      db.prepare(INSERT_KNOWN_AS).bind(list),
    ]),
    ...lists(newest(all.flatMap((rows) => rows.deliveries))).map((list) =>
      db.prepare(UPSERT_DELIVERIES).bind(list),
    ),
  ];
  if (statements.length > 0) await db.batch(statements);
}

function conversationRow(job: ProjectConversation) {
  const { summary } = job;
  return {
    workspace: job.workspace,
    id: job.conversation,
    visitor: summary.visitor.id,
    status: summary.status,
    assignee: summary.assignee?.id ?? null,
    summary,
    unread: summary.unread,
    waitingSince: summary.waitingSince,
    lastAt: summary.lastAt,
    version: summary.version,
  };
}

function messageRow(job: ProjectConversation, entry: OperatorEntry) {
  const { text, ...body } = { text: textOf(entry), ...entry };
  return {
    workspace: job.workspace,
    conversation: job.conversation,
    seq: entry.seq,
    visibleSeq: entry.type === "message" ? entry.visibleSeq : null,
    type: entry.type,
    author: authorOf(entry),
    text,
    at: entry.at,
    body,
  };
}

function textOf(entry: OperatorEntry): string | null {
  if (entry.type === "message" || entry.type === "note" || entry.type === "aside")
    return entry.text;
  return entry.type === "assigned" ? entry.note : null;
}

function authorOf(entry: OperatorEntry): string {
  switch (entry.type) {
    case "message":
    case "note":
      return entry.author.kind === "visitor" ? "visitor" : entry.author.operator.id;
    case "reopened":
      return entry.by.kind === "visitor" ? "visitor" : entry.by.operator.id;
    case "assigned":
    case "closed":
    case "accepted":
      return entry.by.id;
    case "aside":
    case "braked":
      return "mail";
    case "mailed":
      return entry.by?.id ?? "mail";
  }
}

function visitorRow({ workspace, visitor, person, version }: ProjectVisitor) {
  const claimed = (kind: IdentifierKind): string | null =>
    person.identifiers.find((identifier) => identifier.kind === kind)?.value ?? null;
  return {
    workspace,
    id: visitor,
    name: person.name,
    email: claimed("email"),
    phone: claimed("phone"),
    userId: claimed("user_id"),
    placeholder: person.placeholder,
    firstSeenAt: person.firstSeenAt,
    lastSeenAt: person.lastSeenAt,
    source: person.firstSource,
    country: person.session?.country ?? null,
    device: person.session?.device ?? null,
    properties: person.properties,
    card: person,
    version,
  };
}

function newest(states: State[]): string[] {
  const byKey = new Map<string, State>();
  for (const state of states) {
    const held = byKey.get(state.key);
    if (held === undefined || held.version < state.version) byKey.set(state.key, state);
  }
  return [...byKey.values()].map((state) => state.row);
}

/** JSON lists of rows, each within what one bound value may hold. */
function lists(rows: string[]): string[] {
  const all: string[] = [];
  let held: string[] = [];
  let length = 0;
  for (const row of rows) {
    if (length + row.length > LIST_MAX_CHARS && held.length > 0) {
      all.push(`[${held.join(",")}]`);
      held = [];
      length = 0;
    }
    held.push(row);
    length += row.length + 1;
  }
  if (held.length > 0) all.push(`[${held.join(",")}]`);
  return all;
}

const UPSERT_CONVERSATIONS = `
  INSERT INTO conversations
    (workspace_id, id, visitor_id, status, assignee_id, summary, unread, waiting_since, last_at, version)
  SELECT value ->> 'workspace', value ->> 'id', value ->> 'visitor', value ->> 'status', value ->> 'assignee',
         value -> 'summary', value ->> 'unread', value ->> 'waitingSince', value ->> 'lastAt', value ->> 'version'
  FROM json_each(?1) WHERE true
  ON CONFLICT (workspace_id, id) DO UPDATE SET
    visitor_id = excluded.visitor_id, status = excluded.status, assignee_id = excluded.assignee_id,
    summary = excluded.summary, unread = excluded.unread, waiting_since = excluded.waiting_since,
    last_at = excluded.last_at, version = excluded.version
  WHERE excluded.version > conversations.version`;

const INSERT_MESSAGES = `
  INSERT INTO messages (workspace_id, conversation_id, seq, visible_seq, type, author, text, at, body)
  SELECT value ->> 'workspace', value ->> 'conversation', value ->> 'seq', value ->> 'visibleSeq',
         value ->> 'type', value ->> 'author', value ->> 'text', value ->> 'at', value -> 'body'
  FROM json_each(?1) WHERE true
  ON CONFLICT DO NOTHING`;

const UPSERT_VISITORS = `
  INSERT INTO visitors
    (workspace_id, id, name, email, phone, user_id, placeholder, first_seen_at, last_seen_at,
     source, country, device, properties, card, version)
  SELECT value ->> 'workspace', value ->> 'id', value ->> 'name', value ->> 'email', value ->> 'phone',
         value ->> 'userId', value ->> 'placeholder', value ->> 'firstSeenAt', value ->> 'lastSeenAt',
         value ->> 'source', value ->> 'country', value ->> 'device', value -> 'properties', value -> 'card',
         value ->> 'version'
  FROM json_each(?1) WHERE NOT EXISTS (SELECT 1 FROM joined_visitors j
    WHERE j.workspace_id = value ->> 'workspace' AND j.visitor_id = value ->> 'id')
  ON CONFLICT (workspace_id, id) DO UPDATE SET
    name = excluded.name, email = excluded.email, phone = excluded.phone, user_id = excluded.user_id,
    placeholder = excluded.placeholder, first_seen_at = excluded.first_seen_at,
    last_seen_at = excluded.last_seen_at, source = excluded.source, country = excluded.country,
    device = excluded.device, properties = excluded.properties, card = excluded.card,
    version = excluded.version
  WHERE excluded.version > visitors.version`;
