import {
  readDeviceToken,
  signDeviceToken,
  type DeviceToken,
} from "../../domain/identity/tokens.ts";
import type { BootOutcome, Surroundings } from "../../durable-objects/contracts.ts";
import { peersOf } from "../../durable-objects/peers.ts";
import { now } from "../../durable-objects/runtime/clock.ts";
import { CodedError } from "../../protocol/errors.ts";
import { newId, type VisitorId, type WorkspaceId } from "../../protocol/ids.ts";
import { BOOT_BURST, BOOT_RATE_PER_MINUTE, MOVES_FOLLOWED_MAX } from "../../protocol/limits.ts";
import { bootRequest, type BootRequest, type BootResponse } from "../../protocol/visitor-frames.ts";
import type { Env } from "../env.ts";
import { isOriginAllowed } from "../workspaces/allowed-origins.ts";
import { workspaceByKey } from "../workspaces/settings.ts";
import { teamAvailability } from "../workspaces/team.ts";
import { answer, refuse } from "./answers.ts";
import { redeemTicket, takeTickets } from "./continuing.ts";
import { throttledNetwork, readBody } from "./request.ts";

type Welcome = {
  token: DeviceToken;
  outcome: Extract<BootOutcome, { isEnded: false }>;
  isAnotherPerson: boolean;
};
/** The right has ended: whoever came with it is somebody new, and was these before, as far as that is the same person. */
type Left = { formerly: VisitorId[] };

/** `POST /v1/boot`: the page's first and usually only request. With a warm isolate it asks one object, no database. */
export async function boot(request: Request, env: Env): Promise<Response> {
  const body = await readBody(request, bootRequest);
  if (!body.ok) return refuse(body.code, body.detail);
  const workspace = await workspaceByKey(env, body.value.key);
  if (workspace === null) return refuse("unknown_key");
  if (!isOriginAllowed(request.headers.get("origin"), workspace.origins))
    return refuse("origin_not_allowed");

  const held =
    body.value.token === undefined
      ? null
      : await readDeviceToken(env.PARLEY_SECRET, body.value.token);
  const surroundings = surroundingsOf(request);
  const owned = held?.workspace === workspace.id ? held : null;
  const ticket = takeTickets(body.value.facts);
  const { token: known, continued: redeemed } =
    ticket === null
      ? { token: owned, continued: null }
      : await redeemTicket(env, workspace.id, ticket, owned, body.value, surroundings);
  const secrets = [body.value.next ?? [], ticket ?? []].flat();
  const seen = { surroundings, secrets };
  const met = known === null ? null : await tryBoot(env, known, body.value, seen);
  const [led, left] = met !== null && "token" in met ? [met, null] : [null, met];
  const welcome =
    led ??
    (await bootAnew(request, env, workspace.id, body.value, surroundings, left ?? undefined));
  if (welcome === null) return refuse("rate_limited");
  // The link may have ended while the device was on its way by it.
  const continued = redeemed === "opened" && led === null ? "gone" : redeemed;

  const { token, outcome, isAnotherPerson } = welcome;
  const response: BootResponse = {
    token: await signDeviceToken(env.PARLEY_SECRET, token),
    visitor: token.visitor,
    formerly: outcome.formerly,
    device: token.device,
    settings: workspace.widget,
    team: await teamAvailability(env, workspace),
    conversation: outcome.conversation,
    contact: outcome.contact,
    byMail: workspace.byMail,
    moments: {
      ...outcome.moments,
      ...(continued === null ? {} : { continued: [continued] as const }),
    },
    through: outcome.through,
    rejected: outcome.rejected,
    serverTime: now(),
    ...(continued === null ? {} : { continued }),
    ...(isAnotherPerson ? { isAnotherPerson } : {}),
  };
  return answer(response);
}

/** @param anew Where the browser had another right until now. */
async function bootAnew(
  request: Request,
  env: Env,
  workspace: WorkspaceId,
  body: BootRequest,
  surroundings: Surroundings,
  anew: Left | undefined,
): Promise<Welcome | null> {
  const network = await throttledNetwork(request, env.PARLEY_SECRET);
  const throttle = peersOf(env).throttle(workspace, network);
  if (!(await throttle.take("boot", BOOT_BURST, BOOT_RATE_PER_MINUTE))) return null;
  const token = { workspace, device: newId("dev", now()), visitor: newId("vis", now()) };
  const begun = await tryBoot(env, token, body, { surroundings, anew });
  return "token" in begun ? begun : null;
}

/** Follows a browser whose device has got another right by its own proof. */
async function tryBoot(
  env: Env,
  first: DeviceToken,
  { stream, sentAt, facts, client }: BootRequest,
  seen: { surroundings: Surroundings; secrets?: readonly string[]; anew?: Left | undefined },
): Promise<Welcome | Left> {
  const batch = { stream, sentAt, facts };
  let token = first;
  let isAnotherPerson = false;
  for (let moves = 0; moves <= MOVES_FOLLOWED_MAX; moves++) {
    const outcome = await peersOf(env)
      .visitor(token.workspace, token.visitor)
      .boot({ device: token.device, batch, client, ...seen });
    if (!outcome.isEnded) return { token, outcome, isAnotherPerson };
    // A new visitor in the place of one who is about to be known would be wrong for good.
    if (outcome.isWaiting) throw new CodedError("overloaded");
    if (outcome.moved === undefined) return { formerly: outcome.formerly ?? [] };
    const { visitor, device } = outcome.moved;
    token = { workspace: token.workspace, visitor, device };
    isAnotherPerson ||= outcome.moved.isAnotherPerson;
  }
  return { formerly: [] };
}

function surroundingsOf(request: Request): Surroundings {
  const country = request.cf?.country;
  return {
    country:
      typeof country === "string" && /^[A-Z]{2}$/.test(country) && country !== "XX"
        ? country
        : null,
    userAgent: request.headers.get("user-agent") ?? "",
  };
}
