import type { ProjectVisitor } from "../../protocol/jobs.ts";

/** Which saved segments a visitor is in, with the version of the row that says so. */
export function memberRow({ workspace, visitor, person, version }: ProjectVisitor) {
  return {
    workspace,
    visitor,
    version,
    // A job from before there were segments has none.
    segments: (person.segments ?? []).map(({ id, since }) => ({ id, since })),
  };
}

/** The newest states of the list: an older one never wins over what D1 holds. */
export const NEWEST = `json_each(?1) j JOIN visitors v
  ON v.workspace_id = j.value ->> 'workspace' AND v.id = j.value ->> 'visitor' AND v.version = j.value ->> 'version'`;

/** Those that a visitor is not in any more. */
export const DELETE_MEMBERS = `
  DELETE FROM segment_members WHERE (workspace_id, segment_id, visitor_id) IN (
    SELECT m.workspace_id, m.segment_id, m.visitor_id FROM ${NEWEST}
    JOIN segment_members m ON m.workspace_id = v.workspace_id AND m.visitor_id = v.id
    WHERE m.segment_id NOT IN (SELECT s.value ->> 'id' FROM json_each(j.value, '$.segments') s))`;

/** A membership that is as it was is not written. */
export const UPSERT_MEMBERS = `
  INSERT INTO segment_members (workspace_id, segment_id, visitor_id, since)
  SELECT v.workspace_id, s.value ->> 'id', v.id, s.value ->> 'since'
  FROM ${NEWEST} JOIN json_each(j.value, '$.segments') s WHERE true
  ON CONFLICT (workspace_id, segment_id, visitor_id) DO UPDATE SET since = excluded.since
  WHERE excluded.since <> segment_members.since`;
