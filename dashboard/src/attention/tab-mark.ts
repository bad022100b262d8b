/** What the browser's tab says while nobody looks at it. */

/** "(3) Inbox · Parley". */
export function tabTitle(page: string, unread: number): string {
  const mark = unread > 0 ? `(${unread > 99 ? "99+" : unread}) ` : "";
  return page === "" ? `${mark}Parley` : `${mark}${page} · Parley`;
}

export function markTab(page: string, unread: number): void {
  document.title = tabTitle(page, unread);
  const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  const href = unread > 0 ? "/favicon-unread.svg" : "/favicon.svg";
  if (icon !== null && icon.getAttribute("href") !== href) icon.setAttribute("href", href);
}
