import { handoverKey } from "../../domain/identity/handover.ts";
import type { Proof } from "../../domain/identity/proof.ts";
import { mayTake, readLink, takeTicket } from "../../domain/identity/continue-link.ts";
import type { DeviceToken } from "../../domain/identity/tokens.ts";
import type { Surroundings } from "../../durable-objects/contracts.ts";
import { peersOf } from "../../durable-objects/peers.ts";
import { now } from "../../durable-objects/runtime/clock.ts";
import type { Batch } from "../../protocol/facts.ts";
import { newId, type WorkspaceId } from "../../protocol/ids.ts";
import type { BootRequest, Continued } from "../../protocol/visitor-frames.ts";
import { hashCode } from "../code-hash.ts";
import { readContinueLink, takeContinueLink } from "../d1/continue-links.ts";
import type { Env } from "../env.ts";

/** Takes every ticket out of the addresses of a batch, before anything else sees them. @returns The first. */
export function takeTickets(facts: Batch["facts"]): string | null {
  let found: string | null = null;
  for (const fact of facts)
    for (const key of ["url", "referrer"]) {
      const address = fact[key];
      if (typeof address !== "string") continue;
      const { url, ticket } = takeTicket(address);
      if (ticket === null) continue;
      fact[key] = url;
      found ??= ticket;
    }
  return found;
}

type Redeemed = { token: DeviceToken | null; continued: Continued };

/**
 * Exchanges a ticket for a right to the visitor that its link leads to. Only the page load that came first gets it, however
 * often that one asks; a browser with something of its own keeps that, and leaves the ticket as it was.
 * @param held The browser's right so far.
 * @returns The right to boot with. Where the browser had another one, boot with that and the ticket follows to the new one.
 */
export async function redeemTicket(
  env: Env,
  workspace: WorkspaceId,
  ticket: string,
  held: DeviceToken | null,
  { stream, client }: BootRequest,
  surroundings: Surroundings,
): Promise<Redeemed> {
  const gone: Redeemed = { token: held, continued: "gone" };
  const peers = peersOf(env);
  const id = await readLink(env.PARLEY_SECRET, "ticket", ticket);
  const link = id === null ? null : await readContinueLink(env.DB, id);
  if (link === null || link.workspace !== workspace) return gone;
  const { device, address } = link;
  const to = await peers.visitor(workspace, link.visitor).leadsTo({ device, address });
  if (to === null) return gone;
  const standing =
    held === null
      ? "ended"
      : await peers.visitor(workspace, held.visitor).standing(held.device, to);
  if (standing === "own") return { token: held, continued: "own" };
  if (standing === "here" && (address === null || link.takenBy !== null))
    return { token: held, continued: "opened" };

  const by = await hashCode(env.PARLEY_SECRET, `continue ${link.id} ${stream}`);
  if (!mayTake(link, by, now())) return gone;
  const next = newId("dev", now());
  const taken = await takeContinueLink(env.DB, link.id, by, next, now());
  if (taken === null || taken.takenBy !== by || taken.nextDevice === null) return gone;
  const key = await handoverKey(ticket);
  const passage = { device: taken.nextDevice, maker: device, address, key };
  if (held !== null && standing === "here") {
    await proveHere(env, held, address, ticket);
    return { token: held, continued: "opened" };
  }
  if (held !== null && standing === "free") {
    const went = await peers.visitor(workspace, held.visitor).goOn(held.device, to, passage);
    return { token: held, continued: went === "own" ? "own" : "opened" };
  }
  const place = await peers.visitor(workspace, to).admit({ ...passage, client, surroundings });
  return place === null ? gone : { token: { workspace, ...place }, continued: "opened" };
}

/** A browser that has the right already has confirmed the mailbox that its link was mailed to. */
async function proveHere(
  env: Env,
  held: DeviceToken,
  address: string | null,
  ticket: string,
): Promise<void> {
  if (address === null) return;
  const proof: Proof = { userId: null, others: [{ kind: "email", value: address }], by: "loop" };
  await peersOf(env).visitor(held.workspace, held.visitor).prove(held.device, proof, ticket);
}
