import { paths } from "../addresses.ts";
import { totalsOf } from "../cart.ts";
import { detailsFrom } from "../checkout-details.ts";
import { cartProperties, orderProperties } from "../event-properties.ts";
import { orderIdFrom, placeOrder } from "../order.ts";
import { checkoutView, confirmationView } from "../views/checkout-view.ts";
import { answerCodeForm, codeState } from "./code-form.ts";
import { checkedValues } from "./form.ts";
import { isStorageLasting } from "./kept-value.ts";
import { parley } from "./parley-queue.ts";
import { account, cart, code, nextOrderId, orders, untoldOrderId } from "./shopper.ts";
import { focusTitle, showView } from "./view.ts";

/** One number per checkout, so that starting and completing can be told to belong together. */
function reserveOrderId(): string {
  const reserved = nextOrderId.read()[0];
  if (reserved !== undefined) return reserved;
  const id = orderIdFrom(crypto.getRandomValues(new Uint8Array(8)));
  nextOrderId.write([id]);
  return id;
}

/** Shows an order; the first time, tells the widget who ordered and what. */
function showConfirmation(orderId: string): void {
  const order = orders.read().find(({ id }) => id === orderId);
  showView(confirmationView(order));
  if (order === undefined || untoldOrderId.read()[0] !== orderId) return;
  untoldOrderId.write([]);
  parley("identify", { name: order.details.name, email: order.details.email });
  parley("track", "Order Completed", orderProperties(order, location.origin));
}

function complete(form: HTMLFormElement): void {
  const values = checkedValues(form);
  const bought = cart.read();
  if (values === undefined || bought.length === 0) return;
  const order = placeOrder(reserveOrderId(), Date.now(), bought, detailsFrom(values), code.read());
  orders.write([...orders.read(), order]);
  untoldOrderId.write([order.id]);
  nextOrderId.write([]);
  cart.write([]);
  code.write(undefined);
  if (isStorageLasting()) {
    location.assign(`${paths.confirmation}?${new URLSearchParams({ order: order.id })}`);
  } else {
    showConfirmation(order.id);
    focusTitle();
  }
}

export function startCheckoutPage(): void {
  const show = (): void => showView(checkoutView(cart.read(), account.read(), codeState()));
  const chosen = cart.read();
  show();
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
  if (chosen.length === 0) return;
  parley("track", "Checkout Started", {
    order_id: reserveOrderId(),
    ...(code.read() === undefined ? {} : { coupon: code.read() }),
    ...cartProperties(chosen, totalsOf(chosen).subtotalMinor, location.origin),
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.dataset.checkout === undefined) return;
    event.preventDefault();
    complete(form);
  });
  const showWhileOpen = (): void => {
    if (untoldOrderId.read().length === 0) show();
  };
  cart.listen(showWhileOpen);
  answerCodeForm(showWhileOpen);
}

export function startConfirmationPage(): void {
  showConfirmation(new URLSearchParams(location.search).get("order") ?? "");
}
