import type { VisitorId } from "../../../protocol/ids.ts";
import type { PresentVisitor } from "../../../protocol/person.ts";

/** Who is on the site, by id. */
export type BoardRows = ReadonlyMap<VisitorId, PresentVisitor>;

export const boardOf = (present: readonly PresentVisitor[]): BoardRows =>
  new Map(present.map((visitor) => [visitor.id, visitor]));

/** One change of the live board; an older version of a visitor never replaces a newer one. */
export function withChange(
  rows: BoardRows,
  change: { present: readonly PresentVisitor[]; gone: readonly string[] },
): BoardRows {
  const next = new Map(rows);
  for (const visitor of change.present) {
    const held = next.get(visitor.id);
    if (held === undefined || visitor.version > held.version) next.set(visitor.id, visitor);
  }
  const gone = new Set(change.gone);
  for (const id of rows.keys()) if (gone.has(id)) next.delete(id);
  return next;
}

/** Newest arrivals first, so that rows do not jump while people browse. */
export const inOrder = (rows: BoardRows): PresentVisitor[] =>
  [...rows.values()].sort((a, b) => b.since - a.since || (a.id < b.id ? 1 : -1));
