import type { PropertyValue } from "../../protocol/facts.ts";
import type { Json } from "../../protocol/json.ts";
import type { Money } from "../../protocol/person.ts";
import type { ProductCard } from "../../protocol/triggers.ts";
import type { PersonView } from "../segments/person-view.ts";
import type { Firing } from "./firing.ts";
import { moneyText } from "./money-text.ts";

/** What a template may speak of. Nothing that is missing or empty is in it. */
export type Scope = { [name: string]: ScopeValue };
type ScopeValue = string | number | boolean | ScopeValue[] | { [name: string]: ScopeValue };

const DEPTH_MAX = 4;
const LIST_MAX = 50;
/** Something that a person would see. */
const SEEN = /[^\s\p{Cc}\p{Cf}]/u;

/** Everything that a template may begin a place with, and what is in it; null where it is not the same for everybody. */
export const SCOPE_NAMES: ReadonlyMap<string, readonly string[] | null> = new Map([
  ["person", null],
  ["cart", ["count", "total", "first", "items"]],
  ["session", ["source", "country", "language", "time_zone", "device", "page", "title"]],
  ["orders", ["count", "total"]],
  ["event", null],
  ["product", ["name", "url", "price", "discounted"]],
  ["code", null],
]);

/** What is known of a person and of what happened, money as text in their language. `withPerson` adds the person. */
export function scopeOf(input: {
  view: PersonView;
  event: Firing["event"];
  product: ProductCard | null;
  code: string | null;
}): Scope {
  const { view, event, product, code } = input;
  const { session, orders, page } = view;
  const locale = session?.language ?? "en";
  const said = (money: Money | null | undefined) => money && moneyText(money, locale);
  return compact({
    person: {},
    cart: cartOf(view.cart, locale),
    session: session && {
      source: session.source,
      country: session.country,
      language: session.language,
      time_zone: session.timeZone,
      device: session.device,
      page: page?.url,
      title: page?.title,
    },
    orders: { count: orders.count, total: said(orders.totals[0]) },
    event: event === null ? {} : Object.assign(compact(event.props), { event: event.name }),
    product: product && {
      name: product.name,
      url: product.url,
      price: said(product.price),
      discounted: said(product.discounted),
    },
    code,
  });
}

function cartOf(cart: PersonView["cart"], locale: string) {
  if (cart === null || cart.items.length === 0) return {};
  const { items, totalMinor: amountMinor, currency } = cart;
  const isPriced = currency !== null && items.some((item) => item.priceMinor !== null);
  return {
    count: items.reduce((sum, item) => sum + item.quantity, 0),
    total: isPriced ? moneyText({ amountMinor, currency }, locale) : undefined,
    first: items[0]?.name,
    items: items.map(({ name, quantity }) => ({ name, quantity })),
  };
}

/** The person's own values, added to a scope: `first_name` from the name, and every property by its key. */
export function withPerson(scope: Scope, view: PersonView, keys: Iterable<string>): Scope {
  const person: { [key: string]: PropertyValue | undefined } = Object.create(null);
  for (const key of keys) person[key] = view.property(key);
  const name = view.property("name");
  if (typeof name === "string") person["first_name"] ??= name.trim().split(/\s+/)[0];
  return { ...scope, person: compact(person) };
}

/** Keys that a template asks of `person`. */
export function personKeys(template: string): string[] {
  const asked = template.matchAll(/person(?:\.([\p{L}\p{N}_-]+)|\[\s*["']([^"']+)["']\s*\])/gu);
  return [...asked].map(([, dotted, quoted]) => dotted ?? quoted ?? "");
}

function compact(given: { [name: string]: unknown }): Scope {
  const scope: Scope = Object.create(null);
  for (const name of Object.keys(given)) {
    const plain = plainOf(ownValue(given, name), 0);
    if (plain !== undefined) scope[name] = plain;
  }
  return scope;
}

/** A value that a template can do nothing with but read it. */
function plainOf(value: unknown, depth: number): ScopeValue | undefined {
  if (typeof value === "string") return SEEN.test(value) ? value : undefined;
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (typeof value === "boolean") return value;
  if (typeof value !== "object" || value === null || depth >= DEPTH_MAX) return undefined;
  if (Array.isArray(value))
    return value.slice(0, LIST_MAX).flatMap((item: Json) => plainOf(item, depth + 1) ?? []);
  const plain: { [name: string]: ScopeValue } = Object.create(null);
  for (const name of Object.keys(value)) {
    const held = plainOf(ownValue(value, name), depth + 1);
    if (held !== undefined) plain[name] = held;
  }
  return plain;
}

/** What a property holds. One that would have to be worked out holds nothing. */
function ownValue(owner: object, name: string): unknown {
  return Object.getOwnPropertyDescriptor(owner, name)?.value;
}
