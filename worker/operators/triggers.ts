import { Hono } from "hono";
import { previewForSample } from "../../domain/triggers/preview.ts";
import { forgetDefinitions } from "../../durable-objects/definitions/definitions.ts";
import { peersOf } from "../../durable-objects/peers.ts";
import { now } from "../../durable-objects/runtime/clock.ts";
import { CodedError } from "../../protocol/errors.ts";
import { asId, isId, newId, type TriggerId, type WorkspaceId } from "../../protocol/ids.ts";
import { DEFINITION_MAX_BYTES } from "../../protocol/limits.ts";
import {
  figurePeopleQuery,
  figuresQuery,
  momentPreviewInput,
  triggerInput,
  triggerStatusInput,
  type FigurePeople,
  type TriggerDetail,
  type TriggerList,
} from "../../protocol/triggers-api.ts";
import { countDeliveries, countTotals } from "../d1/deliveries.ts";
import { listFigurePeople } from "../d1/deliveries-people.ts";
import {
  insertTrigger,
  listTriggers,
  listVersions,
  readTrigger,
  saveDraft,
} from "../d1/triggers.ts";
import { readWorkspace } from "../d1/workspaces.ts";
import { lastDays, type Day } from "../triggers/days.ts";
import { figuresOf, NO_TOTALS } from "../triggers/figures.ts";
import { flawOfDraft, refuseFlawed } from "../triggers/flaws.ts";
import { changeStatus } from "../triggers/status.ts";
import { answer } from "./answers.ts";
import { memberOf, type ApiContext, type ApiEnv } from "./api-env.ts";
import { readDeliveryCursor, writeDeliveryCursor } from "./delivery-cursor.ts";
import { found, json, query } from "./input.ts";

/** Days that the list of triggers counts. */
const TOTALS_DAYS = 30;

const definitionBody = json(triggerInput, { maxBytes: DEFINITION_MAX_BYTES, check: flawOfDraft });

/**
 * Triggers as they are written, switched on and counted. A draft may name what is not there any more; what is
 * live may not.
 */
export const triggerRoutes = new Hono<ApiEnv>()
  .get("/triggers", async (c) => {
    const { workspace } = memberOf(c);
    const { days } = await lastDaysOf(c, TOTALS_DAYS);
    const [rows, totals] = await Promise.all([
      listTriggers(c.env.DB, workspace),
      countTotals(c.env.DB, workspace, startOf(days)),
    ]);
    const list: TriggerList = {
      triggers: rows.map((row) => ({ ...row, totals: totals.get(row.id) ?? NO_TOTALS })),
    };
    return answer(list);
  })
  .post("/triggers", definitionBody, async (c) => {
    const { workspace } = memberOf(c);
    const { definition } = c.req.valid("json");
    refuseFlawed(definition);
    const at = now();
    const id = newId("trg", at);
    if (!(await insertTrigger(c.env.DB, workspace, id, definition, at)))
      throw new CodedError("limit_reached");
    return answer(await detailOf(c.env.DB, workspace, id));
  })
  .post("/triggers/preview", json(momentPreviewInput), async (c) => {
    const { workspace } = memberOf(c);
    const { action, visitor } = c.req.valid("json");
    if (visitor === undefined) return answer(previewForSample(action, memberOf(c).card));
    if (!isId("vis", visitor)) throw new CodedError("not_found");
    return answer(found(await peersOf(c.env).visitor(workspace, visitor).preview(action)));
  })
  .get("/triggers/:id", async (c) => {
    return answer(await detailOf(c.env.DB, memberOf(c).workspace, triggerOf(c)));
  })
  .put("/triggers/:id", definitionBody, async (c) => {
    const { workspace } = memberOf(c);
    const { definition } = c.req.valid("json");
    refuseFlawed(definition);
    if (!(await saveDraft(c.env.DB, workspace, triggerOf(c), definition, now())))
      throw new CodedError("not_found");
    return answer(await detailOf(c.env.DB, workspace, triggerOf(c)));
  })
  .post("/triggers/:id/status", json(triggerStatusInput), async (c) => {
    const { workspace, id: by } = memberOf(c);
    const trigger = triggerOf(c);
    const { status: to } = c.req.valid("json");
    await changeStatus(c.env.DB, { workspace, trigger, to, by }, now());
    forgetDefinitions(workspace);
    return answer(await detailOf(c.env.DB, workspace, trigger));
  })
  .get("/triggers/:id/figures", query(figuresQuery), async (c) => {
    const { workspace } = memberOf(c);
    const trigger = triggerOf(c);
    const { version, days: asked } = c.req.valid("query");
    found(await readTrigger(c.env.DB, workspace, trigger));
    const { days, timeZone } = await lastDaysOf(c, asked);
    const scope = { workspace, trigger, version: version ?? null, from: startOf(days) };
    const [counted, versions] = await Promise.all([
      countDeliveries(
        c.env.DB,
        scope,
        days.map((day) => day.from),
      ),
      listVersions(c.env.DB, workspace, trigger),
    ]);
    return answer(
      figuresOf({
        counted,
        versions: versions.filter((one) => version === undefined || one.version === version),
        days,
        timeZone,
      }),
    );
  })
  .get("/triggers/:id/people", query(figurePeopleQuery), async (c) => {
    const { workspace } = memberOf(c);
    const trigger = triggerOf(c);
    const { figure, version, days: asked, variant, reason, cursor } = c.req.valid("query");
    const after = cursor === undefined ? null : readDeliveryCursor(cursor);
    if (cursor !== undefined && after === null)
      throw new CodedError("invalid", "cursor: not valid");
    found(await readTrigger(c.env.DB, workspace, trigger));
    const { days } = await lastDaysOf(c, asked);
    const { people, last } = await listFigurePeople(c.env.DB, {
      scope: { workspace, trigger, version: version ?? null, from: startOf(days) },
      figure,
      variant: variant ?? null,
      reason: reason ?? null,
      after,
    });
    const page: FigurePeople = {
      people,
      nextCursor: last === null ? null : writeDeliveryCursor(last),
    };
    return answer(page);
  });

function triggerOf(c: ApiContext): TriggerId {
  return asId("trg", found(c.get("id")));
}

async function detailOf(
  db: D1Database,
  workspace: WorkspaceId,
  id: TriggerId,
): Promise<TriggerDetail> {
  const [row, versions] = await Promise.all([
    readTrigger(db, workspace, id),
    listVersions(db, workspace, id),
  ]);
  const { status, version, hasUnpublished, definition } = found(row);
  return { id, status, version, hasUnpublished, draft: definition, versions };
}

/** Days of the workspace's own time zone, today included. */
async function lastDaysOf(
  c: ApiContext,
  count: number,
): Promise<{ days: Day[]; timeZone: string }> {
  const row = found(await readWorkspace(c.env.DB, memberOf(c).workspace));
  const timeZone = row.hours?.timeZone ?? "UTC";
  return { days: lastDays(timeZone, count, now()), timeZone };
}

function startOf(days: Day[]): number {
  return days[0]?.from ?? now();
}
