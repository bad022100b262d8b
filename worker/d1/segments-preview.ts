import type { Bounds } from "../../domain/segments/sql-bounds.ts";
import type { WorkspaceId } from "../../protocol/ids.ts";
import type { PersonRow } from "../../protocol/segments-api.ts";
import { PERSON_COLUMNS } from "./segments.ts";

export type CountedBounds = {
  /** All people of the workspace. */
  of: number;
  from: number;
  to: number;
  /** Of those who surely belong, the newest first. */
  sample: PersonRow[];
  /** Everybody about whom D1 cannot tell; null when there are more than were asked for. */
  undecided: PersonRow[] | null;
};

/** How many people surely belong and how many may, in one state of the database. */
export async function countBounds(
  db: D1Database,
  workspace: WorkspaceId,
  { lower, upper, isExact }: Bounds,
  most: { sample: number; undecided: number },
): Promise<CountedBounds> {
  const counted = (holds: string) =>
    `SELECT count(*) AS "of", coalesce(sum(${holds}), 0) AS people FROM visitors v WHERE v.workspace_id = ?1`;
  const listed = (holds: string) =>
    `SELECT ${PERSON_COLUMNS} FROM visitors v WHERE v.workspace_id = ?1 AND ${holds} ORDER BY v.id DESC LIMIT ?3`;
  type Counted = { of: number; people: number };
  const results = await db.batch<Counted | PersonRow>([
    db.prepare(counted(lower.sql)).bind(workspace, ...lower.params),
    db.prepare(listed(lower.sql)).bind(workspace, ...lower.params, most.sample),
    ...(isExact
      ? []
      : [
          db.prepare(counted(upper.sql)).bind(workspace, ...upper.params),
          db
            .prepare(listed(`${upper.sql} AND NOT ${lower.sql}`))
            .bind(workspace, ...upper.params, most.undecided + 1),
        ]),
  ]);
  // The statements above, in their order.
  const rowsOf = <Row>(index: number) => (results[index]?.results ?? []) as Row[];
  const [least] = rowsOf<Counted>(0);
  const [greatest] = rowsOf<Counted>(2);
  const undecided = rowsOf<PersonRow>(3);
  const from = least?.people ?? 0;
  return {
    of: least?.of ?? 0,
    from,
    to: isExact ? from : (greatest?.people ?? from),
    sample: rowsOf<PersonRow>(1),
    undecided: undecided.length > most.undecided ? null : undecided,
  };
}
