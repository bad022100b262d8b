import { type Cart, totalsOf } from "./cart.ts";
import type { CheckoutDetails } from "./checkout-details.ts";

/** An order as this browser remembers it; money in integer cents. */
export type Order = {
  id: string;
  placedAt: number;
  details: CheckoutDetails;
  lines: Cart;
  /** The code that was used. */
  code: string | undefined;
  subtotalMinor: number;
  discountMinor: number;
  shippingMinor: number;
  totalMinor: number;
};

/** Letters and digits that cannot be taken for one another when read aloud. */
const ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";

/** An order number such as "KL-7QX2M9PD" from eight random bytes. */
export function orderIdFrom(bytes: Uint8Array): string {
  const letters = Array.from(bytes, (byte) => ALPHABET[byte % ALPHABET.length]);
  return `KL-${letters.join("")}`;
}

export function placeOrder(
  id: string,
  placedAt: number,
  cart: Cart,
  details: CheckoutDetails,
  code?: string,
): Order {
  return { id, placedAt, details, lines: cart, code, ...totalsOf(cart, code) };
}
