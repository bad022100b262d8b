import { expect, test } from "vitest";
import { products } from "./catalogue.ts";
import { cartProperties, orderProperties, productProperties } from "./event-properties.ts";
import { orderIdFrom, placeOrder } from "./order.ts";

const ORIGIN = "https://shop.test";
const details = {
  name: "Ada Byron",
  email: "ada@example.com",
  street: "Quay 4",
  postcode: "9000",
  city: "Ghent",
  country: "Belgium",
};

test("a product is described with a decimal price, its currency and absolute addresses", () => {
  const sencha = products.find(({ slug }) => slug === "first-flush-sencha");
  expect(sencha && productProperties(sencha, ORIGIN)).toEqual({
    product_id: "KL-103",
    name: "First Flush Sencha",
    category: "Tea",
    price: 14.5,
    currency: "EUR",
    url: "https://shop.test/demo/product/first-flush-sencha/",
    image_url: "https://shop.test/demo/images/first-flush-sencha.svg",
  });
});

test("a cart is described by its value and its lines; unknown products are left out", () => {
  const cart = [
    { productId: "KL-502", quantity: 3 },
    { productId: "gone", quantity: 1 },
  ];
  expect(cartProperties(cart, 2070, ORIGIN)).toEqual({
    currency: "EUR",
    value: 20.7,
    products: [
      {
        product_id: "KL-502",
        name: "Bamboo Scoop",
        price: 6.9,
        quantity: 3,
        url: "https://shop.test/demo/product/bamboo-scoop/",
        image_url: "https://shop.test/demo/images/bamboo-scoop.svg",
      },
    ],
  });
});

test("an order is described in decimal euros and keeps its number", () => {
  const id = orderIdFrom(new Uint8Array([0, 1, 2, 3, 30, 31, 32, 255]));
  expect(id).toMatch(/^KL-[2-9A-HJKMNP-Z]{8}$/);
  const order = placeOrder(id, 0, [{ productId: "KL-101", quantity: 2 }], details);
  expect(orderProperties(order, ORIGIN)).toMatchObject({
    order_id: id,
    total: 24.5,
    subtotal: 19.6,
    shipping: 4.9,
    discount: 0,
    currency: "EUR",
    products: [{ product_id: "KL-101", price: 9.8, quantity: 2 }],
  });
  expect(orderProperties(order, ORIGIN)).not.toHaveProperty("coupon");
});

test("an order with a code says which, what it took off, and what is paid in the end", () => {
  const lines = [{ productId: "KL-101", quantity: 2 }];
  const order = placeOrder("KL-1", 0, lines, details, "TEA10-7QX2M9PD");
  expect(orderProperties(order, ORIGIN)).toMatchObject({
    coupon: "TEA10-7QX2M9PD",
    subtotal: 19.6,
    discount: 1.96,
    shipping: 4.9,
    total: 22.54,
  });
});
