import { quantityOf, totalsOf } from "../cart.ts";
import { findProduct } from "../catalogue.ts";
import { cartProperties } from "../event-properties.ts";
import { cartView } from "../views/cart-view.ts";
import { answerCodeForm, codeState } from "./code-form.ts";
import { showNotice } from "./notice.ts";
import { parley } from "./parley-queue.ts";
import { cart, changeQuantity } from "./shopper.ts";
import { showView } from "./view.ts";

/** What was typed gives way to what the cart holds. */
function showHeld(productId: string): void {
  const field = document.querySelector<HTMLInputElement>(`#quantity-${productId}`);
  if (field !== null) field.value = String(quantityOf(cart.read(), productId));
}

function setQuantity(productId: string, quantity: number): void {
  const product = findProduct(productId);
  if (product === undefined) return;
  changeQuantity(product, quantity);
  showHeld(productId);
  const now = quantityOf(cart.read(), productId);
  showNotice(now === 0 ? `${product.name} removed.` : `${product.name}: ${now}.`);
}

export function startCartPage(): void {
  const show = (): void => showView(cartView(cart.read(), codeState()));
  cart.listen(show);
  answerCodeForm(show);
  show();
  const shown = cart.read();
  parley(
    "track",
    "Cart Viewed",
    cartProperties(shown, totalsOf(shown).subtotalMinor, location.origin),
  );

  document.addEventListener("click", ({ target }) => {
    if (!(target instanceof Element)) return;
    const button = target.closest<HTMLElement>("[data-line][data-quantity]");
    if (button === null || button.getAttribute("aria-disabled") === "true") return;
    setQuantity(button.dataset.line ?? "", Number(button.dataset.quantity));
  });
  document.addEventListener("change", ({ target }) => {
    if (!(target instanceof HTMLInputElement) || target.dataset.line === undefined) return;
    const quantity = Number(target.value);
    const isSound = target.value.trim() !== "" && Number.isInteger(quantity);
    if (isSound) setQuantity(target.dataset.line, quantity);
    else showHeld(target.dataset.line);
  });
}
