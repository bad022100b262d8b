import { describe, expect, test } from "vitest";
import { cartAfter, EMPTY_ORDERS, ordersAfter, wishlistAfter } from "./cart.ts";

const kettle = { product_id: "k1", name: "Kettle", price: 49.95, currency: "EUR" };

describe("a cart", () => {
  test("adds up what is put in and taken out, in minor units", () => {
    const one = cartAfter(null, "Product Added", kettle, 1);
    const three = cartAfter(one ?? null, "Product Added", { ...kettle, quantity: 2 }, 2);
    expect(three).toMatchObject({
      items: [{ quantity: 3, priceMinor: 4_995 }],
      totalMinor: 14_985,
    });
    const none = cartAfter(three ?? null, "Product Removed", { product_id: "k1", quantity: 5 }, 3);
    expect(none).toMatchObject({ items: [], totalMinor: 0 });
  });

  test("is replaced by what the shop says it shows", () => {
    const props = {
      currency: "JPY",
      products: [{ product_id: "a", price: 1200, quantity: 2 }, "nonsense", null],
    };
    expect(cartAfter(null, "Cart Viewed", props, 1)).toMatchObject({
      currency: "JPY",
      totalMinor: 2_400,
      items: [{ productId: "a", quantity: 2, priceMinor: 1_200 }],
    });
  });

  test("is empty after an order, and untouched by other events", () => {
    expect(cartAfter(null, "Order Completed", {}, 1)).toBeNull();
    expect(cartAfter(null, "Page Liked", kettle, 1)).toBeUndefined();
    expect(cartAfter(null, "Product Added", { price: 3 }, 1)).toBeUndefined();
  });

  test("links that are none are not kept", () => {
    const cart = cartAfter(null, "Product Added", { ...kettle, url: "javascript:alert(1)" }, 1);
    expect(cart?.items[0]?.url).toBeNull();
  });
});

test("the wish-list holds each product once", () => {
  const once = wishlistAfter([], "Product Added to Wishlist", kettle) ?? [];
  const twice = wishlistAfter(once, "Product Added to Wishlist", kettle) ?? [];
  expect(twice).toHaveLength(1);
  expect(wishlistAfter(twice, "Product Removed from Wishlist", kettle)).toEqual([]);
});

test("an order counts once by its id, refunds subtract, currencies stay apart", () => {
  const first = ordersAfter(
    EMPTY_ORDERS,
    "Order Completed",
    { order_id: "1", total: 10, currency: "EUR" },
    1,
  );
  if (first === undefined) throw new Error("the order did not count");
  expect(
    ordersAfter(first, "Order Completed", { order_id: "1", total: 10, currency: "EUR" }, 2),
  ).toBeUndefined();
  const second = ordersAfter(
    first,
    "Order Completed",
    { transaction_id: "2", value: 500, currency: "JPY" },
    3,
  );
  if (second === undefined) throw new Error("the order did not count");
  const refunded = ordersAfter(
    second,
    "Order Refunded",
    { order_id: "1", total: 2.5, currency: "EUR" },
    4,
  );
  expect(refunded).toMatchObject({ count: 2 });
  expect(refunded?.totals).toEqual(
    expect.arrayContaining([
      { currency: "EUR", amountMinor: 750 },
      { currency: "JPY", amountMinor: 500 },
    ]),
  );
});
