import type { Core } from "../core.ts";
import { guard } from "../loader/events.ts";

/** As in the style sheet: below this width the chat fills the screen. */
const PHONE = "(max-width: 479px)";

export const isPhone = (): boolean => matchMedia(PHONE).matches;

/**
 * Keeps a full-screen panel above the on-screen keyboard, which browsers lay over the page.
 * @returns What to call when the panel opens.
 */
export function fitScreen(panel: HTMLElement): () => void {
  const view = window.visualViewport;
  const fit = guard(() => {
    const room = isPhone() ? view : null;
    panel.ariaModal = `${isPhone()}`;
    panel.style.height = room ? `${room.height}px` : "";
    panel.style.bottom = room ? `${Math.max(0, innerHeight - room.height - room.offsetTop)}px` : "";
  });
  view?.addEventListener("resize", fit);
  view?.addEventListener("scroll", fit);
  return fit;
}

/** The keyboard inside the panel: Escape leaves, Tab stays within a full screen, and the page hears none of it. */
export function keepKeys(core: Core, panel: HTMLElement, leave: () => void): void {
  const hear = guard((event: KeyboardEvent) => {
    // Sites have shortcuts of one letter; from outside, typing in the chat looks like typing on the page.
    event.stopPropagation();
    if (event.type !== "keydown" || event.isComposing) return;
    if (event.key === "Escape") {
      // Else the browser would go on and close what of the page's own lies beneath.
      event.preventDefault();
      leave();
    }
    if (event.key === "Tab" && isPhone()) turnAround(core, panel, event);
  });
  for (const name of ["keydown", "keyup", "keypress"] as const) panel.addEventListener(name, hear);
}

function turnAround(core: Core, panel: HTMLElement, event: KeyboardEvent) {
  const stops = [
    ...panel.querySelectorAll<HTMLElement>("button,textarea,a[href],[tabindex='0']"),
  ].filter(
    (stop) => stop.offsetParent && !(stop as HTMLButtonElement).disabled, // undefined on what cannot be disabled
  );
  const [from, to] = event.shiftKey ? [stops[0], stops.at(-1)] : [stops.at(-1), stops[0]];
  if (core.root.activeElement !== from) return;
  event.preventDefault();
  to?.focus();
}
