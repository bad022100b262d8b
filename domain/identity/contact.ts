import type { Contact, ContactChange, ContactRoute } from "../../protocol/contact.ts";
import type { Verified } from "./proving.ts";

/** What a person has chosen about mails, each choice with its time: the newer one stays. */
export type HeldContact = {
  address?: { value: string; at: number };
  declinedAt?: number;
  /** The newest address that a mail with a code went to. */
  code?: { value: string; at: number };
  everything?: { value: boolean; at: number };
};

/** What is known of where a person is answered: an address that they have proven stands before one that they typed. */
export function contactOf(held: HeldContact | undefined, verified: readonly Verified[]): Contact {
  const typed = held?.address?.value ?? null;
  const proven = verified.filter(({ kind }) => kind === "email").map(({ value }) => value);
  const isTypedProven = typed !== null && proven.includes(typed);
  const address = isTypedProven ? typed : (proven[0] ?? typed);
  const isProven = proven.length > 0;
  return {
    address,
    isProven,
    isDeclined: held?.declinedAt !== undefined,
    hasCode: !isProven && held?.code?.value === address,
    isEverything: isProven && held?.everything?.value === true,
  };
}

/** What conversations are told of it; undefined while there is no address. */
export function contactRouteOf({
  address,
  isProven,
  isEverything,
}: Contact): ContactRoute | undefined {
  return address === null ? undefined : { address, isProven, isEverything };
}

/** @param change An address as `normaliseIdentifier` writes it. */
export function withChoice(
  held: HeldContact | undefined,
  change: ContactChange,
  at: number,
): HeldContact {
  if ("address" in change) return { ...held, address: { value: change.address, at } };
  if ("isDeclined" in change) return { ...held, declinedAt: at };
  return { ...held, everything: { value: change.isEverything, at } };
}

/** One person's choices from two. In any grouping and order the same. */
export function joinContacts(one: HeldContact, other: HeldContact): HeldContact {
  const declined = Math.max(one.declinedAt ?? 0, other.declinedAt ?? 0);
  return {
    ...newest("address", one, other),
    ...newest("code", one, other),
    ...newest("everything", one, other),
    ...(declined === 0 ? {} : { declinedAt: declined }),
  };
}

function newest(name: "address" | "code" | "everything", one: HeldContact, other: HeldContact) {
  const [a, b] = [one[name], other[name]];
  if (a === undefined || b === undefined) {
    const only = a ?? b;
    return only === undefined ? {} : { [name]: only };
  }
  const isFirst = a.at === b.at ? `${a.value}` >= `${b.value}` : a.at > b.at;
  return { [name]: isFirst ? a : b };
}
