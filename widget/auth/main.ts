import type { ErrorBody } from "../../protocol/errors.ts";
import type { AuthResponse } from "../../protocol/visitor-frames.ts";
import type { Auth, Core } from "../core.ts";
import { backOff } from "../loader/back-off.ts";
import { emit, guard } from "../loader/events.ts";

const TIMEOUT_MS = 20_000;

type Answer = Partial<AuthResponse & ErrorBody>;

/** Proves who uses this browser. The loader follows its device wherever the server puts it. */
export default function start(core: Core): Auth {
  return (core.prover ??= create(core));
}

function create(core: Core): Auth {
  /** What was proven last and is not answered yet. */
  let proof: object | undefined;
  let isAsking = false;
  let failures = 0;

  const attempt: () => void = guard(async () => {
    const { token } = core;
    if (!proof || !token || isAsking) return;
    const asked = proof;
    isAsking = true;
    const answer = await ask(core.host, { token, ...asked }).catch((): undefined => {});
    isAsking = false;
    if (asked !== proof) return attempt();
    if (!answer) return void setTimeout(() => attempt(), backOff(failures++));
    failures = 0;
    proof = undefined;
    if (answer.error) return emit("error", answer.error);
    if (answer.isAnotherPerson) {
      core.isAnotherPerson = true;
      forgetFormer(`parley:${core.key}:`);
    }
    // The right that this socket was opened with has ended: the loader hears so, and boots with the next one.
    if (core.visitor !== answer.visitor) core.page.open();
    emit("auth", { visitor: answer.visitor });
  });

  core.parts.push({
    changed(isAnew) {
      // Ended by the page or in another tab: what was to be proven before that is nothing any more.
      if (isAnew && !core.token) proof = undefined;
      attempt();
    },
  });
  return {
    auth(first, hmac) {
      proof = hmac === undefined ? { jwt: `${first}` } : { userId: `${first}`, hmac };
      attempt();
    },
  };
}

/** Nothing where asking again may help. */
async function ask(host: string, body: object): Promise<Answer | undefined> {
  const response = await fetch(`${host}/v1/auth`, {
    method: "POST",
    body: JSON.stringify(body),
    keepalive: true,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  return response.status < 500 ? response.json() : undefined;
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
