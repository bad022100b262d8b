import { EVENTS } from "../../protocol/facts.ts";
import { NOBODY } from "../segments/draft-view.ts";
import type { Occurrence, PersonView } from "../segments/person-view.ts";

/** Somebody made up, for looking at a message before there is anybody to send it to. */

const AT = Date.UTC(2026, 0, 15, 12);

const KETTLE = {
  product_id: "sample",
  name: "Copper kettle",
  price: 89,
  currency: "EUR",
  quantity: 1,
};

const VIEWED: Occurrence = { name: EVENTS.productViewed, at: AT, props: KETTLE };
const WISHED: Occurrence = { name: EVENTS.addedToWishlist, at: AT, props: KETTLE };

export const SAMPLE_EVENT = {
  name: EVENTS.productsSearched,
  props: { ...KETTLE, query: "samovar", results: 0 },
};

const PROPERTIES: Readonly<Record<string, string>> = {
  name: "Anna Example",
  email: "anna@example.com",
  plan: "Gold",
};

export const SAMPLE_PERSON: PersonView = {
  ...NOBODY,
  property: (key) => (Object.hasOwn(PROPERTIES, key) ? PROPERTIES[key] : undefined),
  event: (name) =>
    name === EVENTS.productViewed || name === EVENTS.addedToWishlist
      ? { count: 1, firstAt: AT, lastAt: AT }
      : undefined,
  history: (name) => [VIEWED, WISHED].filter((one) => one.name === name),
  page: { url: "https://shop.example.com/kettles", title: "Kettles", since: AT },
  session: {
    startedAt: AT,
    lastAt: AT,
    activeMs: 90_000,
    pages: 3,
    landing: "https://shop.example.com/",
    referrer: null,
    source: "newsletter",
    utm: null,
    device: "desktop",
    browser: "Chrome",
    os: "macOS",
    country: "DE",
    language: "en",
    timeZone: "Europe/Berlin",
    isProven: false,
  },
  cart: {
    items: [
      {
        productId: "sample",
        name: "Copper kettle",
        quantity: 1,
        priceMinor: 8_900,
        url: null,
        imageUrl: null,
      },
    ],
    currency: "EUR",
    totalMinor: 8_900,
    changedAt: AT,
  },
  orders: { count: 1, totals: [{ amountMinor: 4_900, currency: "EUR" }], lastAt: AT, ids: [] },
};
