import { now } from "../../durable-objects/runtime/clock.ts";
import { readBounded } from "../../protocol/json.ts";
import { FRAME_MAX_DEPTH, WEBHOOK_MAX_BYTES } from "../../protocol/limits.ts";
import { takeMailEvent } from "../email/events.ts";
import { readResendWebhook } from "../email/resend-events.ts";
import { takeReceivedMail } from "../email/resend-received.ts";
import { verifyWebhook } from "../email/webhook-signature.ts";
import type { Env } from "../env.ts";
import { refuse } from "../operators/answers.ts";
import { readBytes } from "../operators/input.ts";

/**
 * `/hooks/*`: what providers say. An answer of 200 means that it need not come again; anything else brings the
 * provider's next try.
 */
export async function answerHook(
  request: Request,
  env: Env,
  fetcher: typeof fetch = (input, init) => fetch(input, init),
): Promise<Response> {
  const { pathname } = new URL(request.url);
  const secrets = env.RESEND_WEBHOOK_SECRET ?? "";
  if (pathname !== "/hooks/resend" || request.method !== "POST" || secrets === "")
    return refuse("not_found");
  const body = await readBytes(request, WEBHOOK_MAX_BYTES);
  if (body === null) return refuse("too_large");
  const id = await verifyWebhook(secrets, request.headers, body, Date.now());
  if (id === null) return refuse("bad_signature");
  try {
    await carryOut(env, id, new TextDecoder().decode(body), fetcher);
    return Response.json({});
  } catch (error) {
    console.error("a webhook of Resend failed", id, String(error));
    return refuse("overloaded");
  }
}

async function carryOut(env: Env, id: string, text: string, fetcher: typeof fetch): Promise<void> {
  const bounds = { maxBytes: WEBHOOK_MAX_BYTES, maxDepth: FRAME_MAX_DEPTH };
  const read = readBounded(text, bounds);
  const webhook = read.ok ? readResendWebhook(read.value, id, now()) : ({ kind: "other" } as const);
  switch (webhook.kind) {
    case "event":
      return takeMailEvent(env, webhook.event);
    case "received":
      return takeReceivedMail(env, webhook, fetcher);
    case "other":
      return console.log("a webhook that nothing follows from", id);
  }
}
