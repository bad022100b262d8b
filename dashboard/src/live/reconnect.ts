import { CLOSE } from "../../../protocol/errors.ts";

/** How a client comes back after a socket closed. */

/** Milliseconds until the next try: doubling from half a second to 15 seconds, each between half and whole. */
export function reconnectDelay(attempt: number, random: number): number {
  const whole = Math.min(15_000, 500 * 2 ** Math.min(attempt, 10));
  return whole / 2 + (whole / 2) * random;
}

export type AfterClose = "reconnect" | "pause" | "stop";

/** `stop`: the right has ended. `pause`: come back, but not at once. */
export function afterClose(code: number): AfterClose {
  if (code === CLOSE.ended) return "stop";
  if (code === CLOSE.flooding || code === CLOSE.replaced) return "pause";
  return "reconnect";
}
