import { paths } from "../addresses.ts";
import { countItems } from "../cart.ts";
import { html, type Markup } from "../markup.ts";
import { formatMinor } from "../money.ts";
import type { Order } from "../order.ts";
import type { Account } from "../stored-shapes.ts";
import { problemSummary, textField } from "./form-field.ts";

const dates = new Intl.DateTimeFormat("en-GB", { dateStyle: "long" });

export function signInView(): Markup {
  return html`<div class="narrow">
    <h1 class="view-title" tabindex="-1">Sign in or join</h1>
    <p class="lead">Your name and email are enough. There is no password to remember.</p>
    <form class="form" data-sign-in novalidate>
      ${problemSummary} ${textField({ name: "name", label: "Name", autocomplete: "name" })}
      ${textField({ name: "email", label: "Email", type: "email", autocomplete: "email" })}
      <button class="button button-wide" type="submit">Continue</button>
      <p class="hint">
        A demonstration: nobody checks that the address is yours. The account is kept in this
        browser, and the chat knows you by it.
      </p>
    </form>
  </div>`;
}

function orderRow(order: Order): Markup {
  const count = countItems(order.lines);
  return html`<li>
    <a href="${paths.confirmation}?${new URLSearchParams({ order: order.id }).toString()}"
      >${order.id}</a
    >
    <span class="hint"
      >${dates.format(order.placedAt)}, ${count === 1 ? "1 item" : `${count} items`}</span
    >
    <span class="price">${formatMinor(order.totalMinor)}</span>
  </li>`;
}

export function accountView({ name, email }: Account, orders: readonly Order[]): Markup {
  return html`<div class="narrow">
    <h1 class="view-title" tabindex="-1">Hello, ${name.split(" ")[0]}</h1>
    <p class="lead">Signed in as ${email}</p>
    <h2>Orders</h2>
    ${
      orders.length === 0
        ? html`<p>
            Your orders will be listed here. <a href="${paths.everything}">Look around</a>
          </p>`
        : html`<ul class="order-rows">
            ${[...orders].reverse().map(orderRow)}
          </ul>`
    }
    <h2>On this browser</h2>
    <p class="account-links">
      <a href="${paths.wishlist}">Wish-list</a> <a href="${paths.cart}">Cart</a>
    </p>
    <button class="button button-quiet" type="button" data-sign-out>Sign out</button>
    <p class="hint">
      Signing out also empties the cart, the wish-list and the orders in this browser.
    </p>
  </div>`;
}
