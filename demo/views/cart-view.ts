import { paths, productPath } from "../addresses.ts";
import { type Cart, type CartLine, lineTotalMinor, MAX_QUANTITY, totalsOf } from "../cart.ts";
import { findProduct } from "../catalogue.ts";
import { html, type Markup } from "../markup.ts";
import { formatMinor } from "../money.ts";
import { codePart, type CodeState } from "./code-part.ts";
import { emptyView } from "./empty-view.ts";
import { productPanel } from "./product-card.ts";
import { deliveryHint, totalsList } from "./summary.ts";

function stepButton(sign: string, words: string, productId: string, quantity: number): Markup {
  const isPossible = quantity >= 1 && quantity <= MAX_QUANTITY;
  const name = sign === "+" ? "more" : "less";
  return html`<button
    type="button"
    id="${name}-${productId}"
    data-quantity="${quantity}"
    data-line="${productId}"
    aria-label="${words}"
    ${!isPossible && html`aria-disabled="true"`}
  >
    ${sign}
  </button>`;
}

function cartRow(line: CartLine): Markup | undefined {
  const product = findProduct(line.productId);
  if (product === undefined) return undefined;
  const { id, name } = product;
  return html`<li class="cart-row">
    ${productPanel(product)}
    <div class="cart-row-words">
      <h2><a href="${productPath(product.slug)}">${name}</a></h2>
      <p class="hint">${formatMinor(product.priceMinor)} each</p>
    </div>
    <div class="stepper" role="group" aria-label="Quantity of ${name}">
      ${stepButton("−", `One less of ${name}`, id, line.quantity - 1)}
      <input
        id="quantity-${id}"
        type="text"
        inputmode="numeric"
        pattern="[0-9]*"
        maxlength="2"
        value="${line.quantity}"
        data-line="${id}"
        aria-label="Quantity of ${name}"
        autocomplete="off"
      />
      ${stepButton("+", `One more of ${name}`, id, line.quantity + 1)}
    </div>
    <p class="price">${formatMinor(lineTotalMinor(line))}</p>
    <button class="link-button cart-remove" type="button" data-quantity="0" data-line="${id}">
      Remove<span class="visually-hidden"> ${name}</span>
    </button>
  </li>`;
}

export function cartView(cart: Cart, codeState: CodeState): Markup {
  if (cart.length === 0) {
    return emptyView({
      title: "Your cart is empty",
      text: "What you add will wait here, also when you close the page.",
      illustration: "slow-morning-mug",
      link: ["Look around", paths.everything],
    });
  }
  const totals = totalsOf(cart, codeState.code);
  return html`<h1 class="view-title" tabindex="-1">Your cart</h1>
    <div class="with-aside">
      <ul class="cart-rows">
        ${cart.map(cartRow)}
      </ul>
      <section class="aside" aria-labelledby="summary-title">
        <h2 id="summary-title">Summary</h2>
        ${codePart(codeState)} ${totalsList(totals)} ${deliveryHint(totals.subtotalMinor)}
        <a class="button button-wide" href="${paths.checkout}">Go to checkout</a>
        <p class="hint">
          A question first?
          <button class="link-button" type="button" data-open-chat>Write to us</button>
        </p>
      </section>
    </div>`;
}
