import fc from "fast-check";
import { expect, test } from "vitest";
import { EVENTS } from "../../protocol/facts.ts";
import { asId } from "../../protocol/ids.ts";
import type { Action, ProductCardDefinition } from "../../protocol/triggers.ts";
import { NOBODY } from "../segments/draft-view.ts";
import type { Occurrence, PersonView } from "../segments/person-view.ts";
import { placesOf, sayingOf } from "./content.ts";
import { personalCode, productCard } from "./product.ts";
import { SAMPLE_PERSON } from "./sample-person.ts";
import { chatSaying, NOON, popup } from "./testing/samples.ts";

const DELIVERY = asId("dlv", "dlv_1");

function saying(action: Action, view: PersonView = SAMPLE_PERSON) {
  return sayingOf(action, { view, event: null, delivery: DELIVERY });
}

function having(...occurrences: Occurrence[]): PersonView {
  const of = (name: string) => occurrences.filter((one) => one.name === name);
  return {
    ...NOBODY,
    event: (name) =>
      of(name).length === 0 ? undefined : { count: of(name).length, firstAt: 0, lastAt: NOON },
    history: of,
  };
}

const happened = (name: string, at: number, id: string, props = {}): Occurrence => ({
  name,
  at,
  props: { product_id: id, name: `Product ${id}`, price: 10, currency: "EUR", ...props },
});

const card = (over: Partial<ProductCardDefinition> = {}): ProductCardDefinition => ({
  product: { from: "cart" },
  discount: null,
  code: null,
  ...over,
});

function carded(over: Partial<ProductCardDefinition>, view: PersonView = SAMPLE_PERSON) {
  return productCard(card(over), view, DELIVERY);
}

test("A pop-up is filled in with everything it has", () => {
  const action = popup({
    heading: "For {{ person.first_name }}",
    text: "{{ product.name }} for {{ product.discounted }} instead of {{ product.price }}: {{ code }}",
    imageUrl: "/pictures/{{ person.plan }}.png",
    button: { label: "Take {{ product.name }}", url: "/buy?code={{ code }}" },
    card: card({
      discount: { type: "percent", off: 10 },
      code: { type: "fixed", code: "SPRING" },
    }),
    canAnswer: false,
  });
  expect(saying(action)).toEqual({
    ok: true,
    alert: null,
    code: "SPRING",
    content: {
      kind: "popup",
      place: "corner",
      heading: "For Anna",
      text: "Copper kettle for €80.10 instead of €89.00: SPRING",
      imageUrl: "/pictures/Gold.png",
      button: { label: "Take Copper kettle", url: "/buy?code=SPRING" },
      card: {
        productId: "sample",
        name: "Copper kettle",
        url: null,
        imageUrl: null,
        price: { amountMinor: 8_900, currency: "EUR" },
        discounted: { amountMinor: 8_010, currency: "EUR" },
        code: "SPRING",
      },
      canAnswer: false,
    },
  });
});

test("A button without a link opens the chat", () => {
  const action = { ...chatSaying("Hello"), button: { label: "Write", url: null } };
  expect(saying(action)).toMatchObject({ content: { button: { label: "Write", url: null } } });
});

test.each<[string, Action, string]>([
  ["text", chatSaying("{% if person.nick %}Hi{% endif %}"), "text"],
  ["heading", popup({ heading: "{{ person.nick }}" }), "person.nick"],
  ["pop-up", popup({ heading: "{% if person.nick %}Hi{% endif %}" }), "text"],
  ["button", popup({ button: { label: "{{ person.nick }}", url: null } }), "person.nick"],
  ["button", popup({ button: { label: "{% if person.nick %}x{% endif %}", url: null } }), "button"],
  ["link", popup({ button: { label: "Go", url: "{{ person.plan }}" } }), "button link"],
  ["link", popup({ button: { label: "Go", url: "/{{ person.nick }}" } }), "person.nick"],
  ["picture", popup({ imageUrl: "{{ person.email }}" }), "image"],
  ["alert", { type: "alert", text: "{{ person.nick }}" }, "person.nick"],
  ["alert", { type: "alert", text: "{% if person.nick %}x{% endif %}" }, "text"],
])("An empty %s is not shown as a hole", (_, action, detail) => {
  expect(saying(action)).toEqual({ ok: false, reason: "missing_value", detail });
});

test("A heading may come to nothing beside a text, and words beside a card", () => {
  expect(saying(popup({ heading: "{% if person.nick %}x{% endif %}", text: "Hello" })).ok).toBe(
    true,
  );
  expect(saying(popup({ heading: "", card: card() })).ok).toBe(true);
});

