import { describe, expect, test } from "vitest";
import * as fc from "fast-check";
import {
  type Cart,
  countItems,
  FREE_SHIPPING_FROM_MINOR,
  MAX_QUANTITY,
  quantityOf,
  SHIPPING_MINOR,
  totalsOf,
  withQuantity,
} from "./cart.ts";
import { products } from "./catalogue.ts";

const productIds = products.map(({ id }) => id);

const changes = fc.array(
  fc.record({
    productId: fc.constantFrom(...productIds),
    quantity: fc.oneof(fc.integer({ min: -5, max: 40 }), fc.constant(Number.NaN), fc.double()),
  }),
);

function cartAfter(list: readonly { productId: string; quantity: number }[]): Cart {
  return list.reduce<Cart>(
    (cart, { productId, quantity }) => withQuantity(cart, productId, quantity),
    [],
  );
}

describe("cart", () => {
  test("setting a quantity adds, changes, caps and removes a line", () => {
    const one = withQuantity([], "KL-101", 2);
    expect(one).toEqual([{ productId: "KL-101", quantity: 2 }]);
    const two = withQuantity(one, "KL-401", 1);
    expect(withQuantity(two, "KL-101", 5)).toEqual([
      { productId: "KL-101", quantity: 5 },
      { productId: "KL-401", quantity: 1 },
    ]);
    expect(quantityOf(withQuantity(two, "KL-101", 99), "KL-101")).toBe(MAX_QUANTITY);
    expect(withQuantity(two, "KL-101", 0)).toEqual([{ productId: "KL-401", quantity: 1 }]);
  });

  test("after any changes there is one line per product with a whole quantity within the limit", () => {
    fc.assert(
      fc.property(changes, (list) => {
        const cart = cartAfter(list);
        expect(new Set(cart.map(({ productId }) => productId)).size).toBe(cart.length);
        for (const { quantity } of cart) {
          expect(Number.isInteger(quantity)).toBe(true);
          expect(quantity).toBeGreaterThanOrEqual(1);
          expect(quantity).toBeLessThanOrEqual(MAX_QUANTITY);
        }
        expect(countItems(cart)).toBe(cart.reduce((sum, { quantity }) => sum + quantity, 0));
      }),
    );
  });
});

describe("totals", () => {
  test("an empty cart costs nothing, not even delivery", () => {
    expect(totalsOf([])).toEqual({
      subtotalMinor: 0,
      discountMinor: 0,
      shippingMinor: 0,
      totalMinor: 0,
    });
  });

  test("delivery is added below the limit", () => {
    expect(totalsOf([{ productId: "KL-103", quantity: 3 }])).toEqual({
      subtotalMinor: 4350,
      discountMinor: 0,
      shippingMinor: SHIPPING_MINOR,
      totalMinor: 4350 + SHIPPING_MINOR,
    });
  });

  test("a code comes off the goods, and never off the delivery", () => {
    expect(totalsOf([{ productId: "KL-103", quantity: 3 }], "TEA10-7QX2M9PD")).toEqual({
      subtotalMinor: 4350,
      discountMinor: 435,
      shippingMinor: SHIPPING_MINOR,
      totalMinor: 4350 - 435 + SHIPPING_MINOR,
    });
  });

  test("delivery is free exactly from the limit on", () => {
    const atLimit = [
      { productId: "KL-401", quantity: 1 },
      { productId: "KL-107", quantity: 2 },
      { productId: "KL-504", quantity: 1 },
    ];
    const below = totalsOf(atLimit.slice(0, 2));
    expect(below.shippingMinor).toBe(SHIPPING_MINOR);
    expect(totalsOf(atLimit).subtotalMinor).toBeGreaterThanOrEqual(FREE_SHIPPING_FROM_MINOR);
    expect(totalsOf(atLimit).shippingMinor).toBe(0);
  });

  test("totals are whole cents for any cart", () => {
    fc.assert(
      fc.property(changes, (list) => {
        const { subtotalMinor, shippingMinor, totalMinor } = totalsOf(cartAfter(list));
        expect(Number.isInteger(totalMinor)).toBe(true);
        expect(totalMinor).toBe(subtotalMinor + shippingMinor);
      }),
    );
  });
});
