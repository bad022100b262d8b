import { type Cart, withQuantity } from "./cart.ts";
import { findProduct } from "./catalogue.ts";
import { type CheckoutDetails, detailsFrom } from "./checkout-details.ts";
import { isCode } from "./code.ts";
import type { Order } from "./order.ts";

export type Account = { name: string; email: string };

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function numberOf(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}

/** A cart from whatever the browser kept; products that are no longer sold are left out. */
export function readCart(value: unknown): Cart {
  return listOf(value).reduce<Cart>((cart, line) => {
    if (!isRecord(line) || findProduct(textOf(line.productId)) === undefined) return cart;
    return withQuantity(cart, textOf(line.productId), numberOf(line.quantity));
  }, []);
}

/** Product ids of a wish-list, each once. */
export function readWishlist(value: unknown): readonly string[] {
  return [...new Set(listOf(value).map(textOf))].filter((id) => findProduct(id) !== undefined);
}

export function readAccount(value: unknown): Account | undefined {
  if (!isRecord(value) || textOf(value.email) === "") return undefined;
  return { name: textOf(value.name), email: textOf(value.email) };
}

/** A code that the shop knows. */
export function readCode(value: unknown): string | undefined {
  const code = textOf(value);
  return isCode(code) ? code : undefined;
}

export function readTexts(value: unknown): readonly string[] {
  return listOf(value).map(textOf).filter(Boolean);
}

function readDetails(value: unknown): CheckoutDetails {
  const entries = isRecord(value) ? Object.entries(value) : [];
  return detailsFrom(new Map(entries.map(([field, text]) => [field, textOf(text)])));
}

export function readOrders(value: unknown): readonly Order[] {
  return listOf(value).flatMap((order) => {
    if (!isRecord(order) || textOf(order.id) === "") return [];
    return [
      {
        id: textOf(order.id),
        placedAt: numberOf(order.placedAt),
        details: readDetails(order.details),
        lines: readCart(order.lines),
        code: readCode(order.code),
        subtotalMinor: numberOf(order.subtotalMinor),
        discountMinor: numberOf(order.discountMinor),
        shippingMinor: numberOf(order.shippingMinor),
        totalMinor: numberOf(order.totalMinor),
      },
    ];
  });
}
