import { now } from "../../durable-objects/runtime/clock.ts";
import {
  CODE_MAX_TRIES,
  CODE_REQUESTS_MAX,
  CODE_REQUESTS_WINDOW_MS,
} from "../../protocol/limits.ts";
import { takeAttempts, type AttemptLimit } from "../d1/attempts.ts";
import { networkOf } from "../network.ts";
import type { ApiContext } from "./api-env.ts";

/**
 * How often something may be done within `CODE_REQUESTS_WINDOW_MS`. One network alone cannot use up what an
 * address may have, so that nobody locks an operator out from elsewhere.
 */
type Limits = {
  /** From one network, whatever the addresses. */
  network: number;
  /** For one address, from one network. */
  addressHere: number;
  /** For one address, from all networks together. */
  address: number;
};

/** Asking for codes. */
export const CODE_REQUESTS: Limits = { network: 50, addressHere: CODE_REQUESTS_MAX, address: 50 };

/** Trying codes: as often as every code that may be asked for can be tried. */
export const CODE_TRIES: Limits = {
  network: CODE_REQUESTS.network * CODE_MAX_TRIES,
  addressHere: CODE_REQUESTS.addressHere * CODE_MAX_TRIES,
  address: CODE_REQUESTS.address * CODE_MAX_TRIES,
};

/** Counts one more; false when it is too many. Nothing is looked up, so known and unknown addresses answer alike. */
export async function mayAskForCode(c: ApiContext, email: string): Promise<boolean> {
  return mayDo(c, "code", email, CODE_REQUESTS);
}

/** Counts one more; false when it is too many. */
export async function mayTryCode(c: ApiContext, email: string): Promise<boolean> {
  return mayDo(c, "code-try", email, CODE_TRIES);
}

/** An address's own limit comes last: what a network's limits refuse does not count towards it. */
async function mayDo(c: ApiContext, kind: string, email: string, most: Limits): Promise<boolean> {
  // Set by Cloudflare; without it everybody is one network.
  const network = networkOf(c.req.header("cf-connecting-ip") ?? "unknown");
  const limit = (name: string, subject: string, max: number): AttemptLimit => {
    return { kind: name, subject, max, windowMs: CODE_REQUESTS_WINDOW_MS };
  };
  const limits = [
    limit(`${kind}-here`, `${email} ${network}`, most.addressHere),
    limit(kind, email, most.address),
  ];
  // On a machine of one's own there are no strangers to hold up.
  if (c.env.ENVIRONMENT !== "development")
    limits.unshift(limit(`${kind}-network`, network, most.network));
  return takeAttempts(c.env.DB, limits, now());
}
