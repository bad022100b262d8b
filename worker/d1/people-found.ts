import { lookUpBeginnings } from "../../domain/identity/look-up.ts";
import type { VisitorId, WorkspaceId } from "../../protocol/ids.ts";
import { FOUND_MAX } from "../../protocol/limits.ts";
import type { PersonRow } from "../../protocol/segments-api.ts";
import { PERSON_COLUMNS } from "./segments.ts";

/** Walks the key of `known_as` from where a word begins, and no further than is shown. */
const FOUND = `
  SELECT ${PERSON_COLUMNS} FROM known_as k CROSS JOIN visitors v ON v.workspace_id = k.workspace_id AND v.id = k.visitor_id
  WHERE k.workspace_id = ?1 AND k.kind = ?2 AND k.value >= ?3 AND k.value < ?3 || char(1114111)
  ORDER BY k.value, k.visitor_id LIMIT ${FOUND_MAX}`;

/** People whose name, address or number begins with what was typed: names first, each by the alphabet. */
export async function findPeople(
  db: D1Database,
  workspace: WorkspaceId,
  typed: string,
): Promise<PersonRow[]> {
  const beginnings = lookUpBeginnings(typed);
  if (beginnings.length === 0) return [];
  const lists = await db.batch<PersonRow>(
    beginnings.map(({ kind, value }) => db.prepare(FOUND).bind(workspace, kind, value)),
  );
  const people = new Map<VisitorId, PersonRow>();
  for (const person of lists.flatMap(({ results }) => results)) people.set(person.id, person);
  return [...people.values()].slice(0, FOUND_MAX);
}
