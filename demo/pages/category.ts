import { type Category, type Product, products, productsIn } from "../catalogue.ts";
import { html } from "../markup.ts";
import { productGrid } from "../views/product-card.ts";
import { breadcrumbs } from "./breadcrumbs.ts";
import { renderPage } from "./layout.ts";

function renderList(
  slug: Category["slug"] | "all",
  name: string,
  intro: string,
  listed: readonly Product[],
): string {
  return renderPage({
    kind: "category",
    title: name,
    description: intro,
    category: slug,
    subject: name,
    main: html`<div class="wrap">
      ${breadcrumbs([], name)}
      <div class="page-head">
        <h1>${name}</h1>
        <p class="lead">${intro}</p>
      </div>
      <h2 class="visually-hidden">${listed.length} products</h2>
      ${productGrid(listed)}
      <p class="ask-line">
        Cannot decide?
        <button class="link-button" type="button" data-open-chat>Tell us how you drink it</button>
        and we will choose with you.
      </p>
    </div>`,
  });
}

export function renderCategory({ slug, name, intro }: Category): string {
  return renderList(slug, name, intro, productsIn(slug));
}

export function renderEverything(): string {
  return renderList(
    "all",
    "Everything",
    "All that we sell, on one page. It is not much, and that is on purpose.",
    products,
  );
}
