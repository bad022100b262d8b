import type { HeldConversation } from "../visitors/state.ts";
import type { ConversationId, DeviceId } from "../../protocol/ids.ts";
import type { Proof } from "./proof.ts";
import { isVerified, type Proving, type Verified } from "./proving.ts";

/**
 * What a device brings that comes by a link: no proof where the link was made in a chat, and where it was mailed the
 * address, which is still to be proven at the place that the device comes to.
 */
export function proofByLink(address: string | null, maker: DeviceId | null): Proof {
  const others = address === null ? [] : [{ kind: "email" as const, value: address }];
  return {
    userId: null,
    others,
    by: "loop",
    isByLink: true,
    ...(maker === null ? {} : { maker }),
  };
}

/**
 * Whether a link in a mail to this address may open a visitor: the address is verified for them, or they are nobody yet.
 * An address that is merely claimed opens nothing of somebody who is known by something else, or is about to be.
 */
export function isOpenedByMail(
  address: string,
  { verified, proving }: { verified: readonly Verified[]; proving: readonly Proving[] },
): boolean {
  if (isVerified(verified, { kind: "email", value: address })) return true;
  return (
    verified.length === 0 &&
    proving.every(
      ({ proof: { userId, others } }) =>
        userId === null && others.every((one) => one.kind === "email" && one.value === address),
    )
  );
}

/**
 * Whether a visitor has something of their own that a link must not take away from their browser: a proof, or a
 * conversation that more than triggers have written in.
 */
export function hasOwn(visitor: {
  verified: readonly Verified[];
  proving: readonly Proving[];
  conversations: { open: ConversationId | null; list: readonly HeldConversation[] };
}): boolean {
  const { verified, proving, conversations } = visitor;
  const { open, list } = conversations;
  return (
    verified.length + proving.length > 0 ||
    list.some(({ state }) => state.wrote > 0 || state.answered !== null || state.id !== open) ||
    (open !== null && !list.some(({ state }) => state.id === open))
  );
}
