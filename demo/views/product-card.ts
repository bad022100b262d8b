import { imagePath, productPath } from "../addresses.ts";
import { categoryName, type Product } from "../catalogue.ts";
import { html, type Markup } from "../markup.ts";
import { formatMinor } from "../money.ts";
import { heartIcon } from "../pages/icons.ts";

/** A product's drawing on its coloured panel. */
export function productPanel(product: Product, alt = ""): Markup {
  return html`<span class="panel tint-${product.tint}">
    <img src="${imagePath(product.illustration)}" alt="${alt}" width="400" height="400" />
  </span>`;
}

function wishButton(product: Product): Markup {
  return html`<button
    class="wish-button"
    type="button"
    data-wish="${product.id}"
    aria-pressed="false"
    aria-label="Save ${product.name} to your wish-list"
  >
    ${heartIcon}
  </button>`;
}

/** A product in a grid: the whole card leads to its page; the two buttons stand above that link. */
function productCard(product: Product): Markup {
  return html`<li class="card">
    ${productPanel(product)}
    ${product.badge !== undefined && html`<span class="badge">${product.badge}</span>`}
    <div class="card-words">
      <p class="card-category">${categoryName(product.category)}</p>
      <h3><a class="card-link" href="${productPath(product.slug)}">${product.name}</a></h3>
      <p class="card-summary">${product.summary}</p>
    </div>
    <div class="card-foot">
      <p class="price">${formatMinor(product.priceMinor)}</p>
      <button class="add-button" type="button" data-add="${product.id}">
        Add<span class="visually-hidden"> ${product.name} to cart</span>
      </button>
    </div>
    ${wishButton(product)}
  </li>`;
}

export function productGrid(products: readonly Product[]): Markup {
  return html`<ul class="grid">
    ${products.map(productCard)}
  </ul>`;
}
