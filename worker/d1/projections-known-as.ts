import { lookUpKeys } from "../../domain/identity/look-up.ts";
import type { ProjectVisitor } from "../../protocol/jobs.ts";
import { NEWEST } from "./projections-members.ts";

/** What a visitor is known as, with the version of the row that says so. */
export function knownAsRow({ workspace, visitor, person, version }: ProjectVisitor) {
  return { workspace, visitor, version, keys: lookUpKeys(person) };
}

/** What a visitor is not known as any more. */
export const DELETE_KNOWN_AS = `
  DELETE FROM known_as WHERE (workspace_id, kind, value, visitor_id) IN (
    SELECT k.workspace_id, k.kind, k.value, k.visitor_id FROM ${NEWEST}
    JOIN known_as k ON k.workspace_id = v.workspace_id AND k.visitor_id = v.id
    WHERE NOT EXISTS (SELECT 1 FROM json_each(j.value, '$.keys') s
      WHERE s.value ->> 'kind' = k.kind AND s.value ->> 'value' = k.value))`;

/** What is as it was is not written. */
export const INSERT_KNOWN_AS = `
  INSERT INTO known_as (workspace_id, kind, value, visitor_id)
  SELECT v.workspace_id, s.value ->> 'kind', s.value ->> 'value', v.id
  FROM ${NEWEST} JOIN json_each(j.value, '$.keys') s WHERE true
  ON CONFLICT DO NOTHING`;
