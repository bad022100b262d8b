import type { Auth, Core } from "../core.ts";
import { backOff } from "../loader/back-off.ts";
import { emit, guard } from "../loader/events.ts";
import { actOnProof, askProof, followProof } from "./answer.ts";

/** Proves who uses this browser. The loader follows its device wherever the server puts it. */
export default function start(core: Core): Auth {
  return (core.prover ??= create(core));
}

function create(core: Core): Auth {
  /** What was proven last and is not answered yet. */
  let proof: object | undefined;
  let isAsking = false;
  /** A right that has ended: the loader is about to have another one. */
  let ended: string | undefined;
  let failures = 0;

  const attempt: () => void = guard(async () => {
    const { token } = core;
    if (!proof || !token || isAsking || token === ended) return;
    const asked = proof;
    isAsking = true;
    const answer = await askProof(core, asked).catch((): undefined => {});
    isAsking = false;
    // Another page of this browser may have proven something meanwhile, or this one.
    if (answer?.error?.code === "ended" || (answer?.token && answer.token !== token)) ended = token;
    if (asked !== proof) {
      // What it has come to holds for this page, unless that has left the right behind by itself.
      if (answer?.token && token === core.token) followProof(core, answer);
      return attempt();
    }
    if (!answer) return void setTimeout(() => attempt(), backOff(failures++));
    failures = 0;
    if (answer.error?.code === "ended") return;
    proof = undefined;
    if (answer.error) return emit("error", answer.error);
    actOnProof(core, answer);
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
