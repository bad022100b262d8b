import { isSame, sign } from "../../domain/email/signature.ts";
import { peersOf } from "../../durable-objects/peers.ts";
import { errorBody } from "../../protocol/errors.ts";
import { isId, type VisitorId, type WorkspaceId } from "../../protocol/ids.ts";
import { readWorkspace } from "../d1/workspaces.ts";
import type { Env } from "../env.ts";
import { escapeHtml } from "./mail.ts";

/**
 * How whoever reads a mailbox ends that everything is mailed there. `GET` shows what will happen, `POST` does it, also
 * by itself from a mail program (RFC 8058: `List-Unsubscribe=One-Click`). The address of the page is the right to it.
 */

/** Its path is `/mails/stop/<workspace>/<visitor>/<address>/<signature>`. */
export const STOP_PATH = "/mails/stop/";

type Subscriber = { workspace: WorkspaceId; visitor: VisitorId; address: string };

/** @param origin Where the Worker is. Null where nobody has said: it ends in the chat alone. */
export async function stopLink(
  env: Env,
  origin: string,
  subscriber: Subscriber,
): Promise<string | null> {
  if (origin === "") return null;
  const { workspace, visitor, address } = subscriber;
  const path = [workspace, visitor, encodeURIComponent(address), await signed(env, subscriber)];
  return `${origin}${STOP_PATH}${path.join("/")}`;
}

/** Answers `STOP_PATH`. Done again it changes nothing. */
export async function answerStop(request: Request, env: Env): Promise<Response> {
  const subscriber = await readSubscriber(env, new URL(request.url).pathname);
  if (subscriber === null) return Response.json(errorBody("not_found"), { status: 404 });
  const { workspace, visitor, address } = subscriber;
  const name = (await readWorkspace(env.DB, workspace))?.name ?? "";
  switch (request.method) {
    case "GET":
    case "HEAD":
      return page(
        "Stop getting everything by email?",
        `${name} mails everything that is written to you in the chat to ${address}. After this you only get what you have not read there.`,
        true,
      );
    case "POST":
      await peersOf(env).visitor(workspace, visitor).stopEverything(address);
      return page(
        "Done",
        `${name} only mails you what you have not read in the chat. You can change this there.`,
        false,
      );
    default:
      return new Response(null, { status: 405, headers: { allow: "GET, HEAD, POST" } });
  }
}

async function readSubscriber(env: Env, pathname: string): Promise<Subscriber | null> {
  const [workspace = "", visitor = "", encoded = "", signature = "", ...rest] = pathname
    .slice(STOP_PATH.length)
    .split("/");
  const address = decoded(encoded);
  if (!isId("wsp", workspace) || !isId("vis", visitor) || address === null || rest.length > 0)
    return null;
  const subscriber = { workspace, visitor, address };
  return isSame(await signed(env, subscriber), signature) ? subscriber : null;
}

function signed(env: Env, { workspace, visitor, address }: Subscriber): Promise<string> {
  return sign(env.PARLEY_SECRET, ["stop-everything", workspace, visitor, address]);
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

const HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "cache-control": "no-store",
  "content-security-policy":
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-robots-tag": "noindex",
};

function page(title: string, words: string, asks: boolean): Response {
  const form = asks ? `<form method="post"><button>Stop it</button></form>` : "";
  const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>${escapeHtml(title)}</title>
<style>body{margin:0;padding:48px 16px;background:Canvas;color:CanvasText;font:16px/24px system-ui,-apple-system,'Segoe UI',Roboto,sans-serif}main{max-width:440px;margin:0 auto;overflow-wrap:anywhere}h1{margin:0 0 12px;font-size:20px;line-height:28px}p{margin:0 0 24px}button{padding:12px 20px;border:0;border-radius:8px;background:#4f46e5;color:#fff;font:inherit;font-weight:600;cursor:pointer}</style>
</head><body><main><h1>${escapeHtml(title)}</h1><p dir="auto">${escapeHtml(words)}</p>${form}</main></body></html>
`;
  return new Response(html, { headers: HEADERS });
}
