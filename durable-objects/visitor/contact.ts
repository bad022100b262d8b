import { contactOf, withChoice, type HeldContact } from "../../domain/identity/contact.ts";
import { normaliseIdentifier } from "../../domain/identity/identifiers.ts";
import { isVerified } from "../../domain/identity/proving.ts";
import type { CompiledRules } from "../../domain/segments/compile.ts";
import type { StoredItem } from "../../domain/visitors/apply-fact.ts";
import type { VisitorDraft } from "../../domain/visitors/state.ts";
import type { Contact, ContactChange } from "../../protocol/contact.ts";
import { CodedError } from "../../protocol/errors.ts";
import type { TimelineItem } from "../../protocol/person.ts";
import type { VisitorStore } from "./store.ts";

/** Where a person wants to be answered by mail, and what they have chosen about it. */

export function contactNow(draft: VisitorDraft): Contact {
  return contactOf(draft.get("contact"), draft.get("verified") ?? []);
}

/**
 * Takes a choice of the person. An address that they type is a claim like any other.
 * @returns The new lines of the timeline.
 * @throws CodedError `invalid`, `unproven` where the workspace takes no claims, `overloaded` while nobody knows.
 */
export function takeChoice(
  store: VisitorStore,
  change: ContactChange,
  at: number,
  compiled: CompiledRules | null,
): TimelineItem[] {
  if (!("address" in change)) return put(store, withChoice(held(store), change, at), at, compiled);
  const address = normaliseIdentifier("email", change.address);
  if (address === null) throw new CodedError("invalid");
  const isOwn = isVerified(store.draft().get("verified") ?? [], { kind: "email", value: address });
  const mode = isOwn ? "off" : compiled?.set.identityMode;
  if (mode === undefined) throw new CodedError("overloaded");
  if (mode === "enforce") throw new CodedError("unproven");
  const known = held(store);
  if (known?.address?.value === address) return [];
  const item: StoredItem = { type: "identify", at, changes: { email: address } };
  const told = mode === "warn" ? { ...item, isUnproven: true as const } : item;
  return put(store, withChoice(known, { address }, at), at, compiled, {
    email: address,
    items: [told],
  });
}

/** A mail went to an address with a code that proves it. */
export function noteCode(
  store: VisitorStore,
  address: string,
  at: number,
  compiled: CompiledRules | null,
): TimelineItem[] | null {
  const known = held(store);
  if (known?.address?.value !== address || known.code?.value === address) return null;
  return put(store, { ...known, code: { value: address, at } }, at, compiled);
}

/** Whoever holds a mail that went to an address says that not everything is to go there any more. */
export function stopEverything(
  store: VisitorStore,
  address: string,
  at: number,
  compiled: CompiledRules | null,
): TimelineItem[] | null {
  const contact = contactNow(store.draft());
  if (!contact.isEverything || contact.address !== address) return null;
  return put(store, withChoice(held(store), { isEverything: false }, at), at, compiled);
}

const held = (store: VisitorStore) => store.draft().get("contact");

function put(
  store: VisitorStore,
  contact: HeldContact,
  at: number,
  compiled: CompiledRules | null,
  claimed?: { email: string; items: StoredItem[] },
): TimelineItem[] {
  const turn = store.turn(at);
  turn.draft.set("contact", contact);
  if (claimed !== undefined) {
    turn.draft.set("claims", { ...turn.draft.get("claims"), email: claimed.email });
    turn.items.push(...claimed.items);
  }
  return store.commit(turn, compiled);
}
