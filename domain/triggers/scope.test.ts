import { expect, test } from "vitest";
import { NOBODY } from "../segments/draft-view.ts";
import type { PersonView } from "../segments/person-view.ts";
import { SAMPLE_PERSON } from "./sample-person.ts";
import { personKeys, scopeOf, withPerson } from "./scope.ts";

function scopeFor(view: PersonView) {
  return scopeOf({ view, event: null, product: null, code: null });
}

test("Money is said in the person's language, and in English where theirs is unreadable", () => {
  const speaking = (language: string | null): PersonView => ({
    ...SAMPLE_PERSON,
    session: SAMPLE_PERSON.session && { ...SAMPLE_PERSON.session, language },
  });
  expect(scopeFor(speaking("de"))["cart"]).toMatchObject({ total: "89,00\u00A0€" });
  for (const language of ["en", null, "", "not a language", "x".repeat(5_000)])
    expect(scopeFor(speaking(language))["cart"]).toMatchObject({ total: "€89.00" });
});

test("A cart whose prices nobody knows has no total", () => {
  const items = [
    { productId: "a", name: "a", quantity: 2, priceMinor: null, url: null, imageUrl: null },
  ];
  const cart = { items, currency: "EUR", totalMinor: 0, changedAt: 0 };
  expect(scopeFor({ ...NOBODY, cart })["cart"]).toEqual({
    count: 2,
    first: "a",
    items: [{ name: "a", quantity: 2 }],
  });
});

test("Nobody's scope holds nothing but that there are no orders", () => {
  expect(JSON.parse(JSON.stringify(scopeFor(NOBODY)))).toEqual({
    person: {},
    cart: {},
    orders: { count: 0 },
    event: {},
  });
});

test("The first name is the name's first word, unless there is a property of that key", () => {
  const named = (properties: Record<string, string>): PersonView => ({
    ...NOBODY,
    property: (key) => properties[key],
  });
  const keys = personKeys("{{ person.first_name }}");
  const firstName = (properties: Record<string, string>) =>
    withPerson(scopeFor(NOBODY), named(properties), keys)["person"];
  expect(firstName({ name: "  Anna  Maria Example" })).toEqual({ first_name: "Anna" });
  expect(firstName({ name: "Anna Example", first_name: "Ann" })).toEqual({ first_name: "Ann" });
  expect(firstName({ name: "   " })).toEqual({});
});

test("Keys that a template asks of a person are found in both spellings", () => {
  const template = `{{ person.plan }} {% if person["loyalty level"] %}{{ person['x.y'] }}{% endif %}`;
  expect(personKeys(template)).toEqual(["plan", "loyalty level", "x.y"]);
});
