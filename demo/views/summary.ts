import { type Cart, type CartTotals, FREE_SHIPPING_FROM_MINOR, lineTotalMinor } from "../cart.ts";
import { findProduct } from "../catalogue.ts";
import { html, type Markup } from "../markup.ts";
import { formatMinor } from "../money.ts";
import { productPanel } from "./product-card.ts";

/** What is to be paid; `code` is named where nothing else on the page says it. */
export function totalsList(
  { subtotalMinor, discountMinor, shippingMinor, totalMinor }: CartTotals,
  code?: string,
): Markup {
  return html`<dl class="totals">
    <div>
      <dt>Subtotal</dt>
      <dd>${formatMinor(subtotalMinor)}</dd>
    </div>
    ${
      discountMinor > 0 &&
      html`<div class="totals-discount">
        <dt>
          Discount${code !== undefined && html`, <span class="code-name">code ${code}</span>`}
        </dt>
        <dd>−${formatMinor(discountMinor)}</dd>
      </div>`
    }
    <div>
      <dt>Delivery</dt>
      <dd>${shippingMinor === 0 ? "Free" : formatMinor(shippingMinor)}</dd>
    </div>
    <div class="totals-sum">
      <dt>Total</dt>
      <dd>${formatMinor(totalMinor)}</dd>
    </div>
  </dl>`;
}

/** How much is missing for free delivery, or that it is reached. */
export function deliveryHint(subtotalMinor: number): Markup {
  const missingMinor = FREE_SHIPPING_FROM_MINOR - subtotalMinor;
  return html`<p class="hint">
    ${missingMinor > 0 ? `${formatMinor(missingMinor)} more and delivery is free.` : "Delivery is free."}
  </p>`;
}

/** Cart lines as they cannot be changed any more. */
export function lineList(lines: Cart): Markup {
  return html`<ul class="summary-lines">
    ${lines.map((line) => {
      const product = findProduct(line.productId);
      if (product === undefined) return undefined;
      return html`<li>
        ${productPanel(product)}
        <span class="summary-name"
          >${product.name} <span class="hint">× ${line.quantity}</span></span
        >
        <span class="price">${formatMinor(lineTotalMinor(line))}</span>
      </li>`;
    })}
  </ul>`;
}
