import { EVENTS } from "../../protocol/facts.ts";
import type { Json } from "../../protocol/json.ts";
import type { Cart, CartItem, Money } from "../../protocol/person.ts";
import { toMinor } from "../money/minor.ts";

/** What an event says of cart, wish-list and orders. Accepts Segment's, GA4's and Carrot Quest's spellings. */

export type Wishlist = { productId: string; name: string; url: string | null }[];
export type Orders = { count: number; totals: Money[]; lastAt: number | null; ids: string[] };

/** Items a cart remembers; further ones are left out of the operator's card. */
export const CART_ITEMS_MAX = 100;
/** Order ids kept so that an order counts once. */
const ORDER_IDS_MAX = 500;

type Props = { readonly [key: string]: Json };

export const EMPTY_ORDERS: Orders = { count: 0, totals: [], lastAt: null, ids: [] };

/** The cart after an event, or undefined if the event says nothing of it. */
export function cartAfter(
  cart: Cart | null,
  event: string,
  props: Props,
  at: number,
): Cart | null | undefined {
  switch (event) {
    case EVENTS.productAdded:
      return withItem(cart, props, 1, at);
    case EVENTS.productRemoved:
      return withItem(cart, props, -1, at);
    case EVENTS.cartViewed:
    case EVENTS.checkoutStarted: {
      const products = productsOf(props);
      return products === null
        ? undefined
        : priced(products, currencyOf(props) ?? cart?.currency ?? null, at);
    }
    case EVENTS.orderCompleted:
      return null;
    default:
      return undefined;
  }
}

export function wishlistAfter(list: Wishlist, event: string, props: Props): Wishlist | undefined {
  if (event !== EVENTS.addedToWishlist && event !== EVENTS.removedFromWishlist) return undefined;
  const item = itemOf(props);
  if (item === null) return undefined;
  const others = list.filter((one) => one.productId !== item.productId);
  if (event === EVENTS.removedFromWishlist) return others;
  return [...others, { productId: item.productId, name: item.name, url: item.url }].slice(
    -CART_ITEMS_MAX,
  );
}

/** Orders count once by their id; refunds subtract. */
export function ordersAfter(
  orders: Orders,
  event: string,
  props: Props,
  at: number,
): Orders | undefined {
  if (event === EVENTS.orderCompleted) {
    const id = orderIdOf(props);
    if (id === null || orders.ids.includes(id)) return undefined;
    return {
      count: orders.count + 1,
      totals: plus(orders.totals, amountOf(props), 1),
      lastAt: at,
      ids: [...orders.ids, id].slice(-ORDER_IDS_MAX),
    };
  }
  if (event === EVENTS.orderRefunded) {
    return { ...orders, totals: plus(orders.totals, amountOf(props), -1) };
  }
  return undefined;
}

/** Without orders that were counted and are counted elsewhere, given by what their events said. */
export function ordersWithout(orders: Orders, placed: readonly Props[]): Orders {
  const ids = new Set(placed.map(orderIdOf));
  return {
    count: orders.count - placed.length,
    totals: placed.reduce((left, props) => plus(left, amountOf(props), -1), orders.totals),
    lastAt: orders.lastAt,
    ids: orders.ids.filter((id) => !ids.has(id)),
  };
}

/** The id of the order that an event is about, in any spelling; null where it names none. */
export function orderIdOf(props: Props): string | null {
  return text(props["order_id"] ?? props["transaction_id"] ?? props["$order_id"]);
}

/** The total that an event names; null without a currency. */
export function amountOf(props: Props): Money | null {
  const currency = currencyOf(props);
  if (currency === null) return null;
  const minor = toMinor(
    props["total"] ?? props["revenue"] ?? props["value"] ?? props["$order_amount"],
    currency,
  );
  return minor === null ? null : { amountMinor: minor, currency };
}

function plus(totals: Money[], amount: Money | null, sign: 1 | -1): Money[] {
  if (amount === null) return totals;
  const before = totals.find((one) => one.currency === amount.currency)?.amountMinor ?? 0;
  const others = totals.filter((one) => one.currency !== amount.currency);
  return [
    ...others,
    { currency: amount.currency, amountMinor: before + sign * amount.amountMinor },
  ];
}

function withItem(cart: Cart | null, props: Props, sign: 1 | -1, at: number): Cart | undefined {
  const item = itemOf(props);
  if (item === null) return undefined;
  const items = cart?.items ?? [];
  const before = items.find((one) => one.productId === item.productId);
  const quantity = (before?.quantity ?? 0) + sign * item.quantity;
  const merged = {
    ...before,
    ...item,
    quantity,
    priceMinor: item.priceMinor ?? before?.priceMinor ?? null,
  };
  const rest =
    before === undefined
      ? [...items, merged]
      : items.map((one) => (one.productId === item.productId ? merged : one));
  return priced(
    rest.filter((one) => one.quantity > 0),
    currencyOf(props) ?? cart?.currency ?? null,
    at,
  );
}

function priced(items: CartItem[], currency: string | null, at: number): Cart {
  const kept = items.slice(0, CART_ITEMS_MAX);
  const totalMinor = kept.reduce((sum, item) => sum + (item.priceMinor ?? 0) * item.quantity, 0);
  return { items: kept, currency, totalMinor, changedAt: at };
}

function productsOf(props: Props): CartItem[] | null {
  const list = props["products"] ?? props["items"] ?? props["$items"];
  if (!Array.isArray(list)) return null;
  const currency = props["currency"] ?? null;
  return list.flatMap((one) => {
    if (typeof one !== "object" || one === null || Array.isArray(one)) return [];
    return itemOf({ currency, ...one }) ?? [];
  });
}

function itemOf(props: Props): CartItem | null {
  const productId = text(props["product_id"] ?? props["item_id"] ?? props["sku"] ?? props["id"]);
  const name = text(props["name"] ?? props["item_name"] ?? props["$name"]) ?? productId;
  if (productId === null || name === null) return null;
  const quantity = Number(props["quantity"] ?? 1);
  return {
    productId,
    name,
    quantity:
      Number.isFinite(quantity) && quantity > 0 ? Math.min(Math.floor(quantity), 1_000_000) : 1,
    priceMinor: toMinor(props["price"] ?? props["$amount"], currencyOf(props)),
    url: link(props["url"] ?? props["$url"]),
    imageUrl: link(props["image_url"] ?? props["$img"]),
  };
}

/** The ISO 4217 code that an event names. */
export function currencyOf(props: Props): string | null {
  const currency = props["currency"];
  return typeof currency === "string" && /^[A-Za-z]{3}$/.test(currency)
    ? currency.toUpperCase()
    : null;
}

function text(value: Json | undefined): string | null {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value !== "" ? value.slice(0, 255) : null;
}

function link(value: Json | undefined): string | null {
  return typeof value === "string" && /^https?:\/\//.test(value) ? value.slice(0, 2_048) : null;
}
