import { categoryPath, paths } from "../addresses.ts";
import { FREE_SHIPPING_FROM_MINOR, MAX_QUANTITY } from "../cart.ts";
import { categoryName, type Product, products } from "../catalogue.ts";
import { html } from "../markup.ts";
import { formatBriefly, formatMinor } from "../money.ts";
import { productGrid, productPanel } from "../views/product-card.ts";
import { breadcrumbs } from "./breadcrumbs.ts";
import { heartIcon, parcelIcon, returnIcon, talkIcon } from "./icons.ts";
import { renderPage } from "./layout.ts";

/** Others to look at: two of the same kind and two of another, not the same on every page. */
function companionsOf(product: Product): Product[] {
  const start = products.indexOf(product) + 1;
  const others = [...products.slice(start), ...products.slice(0, start - 1)];
  const near = others.filter((other) => other.category === product.category);
  const far = others.filter((other) => other.category !== product.category && other.isFeatured);
  return [...near.slice(0, 2), ...far.slice(0, 2)];
}

const quantities = Array.from({ length: MAX_QUANTITY }, (_, index) => index + 1);

export function renderProduct(product: Product): string {
  const category = categoryName(product.category);
  const isDeliveryFree = product.priceMinor >= FREE_SHIPPING_FROM_MINOR;
  return renderPage({
    kind: "product",
    title: product.name,
    description: product.summary,
    category: product.category,
    subject: product.id,
    main: html`<div class="wrap">
      ${breadcrumbs([[category, categoryPath(product.category)]], product.name)}
      <article class="product">
        <div class="product-picture">
          ${productPanel(product, `Drawing of ${product.name}`)}
          ${product.badge !== undefined && html`<span class="badge">${product.badge}</span>`}
        </div>
        <div class="product-words">
          <h1>${product.name}</h1>
          <p class="lead">${product.summary}</p>
          <p class="price price-large">${formatMinor(product.priceMinor)}</p>
          <form class="buy" data-buy="${product.id}">
            <label class="buy-quantity">
              <span>Quantity</span>
              <select name="quantity">
                ${quantities.map((quantity) => html`<option value="${quantity}">${quantity}</option>`)}
              </select>
            </label>
            <button class="button" type="submit">Add to cart</button>
            <button
              class="button button-quiet wish-wide"
              type="button"
              data-wish="${product.id}"
              aria-pressed="false"
            >
              ${heartIcon} <span data-wish-words>Save to wish-list</span>
            </button>
          </form>
          <button class="ask-button" type="button" data-open-chat>
            ${talkIcon} Ask us about this
          </button>
          <ul class="assurances">
            <li>
              ${parcelIcon}
              ${isDeliveryFree ? "Delivered free" : `Free delivery from ${formatBriefly(FREE_SHIPPING_FROM_MINOR)}`},
              in two to four working days
            </li>
            <li>
              ${returnIcon}
              <span><a href="${paths.delivery}">Thirty days to change your mind</a></span>
            </li>
          </ul>
        </div>
        <div class="product-details">
          <div class="prose">
            <h2>About it</h2>
            ${product.description.map((paragraph) => html`<p>${paragraph}</p>`)}
          </div>
          <div>
            <h2>Good to know</h2>
            <dl class="facts">
              ${product.facts.map(
                ([label, value]) =>
                  html`<div>
                    <dt>${label}</dt>
                    <dd>${value}</dd>
                  </div>`,
              )}
              <div>
                <dt>Item</dt>
                <dd>${product.id}</dd>
              </div>
            </dl>
          </div>
        </div>
      </article>
      <section class="section" aria-labelledby="companions-title">
        <h2 id="companions-title">You may also like</h2>
        ${productGrid(companionsOf(product))}
      </section>
    </div>`,
  });
}
