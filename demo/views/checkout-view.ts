import { paths } from "../addresses.ts";
import { type Cart, totalsOf } from "../cart.ts";
import { html, type Markup } from "../markup.ts";
import { formatMinor } from "../money.ts";
import type { Order } from "../order.ts";
import type { Account } from "../stored-shapes.ts";
import { codePart, type CodeState } from "./code-part.ts";
import { emptyView } from "./empty-view.ts";
import { problemSummary, selectField, textField } from "./form-field.ts";
import { lineList, totalsList } from "./summary.ts";

const countries = [
  "Belgium",
  "Austria",
  "Denmark",
  "Estonia",
  "Finland",
  "France",
  "Germany",
  "Ireland",
  "Italy",
  "Latvia",
  "Lithuania",
  "Luxembourg",
  "Netherlands",
  "Poland",
  "Portugal",
  "Spain",
  "Sweden",
];

export function checkoutView(
  cart: Cart,
  account: Account | undefined,
  codeState: CodeState,
): Markup {
  if (cart.length === 0) {
    return emptyView({
      title: "Nothing to check out",
      text: "Your cart is empty. Choose something first.",
      illustration: "deep-infuser-basket",
      link: ["Look around", paths.everything],
    });
  }
  const totals = totalsOf(cart, codeState.code);
  return html`<h1 class="view-title">Checkout</h1>
    <div class="with-aside">
      <form class="form" data-checkout novalidate>
        ${problemSummary}
        <fieldset>
          <legend>Contact</legend>
          ${textField({ name: "email", label: "Email", type: "email", autocomplete: "email", value: account?.email })}
          ${
            account === undefined &&
            html`<p class="hint">
              You order as a guest. Have an account? <a href="${paths.account}">Sign in</a>
            </p>`
          }
        </fieldset>
        <fieldset>
          <legend>Delivery</legend>
          ${textField({ name: "name", label: "Full name", autocomplete: "name", value: account?.name })}
          ${textField({ name: "street", label: "Street and number", autocomplete: "street-address" })}
          <div class="field-row">
            ${textField({ name: "postcode", label: "Postcode", autocomplete: "postal-code", width: "narrow" })}
            ${textField({ name: "city", label: "Town or city", autocomplete: "address-level2", width: "wide" })}
          </div>
          ${selectField("country", "Country", "country-name", countries)}
        </fieldset>
        <fieldset>
          <legend>Payment</legend>
          <p class="payment">
            <strong>Pay later, by invoice</strong>
            <span class="hint"
              >This is a demonstration shop: nothing is charged and nothing is sent.</span
            >
          </p>
        </fieldset>
        <button class="button button-wide" type="submit">
          Place order, ${formatMinor(totals.totalMinor)}
        </button>
      </form>
      <section class="aside" aria-labelledby="summary-title">
        <h2 id="summary-title">Your order</h2>
        ${lineList(cart)} ${codePart(codeState)} ${totalsList(totals)}
        <p class="hint"><a href="${paths.cart}">Change the cart</a></p>
      </section>
    </div>`;
}

export function confirmationView(order: Order | undefined): Markup {
  if (order === undefined) {
    return emptyView({
      title: "We cannot find this order",
      text: "Orders are kept in the browser that placed them.",
      illustration: "linden-caddy",
      link: ["Back to the shop", paths.home],
    });
  }
  const { details } = order;
  return html`<div class="page-head">
      <p class="eyebrow">Order ${order.id}</p>
      <h1 tabindex="-1">Thank you, ${details.name.split(" ")[0]}</h1>
      <p class="lead">
        Your order is in. We pack it within one working day and it should be with you in two to
        four.
      </p>
    </div>
    <div class="with-aside">
      <div class="prose">
        <h2>Going to</h2>
        <address>
          ${details.name}<br />
          ${details.street}<br />
          ${details.postcode} ${details.city}<br />
          ${details.country}
        </address>
        <h2>What happens next</h2>
        <p>
          In a real shop a confirmation would now be on its way to ${details.email}. This one is a
          demonstration, so nothing is charged and nothing is sent.
        </p>
        <p>
          Something to change?
          <button class="link-button" type="button" data-open-chat>Write to us</button>
        </p>
        <p><a class="button" href="${paths.home}">Back to the shop</a></p>
      </div>
      <section class="aside" aria-labelledby="summary-title">
        <h2 id="summary-title">Your order</h2>
        ${lineList(order.lines)} ${totalsList(order, order.code)}
      </section>
    </div>`;
}
