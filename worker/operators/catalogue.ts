import { Hono } from "hono";
import { canonicalName } from "../../domain/events/names.ts";
import { peersOf } from "../../durable-objects/peers.ts";
import { IsolateCache } from "../../durable-objects/runtime/isolate-cache.ts";
import type { WorkspaceId } from "../../protocol/ids.ts";
import {
  catalogueEventQuery,
  type Catalogue,
  type CatalogueEvent,
} from "../../protocol/segments-api.ts";
import { readCatalogue, visitorsWithEvent } from "../d1/catalogue.ts";
import type { Env } from "../env.ts";
import { Occurring } from "../segments/occurring.ts";
import { answer } from "./answers.ts";
import { memberOf, type ApiEnv } from "./api-env.ts";
import { query } from "./input.ts";

/** Visitors who are asked about an event, and how many times of it each one tells. */
const VISITORS_ASKED = 20;
const OCCURRENCES_ASKED = 20;

const AGES = { freshMs: 5_000, staleMs: 15_000, maxKeys: 200 };
const catalogues = new IsolateCache<Catalogue>(AGES);
const events = new IsolateCache<CatalogueEvent>(AGES);

/** What really occurs in a workspace, for whoever writes conditions; some seconds old. */
export const catalogueRoutes = new Hono<ApiEnv>()
  .get("/catalogue", async (c) => {
    const { workspace } = memberOf(c);
    return answer(await catalogues.get(workspace, () => readCatalogue(c.env.DB, workspace)));
  })
  .get("/catalogue/event", query(catalogueEventQuery), async (c) => {
    const { workspace } = memberOf(c);
    const name = canonicalName(c.req.valid("query").name);
    return answer(
      await events.get(`${workspace}:${name}`, () => readEvent(c.env, workspace, name)),
    );
  });

async function readEvent(env: Env, workspace: WorkspaceId, name: string): Promise<CatalogueEvent> {
  const visitors = await visitorsWithEvent(env.DB, workspace, name, VISITORS_ASKED);
  const told = await Promise.allSettled(
    visitors.map((id) => peersOf(env).visitor(workspace, id).occurrences(name, OCCURRENCES_ASKED)),
  );
  const occurring = new Occurring();
  for (const one of told) {
    if (one.status === "rejected") {
      console.error("occurrences not told", workspace, String(one.reason));
      continue;
    }
    for (const { props } of one.value)
      for (const [key, value] of Object.entries(props)) occurring.note(key, value, 1);
  }
  return { properties: occurring.list() };
}