test("Every template of an action is named", () => {
  const button = { label: "b", url: "/u" };
  const places = placesOf(popup({ imageUrl: "/i", button }));
  expect(places.map(([place]) => place)).toEqual([
    "text",
    "heading",
    "image",
    "button",
    "button link",
  ]);
  expect(placesOf({ type: "alert", text: "t" })).toEqual([["text", "t"]]);
});

test("The cart's product is its dearest", () => {
  const item = (id: string, priceMinor: number | null) => ({
    productId: id,
    name: id,
    quantity: 1,
    priceMinor,
    url: `https://shop.example/${id}`,
    imageUrl: "javascript:alert(1)",
  });
  const items = [item("a", 100), item("b", 300), item("c", null), item("d", 200)];
  const cart = { items, currency: "EUR", totalMinor: 600, changedAt: NOON };
  expect(carded({}, { ...NOBODY, cart })).toMatchObject({ productId: "b", imageUrl: null });
  expect(carded({}, { ...NOBODY, cart: { ...cart, items: [] } })).toBeNull();
  expect(carded({}, NOBODY)).toBeNull();
});

test("The product looked at is the newest that an event names, whatever the order of the history", () => {
  const view = having(
    happened(EVENTS.productViewed, NOON, "new"),
    happened(EVENTS.productViewed, NOON - 5, "old"),
    { name: EVENTS.productViewed, at: NOON + 5, props: { nothing: true } },
  );
  expect(carded({ product: { from: "viewed" } }, view)?.productId).toBe("new");
  expect(carded({ product: { from: "viewed" } }, NOBODY)).toBeNull();
});

test("The wish-list's product is the last that was not taken off again", () => {
  const kept = happened(EVENTS.addedToWishlist, NOON - 9, "kept");
  const view = having(
    kept,
    happened(EVENTS.addedToWishlist, NOON - 5, "off"),
    happened(EVENTS.removedFromWishlist, NOON - 4, "off"),
  );
  expect(carded({ product: { from: "wishlist" } }, view)?.productId).toBe("kept");
  const off = happened(EVENTS.removedFromWishlist, NOON, "kept");
  expect(carded({ product: { from: "wishlist" } }, having(kept, off))).toBeNull();
});

test("A chosen product is shown as it was written, its path as an address of the site", () => {
  const price = { amountMinor: 500, currency: "EUR" };
  const product = { from: "chosen", name: "Tea", url: "/tea", imageUrl: null, price } as const;
  expect(carded({ product }, NOBODY)).toMatchObject({
    productId: null,
    name: "Tea",
    url: "/tea",
    price,
  });
});

test("A product's name from outside is one line that turns nothing around", () => {
  const view = having(happened(EVENTS.productViewed, NOON, "a", { name: "a\n\u202Eb\u0000" }));
  expect(carded({ product: { from: "viewed" } }, view)?.name).toBe("a b");
});

test.each<[string, ProductCardDefinition["discount"], number | null]>([
  ["a tenth off is rounded", { type: "percent", off: 10 }, 8_010],
  ["ninety-nine per cent off", { type: "percent", off: 99 }, 89],
  ["a price of its own", { type: "price", amountMinor: 5_000, currency: "EUR" }, 5_000],
  ["the usual price is no discount", { type: "price", amountMinor: 8_900, currency: "EUR" }, null],
  ["another currency is no discount", { type: "price", amountMinor: 5_000, currency: "USD" }, null],
])("Discounts: %s", (_, discount, amountMinor) => {
  expect(carded({ discount })?.discounted?.amountMinor ?? null).toBe(amountMinor);
});

test("No discount ever makes a price negative, or not smaller", () => {
  const amount = fc.integer({ min: 0, max: 1_000_000_000_000 });
  const off = fc.integer({ min: 1, max: 99 });
  fc.assert(
    fc.property(amount, off, (amountMinor, off) => {
      const price = { amountMinor, currency: "JPY" };
      const product = { from: "chosen", name: "a", url: "/a", imageUrl: null, price } as const;
      const less = carded({ product, discount: { type: "percent", off } }, NOBODY)?.discounted;
      if (less == null) return;
      expect(less.amountMinor).toBeGreaterThanOrEqual(0);
      expect(less.amountMinor).toBeLessThan(amountMinor);
      expect(Number.isInteger(less.amountMinor)).toBe(true);
    }),
  );
});

test("A personal code is the same at every try, and another one for everybody else", () => {
  const codes = Array.from({ length: 20_000 }, (_, n) =>
    personalCode("BACK", asId("dlv", `dlv_${n}`)),
  );
  expect(new Set(codes).size).toBe(20_000);
  for (const code of codes.slice(0, 200)) expect(code).toMatch(/^BACK-[2-9A-HJKMNP-Z]{8}$/);
  expect(personalCode("BACK", asId("dlv", "dlv_7"))).toBe(codes[7]);
});
