import type { ContactResponse } from "../../protocol/contact.ts";
import type { ErrorBody } from "../../protocol/errors.ts";
import type { AuthResponse } from "../../protocol/visitor-frames.ts";
import type { Core } from "../core.ts";
import { emit } from "../loader/events.ts";
import { drawSecret, keepNext, NEXT } from "./next.ts";

const TIMEOUT_MS = 20_000;

export type AuthAnswer = Partial<AuthResponse & ContactResponse & ErrorBody>;

/** What each page has proven last without an answer, and with which secret. */
const unanswered = new WeakMap<Core, { proof: string; next: string }>();

/**
 * Proves something under the right that the page has. The same again is known by the same secret: it may have been acted
 * on, and not be acted on twice. Anything else draws another one, because a copy of this one may have been taken.
 * @returns Nothing where asking again may help.
 */
export async function askProof(core: Core, body: object): Promise<AuthAnswer | undefined> {
  const { token } = core;
  const proof = JSON.stringify({ token, ...body });
  const last = unanswered.get(core);
  const next = last?.proof === proof ? last.next : drawSecret();
  unanswered.set(core, { proof, next });
  keepNext(core, next);
  const answer = await askAuth(core.host, "auth", { token, next, ...body });
  if (!answer) return undefined;
  unanswered.delete(core);
  // A page of another process may have kept its own at the same moment, and not have seen this one.
  if (answer.token) keepNext(core, next);
  // Another proof of this browser was quicker: the loader hears of it, and boots with the right that has come of that.
  else if (answer.error?.code === "ended") core.page.open();
  return answer;
}

/** @returns Nothing where asking again may help. */
export async function askAuth(
  host: string,
  path: "auth" | "auth/code" | "contact",
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

/** A proof was accepted, and the page is told. */
export function actOnProof(core: Core, answer: AuthAnswer): void {
  followProof(core, answer);
  emit("auth", { visitor: answer.visitor });
}

/** The loader follows the device wherever the server has put it. */
export function followProof(core: Core, { token, isAnotherPerson }: AuthAnswer): void {
  if (isAnotherPerson) forgetFormer(`parley:${core.key}:`);
  // The right that this socket was opened with has ended: the loader hears so, and boots with the next one.
  if (core.token !== token) core.page.open();
}

/** Drafts and what was not sent are the former person's; how their browser's pages come to the next right is not. */
function forgetFormer(prefix: string): void {
  try {
    for (const name of Object.keys(localStorage))
      if (name.startsWith(prefix) && !name.endsWith(NEXT)) localStorage.removeItem(name);
  } catch {
    // Nothing is kept where there is no storage.
  }
}
