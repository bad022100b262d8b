import { paths } from "../addresses.ts";
import { MAX_QUANTITY, quantityOf } from "../cart.ts";
import { findProduct } from "../catalogue.ts";
import { showNotice } from "./notice.ts";
import { parley } from "./parley-queue.ts";
import { cart, changeQuantity, toggleWish } from "./shopper.ts";

function add(productId: string, quantity: number): void {
  const product = findProduct(productId);
  if (product === undefined) return;
  const added = changeQuantity(product, quantityOf(cart.read(), productId) + quantity);
  const amount = added === 1 ? product.name : `${added} × ${product.name}`;
  showNotice(
    added === 0
      ? `${MAX_QUANTITY} of one thing is the most we can send at once.`
      : `${amount} added.`,
    { words: "Go to cart", path: paths.cart },
  );
}

function wish(productId: string): void {
  const product = findProduct(productId);
  if (product === undefined) return;
  const isSaved = toggleWish(product);
  showNotice(
    `${product.name} ${isSaved ? "saved." : "taken off your wish-list."}`,
    isSaved ? { words: "See wish-list", path: paths.wishlist } : undefined,
  );
}

/** Answers every button that adds, saves or opens the chat, wherever it stands. */
export function answerProductButtons(): void {
  document.addEventListener("click", ({ target }) => {
    if (!(target instanceof Element)) return;
    const button = target.closest<HTMLElement>("[data-add], [data-wish], [data-open-chat]");
    if (button === null) return;
    if (button.dataset.add !== undefined) add(button.dataset.add, 1);
    else if (button.dataset.wish !== undefined) wish(button.dataset.wish);
    else parley("open");
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.dataset.buy === undefined) return;
    event.preventDefault();
    add(form.dataset.buy, Number(new FormData(form).get("quantity")));
  });
}
