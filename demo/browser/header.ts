import { countItems } from "../cart.ts";
import { account, cart, wishlist } from "./shopper.ts";

function showCount(name: string, count: number): void {
  const badge = document.querySelector<HTMLElement>(`[data-count="${name}"]`);
  const words = document.querySelector(`[data-count-words="${name}"]`);
  if (badge === null || words === null) return;
  badge.hidden = count === 0;
  badge.textContent = String(count);
  words.textContent = count === 0 ? ", empty" : `, ${count === 1 ? "1 item" : `${count} items`}`;
}

/** Keeps the counters of the header, and the hearts all over the page, true. */
export function keepHeaderTrue(): void {
  const showCart = (): void => showCount("cart", countItems(cart.read()));
  const showWishes = (): void => {
    showCount("wishlist", wishlist.read().length);
    showWishButtons();
  };
  const showAccount = (): void => {
    const words = document.querySelector("[data-account-words]");
    const holder = account.read();
    if (words !== null)
      words.textContent = holder === undefined ? "" : `, signed in as ${holder.name}`;
  };
  cart.listen(showCart);
  wishlist.listen(showWishes);
  account.listen(showAccount);
  showCart();
  showWishes();
  showAccount();
}

/** Marks every heart on the page as pressed or not. */
export function showWishButtons(): void {
  const saved = wishlist.read();
  for (const button of document.querySelectorAll<HTMLElement>("[data-wish]")) {
    const isSaved = saved.includes(button.dataset.wish ?? "");
    button.setAttribute("aria-pressed", String(isSaved));
    const words = button.querySelector("[data-wish-words]");
    if (words !== null) words.textContent = isSaved ? "On your wish-list" : "Save to wish-list";
  }
}
