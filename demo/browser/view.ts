import type { Markup } from "../markup.ts";

/** Puts a view on the page; the focus stays on the same control, or goes to the title if that is gone. */
export function showView(view: Markup): void {
  const place = document.querySelector<HTMLElement>("[data-view]");
  if (place === null) return;
  const focused = document.activeElement;
  const wasInside = focused !== null && place.contains(focused);
  place.innerHTML = view.markup;
  if (!wasInside) return;
  const same = focused.id === "" ? null : document.getElementById(focused.id);
  (same ?? place.querySelector<HTMLElement>("h1"))?.focus();
}

/** Moves the focus to the title of what has just been shown. */
export function focusTitle(): void {
  window.scrollTo(0, 0);
  document.querySelector<HTMLElement>("[data-view] h1")?.focus({ preventScroll: true });
}
