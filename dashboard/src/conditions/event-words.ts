import type { EVENTS } from "../../../protocol/facts.ts";

/** Standard events as people say them: "looked at a product" in a sentence, "look at a product" after "did" and "did not". */
type EventWords = { did: string; todo: string };
type StandardEvent = (typeof EVENTS)[keyof typeof EVENTS];

const STANDARD: Record<StandardEvent, EventWords> = {
  "Page Viewed": { did: "viewed a page", todo: "view a page" },
  "Session Started": { did: "started a visit", todo: "start a visit" },
  "Products Searched": { did: "searched for something", todo: "search for something" },
  "Product Viewed": { did: "looked at a product", todo: "look at a product" },
  "Product List Viewed": { did: "looked through a list", todo: "look through a list" },
  "Product Added": {
    did: "put something into the cart",
    todo: "put something into the cart",
  },
  "Product Removed": {
    did: "took something out of the cart",
    todo: "take something out of the cart",
  },
  "Cart Viewed": { did: "looked at the cart", todo: "look at the cart" },
  "Product Added to Wishlist": {
    did: "put something on the wish-list",
    todo: "put something on the wish-list",
  },
  "Product Removed from Wishlist": {
    did: "took something off the wish-list",
    todo: "take something off the wish-list",
  },
  "Checkout Started": { did: "started the checkout", todo: "start the checkout" },
  "Order Completed": { did: "completed an order", todo: "complete an order" },
  "Order Refunded": { did: "was refunded", todo: "get a refund" },
  "Signed Up": { did: "signed up", todo: "sign up" },
  "Signed In": { did: "signed in", todo: "sign in" },
};

const isStandard = (name: string): name is StandardEvent => Object.hasOwn(STANDARD, name);

/** The standard events' names, in the order in which they happen in a shop. */
export const STANDARD_EVENTS: readonly string[] = Object.keys(STANDARD);

/** An event in words; one that is not standard keeps its name, in quotes. */
export function eventWords(name: string): EventWords {
  if (isStandard(name)) return STANDARD[name];
  return { did: `did “${name}”`, todo: `do “${name}”` };
}

/** What a list of events calls it: the words after "did", or the name alone. */
export const eventLabel = (name: string): string => (isStandard(name) ? STANDARD[name].todo : name);
