import { now } from "../../durable-objects/runtime/clock.ts";
import { CONTACT_CHANGES_MAX, CONTACT_CHANGES_WINDOW_MS } from "../../protocol/contact.ts";
import type { DeviceId, WorkspaceId } from "../../protocol/ids.ts";
import {
  CODE_PAUSE_MS,
  CODE_REQUESTS_MAX,
  CODE_REQUESTS_WINDOW_MS,
} from "../../protocol/limits.ts";
import { takeAttempts, type AttemptLimit } from "../d1/attempts.ts";
import type { Env } from "../env.ts";
import { networkOf } from "../network.ts";

const DAY_MS = 24 * 3_600_000;

/** How often codes may be asked for by visitors. A day bounds how many mails one address gets, and how many guesses it. */
export const HISTORY_CODES = {
  /** By one device within CODE_REQUESTS_WINDOW_MS, whatever the addresses. */
  device: CODE_REQUESTS_MAX,
  /** From one network within CODE_REQUESTS_WINDOW_MS, whatever the addresses and workspaces. */
  network: 50,
  /** For one address in a day, from one network. */
  addressHere: 8,
  /** For one address in a day, from all networks and for all workspaces together. */
  address: 24,
};

/** Codes tried from one network within CODE_REQUESTS_WINDOW_MS. How often each code may be tried bounds the rest. */
export const HISTORY_CODE_TRIES = 250;

type Asking = { workspace: WorkspaceId; device: DeviceId; address: string };

/**
 * Counts one more request for a code. Nothing is looked up of the address. One network alone cannot use up what an
 * address may have, so that nobody shuts its owner out from elsewhere.
 */
export async function mayAskForHistoryCode(
  request: Request,
  env: Env,
  { workspace, device, address }: Asking,
): Promise<"yes" | "rate_limited" | "too_many_codes"> {
  const network = visitorNetwork(request);
  const isSoon = !(await takeAttempts(
    env.DB,
    [
      {
        kind: "history-pause",
        subject: `${workspace} ${device} ${address}`,
        max: 1,
        windowMs: CODE_PAUSE_MS,
      },
    ],
    now(),
  ));
  if (isSoon) return "rate_limited";
  const { device: byDevice, network: byNetwork, addressHere, address: forAddress } = HISTORY_CODES;
  const limits: AttemptLimit[] = [
    within("history-device", `${workspace} ${device}`, byDevice),
    ...ofStrangers(env, within("history-network", network, byNetwork)),
    inADay("history-here", `${address} ${network}`, addressHere),
    inADay("history", address, forAddress),
  ];
  return (await takeAttempts(env.DB, limits, now())) ? "yes" : "too_many_codes";
}

/** Counts one more choice of a device about mails; false when it is too many. */
export async function mayChooseContact(
  env: Env,
  { workspace, device }: Pick<Asking, "workspace" | "device">,
): Promise<boolean> {
  const subject = `${workspace} ${device}`;
  const [max, windowMs] = [CONTACT_CHANGES_MAX, CONTACT_CHANGES_WINDOW_MS];
  return takeAttempts(env.DB, [{ kind: "contact", subject, max, windowMs }], now());
}

/** Counts one more try of a code; false when it is too many. */
export async function mayTryHistoryCode(request: Request, env: Env): Promise<boolean> {
  const limit = within("history-try", visitorNetwork(request), HISTORY_CODE_TRIES);
  return takeAttempts(env.DB, ofStrangers(env, limit), now());
}

const within = (kind: string, subject: string, max: number): AttemptLimit => {
  return { kind, subject, max, windowMs: CODE_REQUESTS_WINDOW_MS };
};
const inADay = (kind: string, subject: string, max: number): AttemptLimit => {
  return { kind, subject, max, windowMs: DAY_MS };
};
/** On a machine of one's own there are no strangers to hold up. */
const ofStrangers = ({ ENVIRONMENT }: Env, limit: AttemptLimit): AttemptLimit[] =>
  ENVIRONMENT === "development" ? [] : [limit];

/** Set by Cloudflare; without it everybody is one network. */
const visitorNetwork = (request: Request): string =>
  networkOf(request.headers.get("cf-connecting-ip") ?? "unknown");
