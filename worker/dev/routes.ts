import { peersOf } from "../../durable-objects/peers.ts";
import { clockOffset, now, setClockOffset } from "../../durable-objects/runtime/clock.ts";
import { errorBody } from "../../protocol/errors.ts";
import { asId } from "../../protocol/ids.ts";
import type { Env } from "../env.ts";
import { seedDemo } from "../workspaces/demo.ts";
import { devMailbox } from "./mailbox.ts";

/** `/dev/*`: only there in development. The mailbox, the clock, and the demo workspace. */
export async function answerDevelopment(
  request: Request,
  env: Env,
  ctx: ExecutionContext,
): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (pathname === "/dev/clock") return clock(request, env);
  if (pathname === "/dev/seed" && request.method === "POST") {
    await seedDemo(env);
    return Response.json({});
  }
  if (pathname.startsWith("/dev/mailbox")) return devMailbox.fetch(request, env, ctx);
  return Response.json(errorBody("not_found"), { status: 404 });
}

/** `GET` tells the product's clock, `POST { advanceMs }` or `{ offsetMs }` moves it. */
async function clock(request: Request, env: Env): Promise<Response> {
  if (request.method === "POST") {
    const body: { advanceMs?: unknown; offsetMs?: unknown } = await request.json();
    if (typeof body.offsetMs === "number") setClockOffset(body.offsetMs);
    else if (typeof body.advanceMs === "number") setClockOffset(clockOffset() + body.advanceMs);
    else return Response.json(errorBody("invalid"), { status: 400 });
    await driveTimers(env);
  }
  return Response.json({ now: now(), offsetMs: clockOffset() });
}

/** Visitors whose timers are driven at once. */
const DRIVEN_AT_ONCE = 20;

/** What the moved clock makes due: leases on the live boards, and whatever visitors wait for. */
async function driveTimers(env: Env): Promise<void> {
  const peers = peersOf(env);
  const { results } = await env.DB.prepare("SELECT id FROM workspaces").all<{ id: string }>();
  for (const { id } of results) {
    const workspace = asId("wsp", id);
    // Who is here may not be in the lists yet; who has gone is on no board.
    const shards = await Promise.all(peers.presenceShards(workspace).map((shard) => shard.list()));
    const stored = await env.DB.prepare("SELECT id FROM visitors WHERE workspace_id = ?")
      .bind(id)
      .all<{ id: string }>();
    const visitors = new Set([
      ...shards.flatMap((shard) => shard.present.map((visitor) => visitor.id)),
      ...stored.results.map((row) => asId("vis", row.id)),
    ]);
    const conversations = await env.DB.prepare(
      "SELECT id FROM conversations WHERE workspace_id = ?",
    )
      .bind(id)
      .all<{ id: string }>();
    for (const row of conversations.results)
      await peers.conversation(workspace, asId("cnv", row.id)).refresh();
    const waiting = [...visitors];
    while (waiting.length > 0) {
      const some = waiting.splice(0, DRIVEN_AT_ONCE);
      await Promise.all(some.map((visitor) => peers.visitor(workspace, visitor).refresh()));
    }
  }
}
