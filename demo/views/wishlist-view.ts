import { paths } from "../addresses.ts";
import { findProduct } from "../catalogue.ts";
import { html, type Markup } from "../markup.ts";
import { emptyView } from "./empty-view.ts";
import { productGrid } from "./product-card.ts";

export function wishlistView(productIds: readonly string[]): Markup {
  const saved = productIds.map(findProduct).filter((product) => product !== undefined);
  if (saved.length === 0) {
    return emptyView({
      title: "Your wish-list is empty",
      text: "Press the heart beside anything you like. It will be kept here.",
      illustration: "jasmine-pearls",
      link: ["Find something", paths.everything],
    });
  }
  return html`<h1 class="view-title" tabindex="-1">Your wish-list</h1>
    <h2 class="visually-hidden">Saved products</h2>
    ${productGrid(saved)}`;
}
