import { applyFact } from "../../domain/visitors/apply-fact.ts";
import type { CurrentPage } from "../../protocol/person.ts";
import type { VisitorId } from "../../protocol/ids.ts";
import { MOVES_FOLLOWED_MAX } from "../../protocol/limits.ts";
import type { DeviceArrival, DeviceRecord } from "../contracts.ts";
import { factContext } from "./device-record.ts";
import { markKey } from "./store.ts";
import type { Turn } from "./turn.ts";

/**
 * A device comes over with its next right and the marks of its streams, and with the page that it looks at.
 * @param status `ended` where a sign-out has overtaken it: only what it has proven is left of it then.
 */
export function takeDevice(
  turn: Turn,
  arrival: DeviceArrival,
  status: DeviceRecord["status"],
): void {
  const { device, record, at, from, page, isAnotherPerson, isJoin, marks } = arrival;
  // Whatever it has proven was of whom it comes from.
  const { moved: _, handover: __, streamsOf: ___, provenAt: ____, formerly, ...kept } = record;
  const since = isJoin ? record.since : at;
  const isProven = arrival.proof.isByLink !== true;
  const taken: DeviceRecord = {
    ...kept,
    status,
    since,
    ...(isProven ? { provenAt: at } : {}),
    ...(isAnotherPerson ? { cameAt: at } : { formerly: withFormer(formerly, from) }),
  };
  if (!isJoin)
    turn.items.push({
      type: "moved",
      at: turn.now,
      way: "came",
      visitor: from,
      why: isAnotherPerson ? "another_person" : "same_person",
    });
  if (page === null || !see(turn, page, taken)) seenNow(turn);
  if (isProven) provenNow(turn);
  turn.changes.set(`device:${device}`, taken);
  for (const { stream, mark } of marks) turn.changes.set(markKey(device, stream), mark);
}

/** Whom a device was before as the same person, the newest last, once it was `visitor`, too. */
export function withFormer(formerly: readonly VisitorId[] = [], visitor: VisitorId): VisitorId[] {
  return [...formerly, visitor].slice(-MOVES_FOLLOWED_MAX);
}

/** False where the page cannot be kept. */
function see(turn: Turn, { url, title }: CurrentPage, device: DeviceRecord): boolean {
  const { draft, now } = turn;
  const fact = { type: "page" as const, n: 1, at: now, url, ...(title === null ? {} : { title }) };
  const outcome = applyFact(draft, fact, now, factContext(device));
  if (outcome.ok) turn.items.push(...outcome.items);
  return outcome.ok;
}

/** The visit is one whose person has proven who they are. */
export function provenNow({ draft }: Turn): void {
  const session = draft.get("session");
  if (session !== undefined) draft.set("session", { ...session, isProven: true });
}

/** Somebody of whom no page is known was here now. */
function seenNow({ draft, now }: Turn): void {
  const seen = draft.get("seen");
  draft.set("seen", {
    firstAt: seen?.firstAt ?? now,
    lastAt: Math.max(seen?.lastAt ?? now, now),
    sessions: seen?.sessions ?? 0,
    firstSource: seen?.firstSource ?? null,
  });
}
