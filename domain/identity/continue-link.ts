import { CONTINUE_TICKET_MS } from "../../protocol/limits.ts";
import { isSame, sign } from "../email/signature.ts";

/**
 * Links by which somebody goes on in another browser, and the tickets that a used link hands over: an id of 16
 * characters and a signature of 26 each. Nothing in them is lost when somebody makes them lower case.
 */

const ID_LENGTH = 16;
const SHAPE = /^[0-9a-hjkmnp-tv-z]{42}$/;
/** The parameter of a page's address that carries a ticket. Addresses are kept without what is named so. */
export const TICKET_PARAMETER = "parley_token" as const;

/** Where links stand on the Worker. */
export const LINK_PATH = "/c/";

type Purpose = "link" | "ticket";

/** @param random 8 bytes: an id has to differ from others, and nobody has to be kept from guessing it. */
export function newLinkId(random: Uint8Array): string {
  return Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The id of the one link that a mail has. */
export async function mailLinkId(secret: string, job: string): Promise<string> {
  return (await sign(secret, ["continue-mail", job])).slice(0, ID_LENGTH);
}

export async function signLink(secret: string, purpose: Purpose, id: string): Promise<string> {
  return id + (await sign(secret, [`continue-${purpose}`, id]));
}

/** The id of a link or ticket, or null if it is not one of ours. */
export async function readLink(
  secret: string,
  purpose: Purpose,
  text: string,
): Promise<string | null> {
  if (!SHAPE.test(text)) return null;
  const id = text.slice(0, ID_LENGTH);
  return isSame(await signLink(secret, purpose, id), text) ? id : null;
}

/** What is kept of a link's life. */
export type LinkLife = { expiresAt: number; usedAt: number | null; takenBy: string | null };

/**
 * `open`: nobody has used it. `handed`: its ticket is on its way still, so pressing the button again gives the same one.
 * `dead`: everything else, and nobody is told which.
 */
export function lifeOf(
  { expiresAt, usedAt, takenBy }: LinkLife,
  now: number,
): "open" | "handed" | "dead" {
  if (usedAt === null) return now < expiresAt ? "open" : "dead";
  return takenBy === null && now < usedAt + CONTINUE_TICKET_MS ? "handed" : "dead";
}

/** Whether what a used link handed over may be exchanged by this page load. Asked again by the same one it always may. */
export function mayTake({ usedAt, takenBy }: LinkLife, by: string, now: number): boolean {
  if (usedAt === null) return false;
  return takenBy === null ? now < usedAt + CONTINUE_TICKET_MS : takenBy === by;
}

/** An address with a ticket in it, wherever else it leads. */
export function withTicket(page: string, ticket: string): string {
  const url = new URL(page);
  url.searchParams.set(TICKET_PARAMETER, ticket);
  return url.href;
}

const CARRIED = new RegExp(`([?&])${TICKET_PARAMETER}=([^&#]*)(&?)`);

/** Takes the ticket out of an address, and leaves everything else as it was. */
export function takeTicket(url: string): { url: string; ticket: string | null } {
  const match = CARRIED.exec(url);
  if (match === null) return { url, ticket: null };
  const [carried, before = "", ticket = "", more = ""] = match;
  const rest = takeTicket(url.replace(carried, more === "" ? "" : before));
  return { url: rest.url, ticket };
}

const QUOTED = new RegExp(`(${LINK_PATH})[0-9a-hjkmnp-tv-z]{42}(?![0-9a-z])`, "gi");

/** A text that quotes our mails, without the links in them: they are for whoever the mail went to. */
export function withoutLinks(text: string): string {
  return text.replace(QUOTED, "$1…");
}
