import { now } from "../../durable-objects/runtime/clock.ts";
import { peersOf } from "../../durable-objects/peers.ts";
import { asId } from "../../protocol/ids.ts";
import { DEFAULT_WIDGET, type OpeningHours } from "../../protocol/settings.ts";
import { listOperators, operatorCard } from "../d1/operators.ts";
import { insertReadyMade } from "../d1/segments-ready-made.ts";
import type { Env } from "../env.ts";
import { forgetWorkspace } from "./settings.ts";

/** The demo workspace: site key `pk_demo`, and two operators whose codes appear in `/dev/mailbox`. */
export const DEMO = {
  workspace: asId("wsp", "wsp_demo"),
  siteKey: "pk_demo",
  /** What the demo shop's server signs with. */
  identityKey: asId("idk", "idk_demo"),
  operators: [
    {
      id: asId("opr", "opr_demoowner"),
      user: "demo-owner",
      email: "owner@demo.test",
      name: "Olivia Marsh",
      title: "Owner",
      role: "owner",
    },
    {
      id: asId("opr", "opr_demoagent"),
      user: "demo-agent",
      email: "agent@demo.test",
      name: "Adam Finch",
      title: "Tea advisor",
      role: "agent",
    },
  ],
} as const;

const weekday = { from: "09:00", to: "18:00" };
const HOURS: OpeningHours = {
  timeZone: "Europe/London",
  week: [weekday, weekday, weekday, weekday, weekday, { from: "10:00", to: "16:00" }, null],
};

/** Makes the demo workspace if it is not there. Run again it changes nothing. */
export async function seedDemo(env: Env): Promise<void> {
  const at = now();
  const iso = new Date().toISOString();
  await env.DB.batch([
    env.DB.prepare(
      `INSERT INTO workspaces (id, name, site_key, widget, hours, origins, version, created_at)
       VALUES (?, ?, ?, ?, ?, ?, 1, ?) ON CONFLICT DO NOTHING`,
    ).bind(
      DEMO.workspace,
      "Demo shop",
      DEMO.siteKey,
      JSON.stringify(DEFAULT_WIDGET),
      JSON.stringify(HOURS),
      JSON.stringify(["http://127.0.0.1:*", "http://localhost:*"]),
      at,
    ),
    insertReadyMade(env.DB, DEMO.workspace, at),
    env.DB.prepare(
      `INSERT INTO identity_keys (workspace_id, id, created_at) VALUES (?, ?, ?)
       ON CONFLICT DO NOTHING`,
    ).bind(DEMO.workspace, DEMO.identityKey, at),
    ...DEMO.operators.flatMap((operator, index) => [
      env.DB.prepare(
        `INSERT INTO user (id, name, email, emailVerified, createdAt, updatedAt)
         VALUES (?1, ?2, ?3, 1, ?4, ?4) ON CONFLICT DO NOTHING`,
      ).bind(operator.user, operator.name, operator.email, iso),
      env.DB.prepare(
        `INSERT INTO operators (workspace_id, id, user_id, name, title, role, status, email, created_at)
         SELECT ?1, ?2, id, ?3, ?4, ?5, 'online', email, ?6 FROM user WHERE email = ?7
         ON CONFLICT DO NOTHING`,
      ).bind(
        DEMO.workspace,
        operator.id,
        operator.name,
        operator.title,
        operator.role,
        at + index,
        operator.email,
      ),
    ]),
  ]);
  forgetWorkspace(DEMO.siteKey);
  const inbox = peersOf(env).inbox(DEMO.workspace);
  for (const operator of await listOperators(env.DB, DEMO.workspace)) {
    await inbox.operatorChanged(operatorCard(operator), operator.status);
  }
}
