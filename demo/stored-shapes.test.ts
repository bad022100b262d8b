import { describe, expect, test } from "vitest";
import * as fc from "fast-check";
import {
  readAccount,
  readCart,
  readCode,
  readOrders,
  readTexts,
  readWishlist,
} from "./stored-shapes.ts";

describe("what the browser kept", () => {
  test("a sound value comes back as it was", () => {
    expect(readCart([{ productId: "KL-101", quantity: 2 }])).toEqual([
      { productId: "KL-101", quantity: 2 },
    ]);
    expect(readWishlist(["KL-101", "KL-404"])).toEqual(["KL-101", "KL-404"]);
    expect(readAccount({ name: "Ada", email: "ada@example.com" })).toEqual({
      name: "Ada",
      email: "ada@example.com",
    });
  });

  test("products that are no longer sold, doubles and nonsense are left out", () => {
    expect(
      readCart([
        { productId: "KL-101", quantity: 500 },
        { productId: "gone", quantity: 1 },
        { productId: "KL-102", quantity: "3" },
        null,
      ]),
    ).toEqual([{ productId: "KL-101", quantity: 12 }]);
    expect(readWishlist(["KL-101", "KL-101", "gone", 7])).toEqual(["KL-101"]);
    expect(readAccount({ name: "Ada" })).toBeUndefined();
    expect(readOrders([{ id: "" }, "x", { id: "KL-2" }])).toMatchObject([
      { id: "KL-2", code: undefined, discountMinor: 0 },
    ]);
    expect([readCode("TEA10-7QX2M9PD"), readCode("SOLD-OUT")]).toEqual([
      "TEA10-7QX2M9PD",
      undefined,
    ]);
  });

  test("no value whatever makes reading fail", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        for (const read of [readCart, readWishlist, readAccount, readCode, readOrders, readTexts]) {
          expect(() => read(value)).not.toThrow();
        }
      }),
    );
  });
});
