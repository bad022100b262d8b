import { LINK_PATH, mailLinkId, newLinkId, signLink } from "../../domain/identity/continue-link.ts";
import { normaliseIdentifier } from "../../domain/identity/identifiers.ts";
import { readDeviceToken } from "../../domain/identity/tokens.ts";
import { qrCode } from "../../domain/qr/matrix.ts";
import { peersOf } from "../../durable-objects/peers.ts";
import { now } from "../../durable-objects/runtime/clock.ts";
import type { ConversationId, JobId } from "../../protocol/ids.ts";
import { CODE_REQUESTS_WINDOW_MS, CONTINUE_REQUESTS_MAX } from "../../protocol/limits.ts";
import { continueRequest, type ContinueResponse } from "../../protocol/visitor-frames.ts";
import { takeAttempts } from "../d1/attempts.ts";
import { keepContinueLink, readContinueLink } from "../d1/continue-links.ts";
import { readWorkspace, type WorkspaceRow } from "../d1/workspaces.ts";
import type { Env } from "../env.ts";
import { answer, refuse } from "../visitors/answers.ts";
import { isFromAllowedPage, readBody } from "../visitors/request.ts";
import { destinationOf, publicOrigin } from "./destination.ts";

/** `POST /v1/continue`: a link that opens this visitor's conversation in another browser, once. */
export async function makeContinueLink(request: Request, env: Env): Promise<Response> {
  const body = await readBody(request, continueRequest);
  if (!body.ok) return refuse(body.code, body.detail);
  const token = await readDeviceToken(env.PARLEY_SECRET, body.value.token);
  if (token === null) return refuse("bad_token");
  const { workspace, device, visitor } = token;
  if (!(await isFromAllowedPage(request, env, workspace))) return refuse("origin_not_allowed");
  const leadsTo = await peersOf(env).visitor(workspace, visitor).leadsTo({ device, address: null });
  if (leadsTo === null) return refuse("ended");
  const limit = {
    kind: "continue",
    subject: `${workspace} ${device}`,
    max: CONTINUE_REQUESTS_MAX,
    windowMs: CODE_REQUESTS_WINDOW_MS,
  };
  if (!(await takeAttempts(env.DB, [limit], now()))) return refuse("rate_limited");
  const row = await readWorkspace(env.DB, workspace);
  if (row === null) return refuse("bad_token");
  const here = `${request.headers.get("origin") ?? ""}/`;
  const page = destinationOf(env, row, body.value.page ?? here);
  const id = newLinkId(crypto.getRandomValues(new Uint8Array(8)));
  const expiresAt = await keepContinueLink(
    env.DB,
    { id, workspace, visitor, device, address: null, page: page ?? here },
    now(),
  );
  const origin = publicOrigin(env) || new URL(request.url).origin;
  const link = await linkOf(env, origin, id);
  const response: ContinueResponse = {
    link,
    expiresAt,
    serverTime: now(),
    code: (qrCode(link) ?? []).map((line) => line.map((isDark) => (isDark ? "1" : "0")).join("")),
  };
  return answer(response);
}

type MailLink = {
  workspace: WorkspaceRow;
  conversation: ConversationId;
  /** Where the mail goes: whoever uses the link has proven it. */
  address: string;
  /** The mail's job: it has one link, however often it is made. */
  job: JobId;
};

/**
 * The link of a mail that opens its conversation's visitor on the site, once, for seven days. Null where it could open
 * nothing, or nobody has said where the Worker or the site is.
 */
export async function mailContinueLink(
  env: Env,
  { workspace, conversation, address, job }: MailLink,
): Promise<string | null> {
  const origin = publicOrigin(env);
  const normal = normaliseIdentifier("email", address);
  if (origin === "" || normal === null) return null;
  const id = await mailLinkId(env.PARLEY_SECRET, job);
  if ((await readContinueLink(env.DB, id)) !== null) return linkOf(env, origin, id);
  const peers = peersOf(env);
  const summary = await peers.conversation(workspace.id, conversation).summary();
  if (summary === null) return null;
  const visitor = await peers
    .visitor(workspace.id, summary.visitor.id)
    .leadsTo({ device: null, address: normal });
  if (visitor === null) return null;
  const card = await peers.visitor(workspace.id, visitor).card();
  const page = destinationOf(env, workspace, card?.page?.url);
  if (page === null) return null;
  const link = { id, workspace: workspace.id, visitor, device: null, address: normal, page };
  await keepContinueLink(env.DB, link, now());
  return linkOf(env, origin, id);
}

/** The link that a mail was found to have, made again without asking anybody. */
export async function mailLink(env: Env, origin: string, job: JobId): Promise<string> {
  return linkOf(env, origin, await mailLinkId(env.PARLEY_SECRET, job));
}

const linkOf = async (env: Env, origin: string, id: string): Promise<string> =>
  `${origin}${LINK_PATH}${await signLink(env.PARLEY_SECRET, "link", id)}`;
