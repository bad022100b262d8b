import { EVENTS } from "../../protocol/facts.ts";
import type { DeliveryId } from "../../protocol/ids.ts";
import type { CartItem, Money } from "../../protocol/person.ts";
import type { ProductCard, ProductCardDefinition } from "../../protocol/triggers.ts";
import { cartAfter } from "../commerce/cart.ts";
import type { Occurrence, PersonView } from "../segments/person-view.ts";
import { cleanLine } from "../text/clean.ts";
import { hash128 } from "./hash.ts";
import { safeLink } from "./links.ts";

/** Letters and digits that cannot be taken for one another when read aloud. */
const CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
const CODE_LENGTH = 8;
const NAME_MAX = 200;

type Shown = Pick<ProductCard, "productId" | "name" | "url" | "imageUrl" | "price">;

/** The card as one person sees it; null when there is no such product. */
export function productCard(
  { product, discount, code }: ProductCardDefinition,
  view: PersonView,
  delivery: DeliveryId,
): ProductCard | null {
  const shown = productOf(product, view);
  if (shown === null) return null;
  const name = cleanLine(shown.name, NAME_MAX);
  if (name === "") return null;
  return {
    ...shown,
    name,
    url: shown.url === null ? null : safeLink(shown.url),
    imageUrl: shown.imageUrl === null ? null : safeLink(shown.imageUrl),
    discounted: discounted(shown.price, discount),
    code:
      code === null
        ? null
        : code.type === "fixed"
          ? code.code
          : personalCode(code.prefix, delivery),
  };
}

/** `PREFIX-` and eight characters that follow from the delivery: the same at every try, and nobody else's. */
export function personalCode(prefix: string, delivery: DeliveryId): string {
  const halves = hash128(`code|${delivery}`);
  let text = "";
  for (let i = 0; i < CODE_LENGTH; i++) {
    const half = halves[i % 4] ?? 0;
    text += CODE_ALPHABET.charAt((half >>> (8 * (i >> 2))) % CODE_ALPHABET.length);
  }
  return `${prefix}-${text}`;
}

function productOf(product: ProductCardDefinition["product"], view: PersonView): Shown | null {
  switch (product.from) {
    case "chosen":
      return { productId: null, ...withoutFrom(product) };
    case "cart": {
      const dearest = view.cart?.items.toSorted(
        (a, b) => (b.priceMinor ?? 0) - (a.priceMinor ?? 0),
      )[0];
      return dearest === undefined ? null : shownItem(dearest, view.cart?.currency ?? null);
    }
    case "viewed":
      return lastOf(view, EVENTS.productViewed);
    case "wishlist":
      return lastWished(view);
  }
}

function withoutFrom({
  name,
  url,
  imageUrl,
  price,
}: Extract<ProductCardDefinition["product"], { from: "chosen" }>): Omit<Shown, "productId"> {
  return { name, url, imageUrl, price };
}

function lastOf(view: PersonView, event: string): Shown | null {
  for (const occurrence of newestFirst(view, event)) {
    const shown = productIn(occurrence);
    if (shown !== null) return shown;
  }
  return null;
}

/** What was put on the wish-list last, and not taken off it since. */
function lastWished(view: PersonView): Shown | null {
  const removed = newestFirst(view, EVENTS.removedFromWishlist);
  for (const added of newestFirst(view, EVENTS.addedToWishlist)) {
    const shown = productIn(added);
    const isOff = removed.some(
      (one) => one.at >= added.at && productIn(one)?.productId === shown?.productId,
    );
    if (shown !== null && !isOff) return shown;
  }
  return null;
}

function newestFirst(view: PersonView, event: string): Occurrence[] {
  if (view.event(event) === undefined) return [];
  return [...view.history(event)].sort((a, b) => b.at - a.at);
}

/** The product that an event is about: it reads like a cart that the event fills. */
function productIn({ props, at }: Occurrence): Shown | null {
  const cart = cartAfter(null, EVENTS.productAdded, props, at);
  const item = cart?.items[0];
  return item === undefined ? null : shownItem(item, cart?.currency ?? null);
}

function shownItem(item: CartItem, currency: string | null): Shown {
  const { productId, name, url, imageUrl, priceMinor } = item;
  const price =
    priceMinor === null || currency === null ? null : { amountMinor: priceMinor, currency };
  return { productId, name, url, imageUrl, price };
}

/** A price of one's own, if it is really less than the usual one. */
function discounted(
  price: Money | null,
  discount: ProductCardDefinition["discount"],
): Money | null {
  if (discount === null) return null;
  if (discount.type === "price") {
    const { amountMinor, currency } = discount;
    const isLess =
      price === null || (price.currency === currency && amountMinor < price.amountMinor);
    return isLess ? { amountMinor, currency } : null;
  }
  if (price === null) return null;
  const amountMinor = Math.max(0, Math.round((price.amountMinor * (100 - discount.off)) / 100));
  return amountMinor < price.amountMinor ? { ...price, amountMinor } : null;
}
