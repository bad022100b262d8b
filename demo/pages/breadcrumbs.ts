import { paths } from "../addresses.ts";
import { html, type Markup } from "../markup.ts";

/** The way from the home page to here; the last step is the page itself. */
export function breadcrumbs(
  steps: readonly (readonly [name: string, path: string])[],
  here: string,
): Markup {
  return html`<nav class="breadcrumbs" aria-label="You are here">
    <ol>
      <li><a href="${paths.home}">Home</a></li>
      ${steps.map(([name, path]) => html`<li><a href="${path}">${name}</a></li>`)}
      <li aria-current="page">${here}</li>
    </ol>
  </nav>`;
}
