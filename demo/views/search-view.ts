import { categoryPath, paths, searchPath } from "../addresses.ts";
import { categories } from "../catalogue.ts";
import { html, type Markup } from "../markup.ts";
import type { SearchResult } from "../search.ts";
import { productGrid } from "./product-card.ts";

const popularSearches = ["Green tea", "Electric kettle", "Gift", "Glass", "No caffeine"];

function popular(): Markup {
  return html`<ul class="chips">
    ${popularSearches.map((query) => html`<li><a href="${searchPath(query)}">${query}</a></li>`)}
  </ul>`;
}

/** The search page before anything is searched. */
export function searchLanding(): Markup {
  return html`<div class="page-head">
      <h1>Search</h1>
      <p class="lead">
        Type what you are looking for in the field above, or begin with one of these.
      </p>
    </div>
    ${popular()}`;
}

function foundNothing(query: string, suggestion: string | undefined): Markup {
  return html`<div class="page-head">
      <h1>Nothing found for “${query}”</h1>
      ${
        suggestion === undefined
          ? html`<p class="lead">
              We may not sell it, or we may call it something else. Ask us: we know every drawer
              here.
            </p>`
          : html`<p class="lead">
              Did you mean <a href="${searchPath(suggestion)}">${suggestion}</a>?
            </p>`
      }
      <p><button class="button" type="button" data-open-chat>Ask us about it</button></p>
    </div>
    <div class="nothing-found">
      <h2>Others looked for</h2>
      ${popular()}
      <h2>Or look around</h2>
      <ul class="chips">
        ${categories.map(({ slug, name }) => html`<li><a href="${categoryPath(slug)}">${name}</a></li>`)}
        <li><a href="${paths.everything}">Everything</a></li>
      </ul>
    </div>`;
}

export function searchResults(query: string, { products, suggestion }: SearchResult): Markup {
  if (products.length === 0) return foundNothing(query, suggestion);
  return html`<div class="page-head">
      <h1>Results for “${query}”</h1>
      <p class="lead">${products.length === 1 ? "1 product" : `${products.length} products`}</p>
    </div>
    <h2 class="visually-hidden">Products</h2>
    ${productGrid(products)}`;
}
