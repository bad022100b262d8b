import { html } from "../markup.ts";

const SHOWN_MS = 6000;

let hiding: number | undefined;

/** Says briefly that something worked, aloud to screen readers too, with one way onward. */
export function showNotice(text: string, link?: { words: string; path: string }): void {
  const notice = document.querySelector<HTMLElement>("[data-notice]");
  if (notice === null) return;
  notice.innerHTML = html`<p>
    ${text} ${link !== undefined && html`<a href="${link.path}">${link.words}</a>`}
  </p>`.markup;
  window.clearTimeout(hiding);
  const hide = (): void => {
    if (notice.matches(":hover, :focus-within")) hiding = window.setTimeout(hide, SHOWN_MS);
    else notice.replaceChildren();
  };
  hiding = window.setTimeout(hide, SHOWN_MS);
}
