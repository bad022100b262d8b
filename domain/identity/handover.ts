import type { DeviceId, VisitorId } from "../../protocol/ids.ts";
import { HANDOVER_KEYS_MAX, HANDOVER_WAIT_MS } from "../../protocol/limits.ts";
import type { Proof } from "./proof.ts";
import { leadOf } from "./proving.ts";

/** Where a device is by now, and whether somebody else than before uses it there. */
export type Moved = { visitor: VisitorId; device: DeviceId; isAnotherPerson: boolean };

/**
 * By what a browser is known whose proof has ended a right. Anybody may have a copy of that right; the secret was drawn
 * for this one proof, in the browser that made it.
 */
export type Handover = { at: number; lead: string; keys: string[] };

/** @param keys Hashes of the secrets that came with the proof, at most HANDOVER_KEYS_MAX are kept, the newest. */
export function handoverOf(proof: Proof, at: number, keys: readonly string[]): Handover {
  return { at, lead: leadText(proof), keys: keys.slice(-HANDOVER_KEYS_MAX) };
}

/** Whether a proof says the same of a browser as the one by which its right has ended. */
export function isSameLead({ lead }: Handover, proof: Proof): boolean {
  return lead === leadText(proof);
}

/**
 * What is to be said to whoever comes with a right that has ended: which one has taken its place, to the browser that
 * proved; `wait` for a moment, in which that browser's other pages may not see yet what it keeps; nothing later.
 * @param known Hashes of the secrets that came.
 */
export function followedBy(
  { at, keys }: Handover,
  known: readonly string[],
  now: number,
): "follow" | "wait" | "nothing" {
  if (known.some((key) => keys.includes(key))) return "follow";
  return now - at < HANDOVER_WAIT_MS ? "wait" : "nothing";
}

/** The hash under which a secret is kept: SHA-256 in hexadecimal, enough for one that is long and drawn at random. */
export async function handoverKey(secret: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(secret));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function leadText(proof: Proof): string {
  const lead = leadOf(proof);
  return lead === null ? "" : `${lead.kind} ${lead.value}`;
}
