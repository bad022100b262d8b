import type { DeviceId, VisitorId } from "../../protocol/ids.ts";
import { VERIFIED_MAX } from "../../protocol/limits.ts";
import type { IdentifierKind, ProofWay } from "../../protocol/person.ts";
import type { Proof } from "./proof.ts";

/** An identifier that is proven to be this person's. */
export type Verified = { kind: IdentifierKind; value: string; at: number; by: ProofWay };

/** A proven identifier that is being asked for; `from`: who had it, and is to give it up once more when it is passed on. */
export type Claiming = Verified & { from?: VisitorId };

/** A device has proven something, and what follows from it is not done yet. */
export type Proving = {
  device: DeviceId;
  proof: Proof;
  at: number;
  /** The visitor that gets the user id if nobody has it. */
  candidate: VisitorId;
  /** The right that the device gets if it has to go elsewhere. Names this proving, too. */
  next: DeviceId;
  /** Hashes of secrets of the browser that proves. */
  keys: string[];
  /**
   * Where the device goes, once that is decided; where it stays it gets another right at the same visitor. A visitor that
   * is joined takes everything along.
   */
  moving: { to: VisitorId; isAnotherPerson: boolean } | null;
};

/** Where a proof leads, and whether the whole visitor goes there. */
export type Way = { to: VisitorId; isAnotherPerson: boolean; isJoin: boolean };

/**
 * What is to be done about a proof. This visitor is the one who may get the user id if it has none, if no other user id is
 * on its way to it (one person never has two), and if it is nobody yet whom the proof does not name.
 */
export function beginProving(
  device: DeviceId,
  proof: Proof,
  at: number,
  visitor: { id: VisitorId; verified: readonly Verified[]; proving: readonly Proving[] },
  fresh: { visitor: VisitorId; device: DeviceId },
): Proving {
  const own = userIdOf(visitor.verified);
  const isOpen =
    own === null && !isAwaited(visitor, proof.userId) && !isSomebodyElse(visitor, proof);
  const candidate =
    proof.userId === null || isOpen || own === proof.userId ? visitor.id : fresh.visitor;
  return { device, proof, at, candidate, next: fresh.device, keys: [], moving: null };
}

/**
 * Where a device goes whose proof names the visitor `holder`; null when it stays. A visitor without a user id, and with
 * none on its way, is the same person and is joined; of one that has another user id, or an address that a proof of a
 * user id does not name, only the device goes.
 */
export function wayOf(
  proving: Proving,
  holder: VisitorId,
  visitor: { id: VisitorId; verified: readonly Verified[]; proving: readonly Proving[] },
): Way | null {
  if (holder === visitor.id) return null;
  const { proof } = proving;
  const own = userIdOf(visitor.verified);
  const isElse = own === null ? isSomebodyElse(visitor, proof) : own !== proof.userId;
  return {
    to: holder,
    isAnotherPerson: isElse,
    isJoin: own === null && !isElse && !isAwaited(visitor, proof.userId),
  };
}

/**
 * Whether a visitor without a user id is known by addresses of which a proof of a user id names none. On a shared
 * computer whoever signs in next must not get the mails of whoever has proven a mailbox there before.
 */
function isSomebodyElse(
  { verified, proving }: { verified: readonly Verified[]; proving: readonly Proving[] },
  proof: Proof,
): boolean {
  if (proof.userId === null || userIdOf(verified) !== null) return false;
  const known = [
    ...verified,
    ...proving.flatMap((other) => (other.proof.userId === null ? other.proof.others : [])),
  ];
  return known.length > 0 && !known.some((one) => isNamed(proof, one));
}

function isNamed({ others }: Proof, { kind, value }: Pick<Verified, "kind" | "value">): boolean {
  return others.some((one) => one.kind === kind && one.value === value);
}

/** Whether another user id than this one may be on its way to the visitor. */
function isAwaited(
  visitor: { id: VisitorId; proving: readonly Proving[] },
  userId: string | null,
): boolean {
  return visitor.proving.some(
    ({ candidate, proof }) =>
      candidate === visitor.id && proof.userId !== null && proof.userId !== userId,
  );
}

/** The identifier that decides whose a proof is. */
export function leadOf({ userId, others }: Proof): { kind: IdentifierKind; value: string } | null {
  return userId === null ? (others[0] ?? null) : { kind: "user_id", value: userId };
}

export function userIdOf(verified: readonly Verified[]): string | null {
  return verified.find(({ kind }) => kind === "user_id")?.value ?? null;
}

export function isVerified(
  verified: readonly Verified[],
  { kind, value }: { kind: IdentifierKind; value: string },
): boolean {
  return verified.some((one) => one.kind === kind && one.value === value);
}

/** Newest first, each once, the user id always among them. */
export function withVerified(verified: readonly Verified[], added: Verified): Verified[] {
  const others = verified.filter(
    (one) => one.kind !== added.kind || (added.kind !== "user_id" && one.value !== added.value),
  );
  const all = [added, ...others].toSorted((one, other) => other.at - one.at);
  const userId = all.filter(({ kind }) => kind === "user_id");
  return [...userId, ...all.filter(({ kind }) => kind !== "user_id")].slice(0, VERIFIED_MAX);
}
