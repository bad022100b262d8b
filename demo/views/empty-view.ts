import { imagePath } from "../addresses.ts";
import type { IllustrationName } from "../illustrations/product-drawings.ts";
import { html, type Markup } from "../markup.ts";

type Emptiness = {
  title: string;
  text: string;
  illustration: IllustrationName;
  link: readonly [words: string, path: string];
};

/** A page that has nothing to show yet: what will be here, and the one next step. */
export function emptyView({ title, text, illustration, link: [words, path] }: Emptiness): Markup {
  return html`<div class="empty">
    <img src="${imagePath(illustration)}" alt="" width="200" height="200" />
    <h1 class="view-title" tabindex="-1">${title}</h1>
    <p class="lead">${text}</p>
    <p><a class="button" href="${path}">${words}</a></p>
  </div>`;
}
