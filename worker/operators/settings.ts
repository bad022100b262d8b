import { Hono } from "hono";
import { forgetDefinitions } from "../../durable-objects/definitions/definitions.ts";
import { isTimeZone } from "../../domain/time/zone.ts";
import { CodedError } from "../../protocol/errors.ts";
import {
  originsInput,
  widgetInput,
  workspaceInput,
  type WorkspaceSettings,
} from "../../protocol/operator-api.ts";
import { readWorkspace, updateWorkspace } from "../d1/workspaces.ts";
import { forgetWorkspace } from "../workspaces/settings.ts";
import { memberOf, type ApiEnv } from "./api-env.ts";
import { found, json } from "./input.ts";

export const settingsRoutes = new Hono<ApiEnv>()
  .get("/settings", async (c) => {
    const row = found(await readWorkspace(c.env.DB, memberOf(c).workspace));
    const settings: WorkspaceSettings = {
      workspace: { id: row.id, name: row.name, siteKey: row.siteKey },
      widget: row.widget,
      hours: row.hours,
      cap: row.cap,
      origins: row.origins,
      widgetOrigin: c.env.PUBLIC_URL.replace(/\/+$/, "") || new URL(c.req.url).origin,
    };
    return c.json(settings);
  })
  .patch("/settings/workspace", json(workspaceInput), async (c) => {
    const member = memberOf(c);
    const { name, hours, cap } = c.req.valid("json");
    if (hours && !isTimeZone(hours.timeZone))
      throw new CodedError("invalid", "hours.timeZone: not a time zone");
    await updateWorkspace(c.env.DB, member.workspace, {
      ...(name === undefined ? {} : { name }),
      ...(hours === undefined ? {} : { hours }),
      ...(cap === undefined ? {} : { cap }),
    });
    forgetWorkspace(member.siteKey);
    forgetDefinitions(member.workspace);
    return c.json({});
  })
  .put("/settings/widget", json(widgetInput), async (c) => {
    const member = memberOf(c);
    await updateWorkspace(c.env.DB, member.workspace, { widget: c.req.valid("json") });
    forgetWorkspace(member.siteKey);
    return c.json({});
  })
  .put("/settings/origins", json(originsInput), async (c) => {
    const member = memberOf(c);
    const origins = [...new Set(c.req.valid("json").origins)];
    await updateWorkspace(c.env.DB, member.workspace, { origins });
    forgetWorkspace(member.siteKey);
    return c.json({});
  });
