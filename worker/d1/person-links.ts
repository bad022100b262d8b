import { placeholderName } from "../../domain/visitors/placeholder.ts";
import type { VisitorId, WorkspaceId } from "../../protocol/ids.ts";
import { LINKED_MAX, SUGGESTIONS_MAX } from "../../protocol/limits.ts";
import type {
  LinkChange,
  LinkSuggestion,
  PersonLinks,
  VisitorLink,
} from "../../protocol/linking.ts";
import type { PersonRow } from "../../protocol/segments-api.ts";
import type { Identifier } from "../../protocol/person.ts";
import { PERSON_COLUMNS } from "./segments.ts";
import { linkedTo } from "./visitor-links.ts";

/** Who is linked with a visitor, and who may be the same person. */

/** Changes of one visitor's links that are shown. */
const CHANGES_SHOWN = 10;

/** A link may be to somebody whom D1 has not heard of yet. */
type FoundRow = { [Key in keyof PersonRow]: Key extends "id" ? VisitorId : PersonRow[Key] | null };
type ChangeRow = Pick<FoundRow, "id" | "name" | "placeholder"> & Omit<LinkChange, "other">;
type SuggestedRow = PersonRow & {
  kind: "email" | "phone";
  value: string;
  identifiers: string;
  own: string | null;
};

const LINKED = linkedTo("linked", "SELECT ?2");
const NEAREST = `WITH RECURSIVE ${linkedTo("linked", "SELECT ?2", LINKED_MAX)}`;
const BY = "LEFT JOIN operators o ON o.workspace_id = c.workspace_id AND o.id = c.by";
const CHANGES = `
  SELECT c.other AS id, v.name, v.placeholder, c.what, c.at, o.name AS by FROM (
    SELECT *, iif(one_id = ?2, other_id, one_id) AS other FROM link_changes
    WHERE workspace_id = ?1 AND (one_id = ?2 OR other_id = ?2) ORDER BY at DESC LIMIT ${CHANGES_SHOWN}) c
  LEFT JOIN visitors v ON v.workspace_id = ?1 AND v.id = c.other ${BY} ORDER BY c.at DESC`;

/** Of each value that the visitor is known as, the newest few others who are, too: never all who share it. */
const SUGGESTED = `
  WITH RECURSIVE ${LINKED}
  SELECT k.kind, k.value, ${PERSON_COLUMNS}, v.card -> '$.identifiers' AS identifiers,
         (SELECT s.card -> '$.identifiers' FROM visitors s WHERE s.workspace_id = ?1 AND s.id = ?2) AS own
  FROM known_as k
  CROSS JOIN json_each((SELECT json_group_array(visitor_id) FROM (
    SELECT t.visitor_id FROM known_as t
    WHERE t.workspace_id = k.workspace_id AND t.kind = k.kind AND t.value = k.value
      AND t.visitor_id NOT IN (SELECT id FROM linked)
      AND NOT EXISTS (SELECT 1 FROM distinct_visitors d WHERE d.workspace_id = ?1
        AND d.one_id = min(?2, t.visitor_id) AND d.other_id = max(?2, t.visitor_id))
    ORDER BY t.visitor_id DESC LIMIT ${SUGGESTIONS_MAX + 1}))) j
  CROSS JOIN visitors v ON v.workspace_id = ?1 AND v.id = j.value
  WHERE k.workspace_id = ?1 AND k.visitor_id = ?2 AND k.kind IN ('email', 'phone')`;

/** @param visitor One that is joined into nobody. */
export async function readPersonLinks(
  db: D1Database,
  workspace: WorkspaceId,
  visitor: VisitorId,
): Promise<PersonLinks> {
  const ask = (query: string) => db.prepare(query).bind(workspace, visitor);
  const [people, links, suggested, changes] = await db.batch<unknown>([
    ask(`${NEAREST} SELECT ${PERSON_COLUMNS.replace("v.id", "linked.id")} FROM linked
         LEFT JOIN visitors v ON v.workspace_id = ?1 AND v.id = linked.id`),
    ask(`${NEAREST} SELECT c.one_id AS one, c.other_id AS other, c.at, o.name AS by FROM linked
         CROSS JOIN visitor_links c ON c.workspace_id = ?1 AND c.one_id = linked.id ${BY}
         WHERE c.other_id IN (SELECT id FROM linked) ORDER BY c.at, c.one_id, c.other_id`),
    ask(SUGGESTED),
    ask(CHANGES),
  ]);
  // As the statements above select them.
  const suggestions = suggestionsOf((suggested?.results ?? []) as SuggestedRow[]);
  return {
    people: ((people?.results ?? []) as FoundRow[]).map(personRow),
    links: (links?.results ?? []) as VisitorLink[],
    suggestions: suggestions.slice(0, SUGGESTIONS_MAX),
    hasMore: suggestions.length > SUGGESTIONS_MAX,
    changes: ((changes?.results ?? []) as ChangeRow[]).map(changeOf),
  };
}

/** A visitor and whoever is linked with it, the nearest first. */
export async function readLinked(
  db: D1Database,
  workspace: WorkspaceId,
  visitor: VisitorId,
): Promise<VisitorId[]> {
  const { results } = await db
    .prepare(`${NEAREST} SELECT id FROM linked`)
    .bind(workspace, visitor)
    .all<{ id: VisitorId }>();
  return results.map(({ id }) => id);
}

function personRow({ id, placeholder, lastSeenAt, ...row }: FoundRow): PersonRow {
  return {
    ...row,
    id,
    placeholder: placeholder ?? placeholderName(id),
    lastSeenAt: lastSeenAt ?? 0,
  };
}

function changeOf({ id, name, placeholder, ...change }: ChangeRow): LinkChange {
  return { ...change, other: { id, name, placeholder: placeholder ?? placeholderName(id) } };
}

/** Whoever signs in as somebody else last, before them whoever has proven nothing, and of those the newest first. */
function suggestionsOf(rows: readonly SuggestedRow[]): LinkSuggestion[] {
  const found = new Map<VisitorId, LinkSuggestion>();
  for (const { kind, value, identifiers, own, ...person } of rows) {
    const theirs = readIdentifiers(identifiers);
    const isVerified = theirs.some(
      (one) => one.isVerified && one.kind === kind && one.value === value,
    );
    const held = found.get(person.id) ?? {
      person,
      shares: [],
      isAnotherLogin: haveTwoLogins(theirs, readIdentifiers(own)),
    };
    found.set(person.id, { ...held, shares: [...held.shares, { kind, value, isVerified }] });
  }
  const isProven = ({ shares }: LinkSuggestion) => shares.some((one) => one.isVerified);
  return [...found.values()].toSorted(
    (one, other) =>
      Number(one.isAnotherLogin) - Number(other.isAnotherLogin) ||
      Number(isProven(other)) - Number(isProven(one)) ||
      other.person.lastSeenAt - one.person.lastSeenAt,
  );
}

function haveTwoLogins(theirs: readonly Identifier[], own: readonly Identifier[]): boolean {
  const [one, other] = [theirs, own].map(
    (all) => all.find(({ kind, isVerified }) => kind === "user_id" && isVerified)?.value,
  );
  return one !== undefined && other !== undefined && one !== other;
}

function readIdentifiers(text: string | null): Identifier[] {
  // Written by the projection alone, from the object's own card.
  return JSON.parse(text ?? "[]") as Identifier[];
}
