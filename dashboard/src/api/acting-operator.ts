import type { Me } from "../../../protocol/operator-api.ts";

/**
 * As whom this tab acts. The cookie belongs to the whole browser and may change under an open tab; a tab
 * whose operator is no longer the cookie's begins anew instead of acting in somebody else's name.
 */
let acting: string | null = null;

export const actingOperator = (): string | null => acting;

/** The path of a socket that only this operator may open. */
export const socketPath = (path: string, operator: string): string =>
  `${path}?operator=${encodeURIComponent(operator)}`;

/** Takes up what the server says about who is signed in. False: it is another one, and the page is left. */
export function actAs(me: Me): boolean {
  const next = me.operator?.id ?? null;
  const isAnother = acting !== null && next !== null && acting !== next;
  if (isAnother) location.reload();
  else acting = next;
  return !isAnother;
}

let channel: BroadcastChannel | null = null;

/** Who signs in or out, or works in another workspace, says so to this browser's other tabs. */
export function operatorChanged(): void {
  acting = null;
  // A channel has no target origin: it never leaves its own.
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  channel?.postMessage("operator-changed");
}

/** Begins anew when another tab changed who is signed in. What was not sent yet stays kept under its writer. */
export function listenToOtherTabs(): void {
  if (typeof BroadcastChannel === "undefined") return;
  channel = new BroadcastChannel("parley");
  channel.addEventListener("message", () => {
    // Whoever is typing a code there has nothing that belongs to anybody yet.
    if (location.pathname !== "/sign-in") location.reload();
  });
}
