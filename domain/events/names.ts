import { EVENTS } from "../../protocol/facts.ts";

/** Other products' spellings of the events that the product itself understands. Segment's names are canonical. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ["view_item", EVENTS.productViewed],
  ["$product_viewed", EVENTS.productViewed],
  ["ecommerce.product_viewed", EVENTS.productViewed],
  ["view_item_list", EVENTS.productListViewed],
  ["search", EVENTS.productsSearched],
  ["add_to_cart", EVENTS.productAdded],
  ["$cart_added", EVENTS.productAdded],
  ["remove_from_cart", EVENTS.productRemoved],
  ["view_cart", EVENTS.cartViewed],
  ["$cart_viewed", EVENTS.cartViewed],
  ["begin_checkout", EVENTS.checkoutStarted],
  ["$order_started", EVENTS.checkoutStarted],
  ["ecommerce.checkout_started", EVENTS.checkoutStarted],
  ["purchase", EVENTS.orderCompleted],
  ["$order_completed", EVENTS.orderCompleted],
  ["ecommerce.order_placed", EVENTS.orderCompleted],
  ["refund", EVENTS.orderRefunded],
  ["$order_refunded", EVENTS.orderRefunded],
  ["ecommerce.order_refunded", EVENTS.orderRefunded],
  ["add_to_wishlist", EVENTS.addedToWishlist],
  ["sign_up", EVENTS.signedUp],
  ["$registered", EVENTS.signedUp],
  ["login", EVENTS.signedIn],
  ["$authorized", EVENTS.signedIn],
]);

/** Names that only the product itself may give. */
const RESERVED: ReadonlySet<string> = new Set([EVENTS.pageViewed, EVENTS.sessionStarted]);

/** The canonical name of an event. */
export function canonicalName(name: string): string {
  return ALIASES.get(name) ?? name;
}

export function isReservedName(name: string): boolean {
  return RESERVED.has(name);
}
