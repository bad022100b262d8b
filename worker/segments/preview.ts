import { compileBounds } from "../../domain/segments/sql-bounds.ts";
import { peersOf } from "../../durable-objects/peers.ts";
import type { Condition } from "../../protocol/conditions.ts";
import type { WorkspaceId } from "../../protocol/ids.ts";
import type { PersonRow, SegmentPreview } from "../../protocol/segments-api.ts";
import { readConditions } from "../d1/segments.ts";
import { countBounds } from "../d1/segments-preview.ts";
import { readTimeZone } from "../d1/workspaces.ts";
import type { Env } from "../env.ts";

/** People who are shown as an example. */
export const SAMPLE_MAX = 8;
/** Where D1 cannot tell about so many people at most, their objects are asked. */
export const ASKED_MAX = 100;
const ASKED_AT_ONCE = 20;

/** How many people a condition holds for, and some of them, the newest first. */
export async function previewCondition(
  env: Env,
  workspace: WorkspaceId,
  condition: Condition,
  now: number,
): Promise<SegmentPreview> {
  const [segments, timeZone] = await Promise.all([
    readConditions(env.DB, workspace),
    readTimeZone(env.DB, workspace),
  ]);
  const bounds = compileBounds(condition, { now, timeZone, segments });
  const counted = await countBounds(env.DB, workspace, bounds, {
    sample: SAMPLE_MAX,
    undecided: ASKED_MAX,
  });
  const { of, from, to, sample, undecided } = counted;
  if (undecided === null) return { count: { from, to }, of, sample };
  const holding = await askedOf(env, workspace, condition, undecided);
  if (holding === null) return { count: { from, to }, of, sample };
  const exact = from + holding.length;
  return {
    count: { from: exact, to: exact },
    of,
    sample: [...sample, ...holding].toSorted((a, b) => (a.id < b.id ? 1 : -1)).slice(0, SAMPLE_MAX),
  };
}

/** Those of these people whose objects say that it holds; null where one could not be asked. */
async function askedOf(
  env: Env,
  workspace: WorkspaceId,
  condition: Condition,
  people: PersonRow[],
): Promise<PersonRow[] | null> {
  const holding: PersonRow[] = [];
  try {
    for (let from = 0; from < people.length; from += ASKED_AT_ONCE) {
      const some = people.slice(from, from + ASKED_AT_ONCE);
      const answers = await Promise.all(
        some.map(({ id }) => peersOf(env).visitor(workspace, id).matches(condition)),
      );
      holding.push(...some.filter((_, index) => answers[index] === true));
    }
    return holding;
  } catch (error) {
    console.error("preview not exact", workspace, String(error));
    return null;
  }
}
