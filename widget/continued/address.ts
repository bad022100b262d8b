import type * as links from "../../domain/identity/continue-link.ts";

const NAME: typeof links.TICKET_PARAMETER = "parley_token";
const CARRIED = new RegExp(`([?&])${NAME}=([^&#]*)(&?)`, "g");

export const address = (): string => location.href;

/** An address without what a link has put into it; everything else stays as it was. */
export const withoutTicket = (url: string): string =>
  url.replace(CARRIED, (_, before: string, __, more: string) => (more ? before : ""));

/** What a link has put into an address: by it the server knows the browser again that it led there. */
export const ticketIn = (url: string): string | undefined => [...url.matchAll(CARRIED)][0]?.[2];
