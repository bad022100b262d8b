import type { ErrorBody } from "../../protocol/errors.ts";
import type { AuthResponse } from "../../protocol/visitor-frames.ts";
import type { Auth, Core } from "../core.ts";
import { emit } from "../loader/events.ts";

const TIMEOUT_MS = 20_000;

/** Proves who uses this browser. The loader follows its device wherever the server puts it. */
export default function start(core: Core): Auth {
  return (core.prover ??= { auth: (...proof) => prove(core, ...proof) });
}

/** @param proof A JWT, or a user id with its HMAC. */
async function prove(core: Core, proof: string | number, hmac?: string): Promise<void> {
  const { token, key, host } = core;
  const said = hmac === undefined ? { jwt: `${proof}` } : { userId: `${proof}`, hmac };
  const response = await fetch(`${host}/v1/auth`, {
    method: "POST",
    body: JSON.stringify({ token, ...said }),
    keepalive: true,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const answer: Partial<AuthResponse & ErrorBody> = await response.json();
  if (answer.error) return emit("error", answer.error);
  // Ended meanwhile, by the page or by another tab: what was proven belongs to nobody here any more.
  if (core.token !== token && core.visitor !== answer.visitor) return;
  if (answer.isAnotherPerson) forgetFormer(`parley:${key}:`);
  // The right that this socket was opened with has ended: the loader hears so, and boots with the next one.
  if (core.visitor !== answer.visitor) core.page.open();
  emit("auth", { visitor: answer.visitor });
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
