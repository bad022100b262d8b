import { type Cart, quantityOf, withQuantity } from "../cart.ts";
import type { Product } from "../catalogue.ts";
import { productProperties } from "../event-properties.ts";
import {
  readAccount,
  readCart,
  readCode,
  readOrders,
  readTexts,
  readWishlist,
} from "../stored-shapes.ts";
import { keepValue } from "./kept-value.ts";
import { parley } from "./parley-queue.ts";

/** Everything that the shop remembers of whoever uses this browser. */
export const cart = keepValue("cart", readCart);
/** The code that the next order uses. */
export const code = keepValue("code", readCode);
export const wishlist = keepValue("wishlist", readWishlist);
export const account = keepValue("account", readAccount);
export const orders = keepValue("orders", readOrders);
/** Emails that have signed in here before: the first time is a sign-up. */
export const knownEmails = keepValue("known-emails", readTexts);
/** The number that the next order will have, and the one whose completion is still to be told. */
export const nextOrderId = keepValue("next-order-id", readTexts);
export const untoldOrderId = keepValue("untold-order-id", readTexts);

/** Sets how many of a product are in the cart, tells the widget the difference, and returns it. */
export function changeQuantity(product: Product, quantity: number): number {
  const before: Cart = cart.read();
  const after = withQuantity(before, product.id, quantity);
  const difference = quantityOf(after, product.id) - quantityOf(before, product.id);
  cart.write(after);
  if (difference !== 0) {
    parley("track", difference > 0 ? "Product Added" : "Product Removed", {
      ...productProperties(product, location.origin),
      quantity: Math.abs(difference),
    });
  }
  return difference;
}

/** Puts a product on the wish-list or takes it off; returns whether it is on it now. */
export function toggleWish(product: Product): boolean {
  const saved = wishlist.read();
  const isSaved = saved.includes(product.id);
  wishlist.write(isSaved ? saved.filter((id) => id !== product.id) : [...saved, product.id]);
  parley(
    "track",
    isSaved ? "Product Removed from Wishlist" : "Product Added to Wishlist",
    productProperties(product, location.origin),
  );
  return !isSaved;
}
