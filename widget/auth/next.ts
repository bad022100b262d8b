import type { Core } from "../core.ts";
import { HANDOVER_KEYS_MAX } from "../limits.ts";

/** The newest secrets of this browser's proofs, under the site key: each leads from the right that its proof has ended. */
export const NEXT = ":next";

/** A secret that nobody else knows of. */
export const drawSecret = (): string => crypto.getRandomValues(new Uint32Array(4)).join("-");

/**
 * Keeps a secret by which every page of this browser comes to the right that follows. Those of other proofs stay beside
 * it, because any of them may be the one that is acted on.
 */
export function keepNext(core: Pick<Core, "key" | "handover">, secret: string): void {
  const name = `parley:${core.key}${NEXT}`;
  try {
    localStorage[name] = withNewest(secret, localStorage[name]);
  } catch {
    // Then this page alone knows it.
    core.handover = withNewest(secret, core.handover);
  }
}

function withNewest(secret: string, others = ""): string {
  const all = new Set([secret, ...others.split(" ")]);
  return [...all].slice(0, HANDOVER_KEYS_MAX).join(" ").trim();
}
