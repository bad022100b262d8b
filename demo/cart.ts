import { findProduct } from "./catalogue.ts";
import { discountMinorOf } from "./code.ts";

export type CartLine = { productId: string; quantity: number };

/** At most one line per product, in the order in which they were first added. */
export type Cart = readonly CartLine[];

/** What a cart costs, in integer cents. */
export type CartTotals = {
  subtotalMinor: number;
  discountMinor: number;
  shippingMinor: number;
  totalMinor: number;
};

/** The most of one product that fits into one cart. */
export const MAX_QUANTITY = 12;

export const SHIPPING_MINOR = 490;

/** From this subtotal on, delivery costs nothing. */
export const FREE_SHIPPING_FROM_MINOR = 5000;

export function quantityOf(cart: Cart, productId: string): number {
  return cart.find((line) => line.productId === productId)?.quantity ?? 0;
}

/** The cart with exactly this many of a product; none removes the line, too many are capped. */
export function withQuantity(cart: Cart, productId: string, quantity: number): Cart {
  const kept = Math.min(MAX_QUANTITY, Math.max(0, Math.trunc(quantity) || 0));
  if (kept === 0) return cart.filter((line) => line.productId !== productId);
  if (quantityOf(cart, productId) === 0) return [...cart, { productId, quantity: kept }];
  return cart.map((line) => (line.productId === productId ? { productId, quantity: kept } : line));
}

export function countItems(cart: Cart): number {
  return cart.reduce((count, line) => count + line.quantity, 0);
}

/** What one line costs, in integer cents; an unknown product costs nothing. */
export function lineTotalMinor(line: CartLine): number {
  return (findProduct(line.productId)?.priceMinor ?? 0) * line.quantity;
}

/** What a cart costs, with what a code takes off the goods; whether delivery is free is asked before that. */
export function totalsOf(cart: Cart, code?: string): CartTotals {
  const subtotalMinor = cart.reduce((sum, line) => sum + lineTotalMinor(line), 0);
  const isFree = subtotalMinor === 0 || subtotalMinor >= FREE_SHIPPING_FROM_MINOR;
  const shippingMinor = isFree ? 0 : SHIPPING_MINOR;
  const discountMinor = discountMinorOf(code, subtotalMinor);
  const totalMinor = subtotalMinor - discountMinor + shippingMinor;
  return { subtotalMinor, discountMinor, shippingMinor, totalMinor };
}
