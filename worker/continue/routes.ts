import {
  LINK_PATH,
  lifeOf,
  readLink,
  signLink,
  withTicket,
} from "../../domain/identity/continue-link.ts";
import { peersOf } from "../../durable-objects/peers.ts";
import { now } from "../../durable-objects/runtime/clock.ts";
import { ERRORS } from "../../protocol/errors.ts";
import { readContinueLink, useContinueLink, type ContinueLink } from "../d1/continue-links.ts";
import { readWorkspace, type WorkspaceRow } from "../d1/workspaces.ts";
import type { Env } from "../env.ts";
import { destinationOf } from "./destination.ts";
import { renderDeadLink, renderLink, type Page } from "./page.ts";
import { wordsFor } from "./words.ts";

/**
 * `/c/<link>`: `GET` says what will happen and changes nothing, however many programs look at it; `POST` from that page
 * uses the link and leads on to the site with a ticket. A link that does not work is one page, whatever the reason.
 */
export async function answerLink(request: Request, env: Env): Promise<Response> {
  try {
    return await answer(request, env);
  } catch (error) {
    console.error("a link could not be looked at", error instanceof Error ? error.message : error);
    const { status, message } = ERRORS.overloaded;
    return new Response(message, { status, headers: { ...HEADERS, "retry-after": "10" } });
  }
}

async function answer(request: Request, env: Env): Promise<Response> {
  const words = wordsFor(request.headers.get("accept-language"));
  const { method, headers, url } = request;
  if (method !== "GET" && method !== "HEAD" && method !== "POST")
    return new Response(null, { status: 405, headers: { allow: "GET, HEAD, POST" } });
  const found = await findLink(env, new URL(url).pathname.slice(LINK_PATH.length));
  if (found === null) return show(renderDeadLink(words), 404, method);
  const { link, workspace, page } = found;
  if (method !== "POST")
    return show(
      renderLink(words, workspace, new URL(page).origin, link.address !== null),
      200,
      method,
    );
  // Another site must not press the button for somebody.
  if (headers.get("origin") !== new URL(url).origin)
    return show(renderDeadLink(words), 403, method);
  const used = await useContinueLink(env.DB, link.id, now());
  if (used === null || lifeOf(used, now()) !== "handed")
    return show(renderDeadLink(words), 404, method);
  const ticket = await signLink(env.PARLEY_SECRET, "ticket", link.id);
  return new Response(null, {
    status: 303,
    headers: { ...HEADERS, location: withTicket(page, ticket) },
  });
}

/** A link that would lead somewhere now. */
async function findLink(
  env: Env,
  text: string,
): Promise<{ link: ContinueLink; workspace: WorkspaceRow; page: string } | null> {
  const id = await readLink(env.PARLEY_SECRET, "link", text);
  if (id === null) return null;
  const link = await readContinueLink(env.DB, id);
  if (link === null || lifeOf(link, now()) === "dead") return null;
  const [workspace, leadsTo] = await Promise.all([
    readWorkspace(env.DB, link.workspace),
    peersOf(env).visitor(link.workspace, link.visitor).leadsTo(link),
  ]);
  if (workspace === null || leadsTo === null) return null;
  const page = destinationOf(env, workspace, link.page);
  return page === null ? null : { link, workspace, page };
}

const HEADERS = {
  "cache-control": "no-store",
  // With none at all a browser would not tell where the form was sent from.
  "referrer-policy": "same-origin",
  "x-content-type-options": "nosniff",
  "x-robots-tag": "noindex, nofollow",
};

function show({ html, policy }: Page, status: number, method: string): Response {
  return new Response(method === "HEAD" ? null : html, {
    status,
    headers: {
      ...HEADERS,
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": policy,
      vary: "accept-language",
    },
  });
}
