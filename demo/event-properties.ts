import { imagePath, productPath } from "./addresses.ts";
import type { Cart } from "./cart.ts";
import { categoryName, findProduct, type Product } from "./catalogue.ts";
import { CURRENCY, decimalOf } from "./money.ts";
import type { Order } from "./order.ts";

type ItemProperties = {
  product_id: string;
  name: string;
  price: number;
  url: string;
  image_url: string;
};

/** What an event says about one product; addresses are absolute on the given origin. */
export function productProperties(
  product: Product,
  origin: string,
): ItemProperties & { category: string; currency: string } {
  return {
    product_id: product.id,
    name: product.name,
    category: categoryName(product.category),
    price: product.price,
    currency: CURRENCY,
    url: origin + productPath(product.slug),
    image_url: origin + imagePath(product.illustration),
  };
}

function itemsOf(cart: Cart, origin: string): (ItemProperties & { quantity: number })[] {
  return cart.flatMap(({ productId, quantity }) => {
    const product = findProduct(productId);
    if (product === undefined) return [];
    const {
      category: _category,
      currency: _currency,
      ...item
    } = productProperties(product, origin);
    return [{ ...item, quantity }];
  });
}

/** What an event says about a whole cart; the value is the decimal subtotal. */
export function cartProperties(
  cart: Cart,
  subtotalMinor: number,
  origin: string,
): { currency: string; value: number; products: (ItemProperties & { quantity: number })[] } {
  return {
    currency: CURRENCY,
    value: decimalOf(subtotalMinor),
    products: itemsOf(cart, origin),
  };
}

export function orderProperties(order: Order, origin: string): Record<string, unknown> {
  return {
    order_id: order.id,
    total: decimalOf(order.totalMinor),
    subtotal: decimalOf(order.subtotalMinor),
    ...(order.code === undefined ? {} : { coupon: order.code }),
    discount: decimalOf(order.discountMinor),
    shipping: decimalOf(order.shippingMinor),
    currency: CURRENCY,
    products: itemsOf(order.lines, origin),
  };
}
