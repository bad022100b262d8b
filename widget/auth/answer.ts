import type { ErrorBody } from "../../protocol/errors.ts";
import type { AuthResponse } from "../../protocol/visitor-frames.ts";
import type { Core } from "../core.ts";
import { emit } from "../loader/events.ts";

const TIMEOUT_MS = 20_000;

export type AuthAnswer = Partial<AuthResponse & ErrorBody>;

/** @returns Nothing where asking again may help. */
export async function askAuth(
  host: string,
  path: "auth" | "auth/code",
  body: object,
): Promise<AuthAnswer | undefined> {
  const response = await fetch(`${host}/v1/${path}`, {
    method: "POST",
    body: JSON.stringify(body),
    keepalive: true,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  return response.status < 500 ? response.json() : undefined;
}

/** A proof was accepted: the loader follows the device wherever the server has put it. */
export function actOnProof(core: Core, { visitor, isAnotherPerson }: AuthAnswer): void {
  if (isAnotherPerson) {
    core.isAnotherPerson = true;
    forgetFormer(`parley:${core.key}:`);
  }
  // The right that this socket was opened with has ended: the loader hears so, and boots with the next one.
  if (core.visitor !== visitor) core.page.open();
  emit("auth", { visitor });
}

/** Drafts and what was not sent are the former person's. */
function forgetFormer(prefix: string): void {
  try {
    for (const name of Object.keys(localStorage))
      if (name.startsWith(prefix)) localStorage.removeItem(name);
  } catch {
    // Nothing is kept where there is no storage.
  }
}
