/** Whether the chat was open on the page before, in this tab. */

export function rememberOpen(value: string): void {
  try {
    sessionStorage["parley"] = value;
  } catch {
    // Then the chat is closed on the next page.
  }
}

export function isOpenRemembered(): boolean {
  try {
    return !!sessionStorage["parley"];
  } catch {
    return false;
  }
}
