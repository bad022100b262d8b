import type { PropertyValue } from "../../protocol/facts.ts";
import type { Json } from "../../protocol/json.ts";
import type { Money } from "../../protocol/person.ts";
import type { ProductCard } from "../../protocol/triggers.ts";
import { fractionDigits } from "../money/minor.ts";
import type { PersonView } from "../segments/person-view.ts";
import type { Firing } from "./firing.ts";

/** What a template may speak of. Nothing that is missing or empty is in it. */
export type Scope = { [name: string]: ScopeValue };
type ScopeValue = string | number | boolean | ScopeValue[] | { [name: string]: ScopeValue };

const DEPTH_MAX = 4;
const LIST_MAX = 50;

/** @param properties Keys of the person's properties that the template may ask for; read one by one when asked. */
export function scopeOf(input: {
  view: PersonView;
  event: Firing["event"];
  product: ProductCard | null;
  code: string | null;
}): Scope {
  const { view, event, product, code } = input;
  const { cart, session, orders } = view;
  const locale = session?.language ?? "en";
  const first = cart?.items[0];
  return compact({
    cart:
      cart === null || cart.items.length === 0
        ? {}
        : {
            count: cart.items.reduce((sum, item) => sum + item.quantity, 0),
            total: moneyText({ amountMinor: cart.totalMinor, currency: cart.currency }, locale),
            first: first?.name,
            items: cart.items.map(({ name, quantity }) => ({ name, quantity })),
          },
    session:
      session === undefined
        ? {}
        : {
            source: session.source,
            country: session.country,
            language: session.language,
            device: session.device,
            page: view.page?.url,
            title: view.page?.title,
          },
    orders: {
      count: orders.count,
      total: orders.totals[0] && moneyText(orders.totals[0], locale),
    },
    event: event === null ? {} : { ...event.props, event: event.name },
    product:
      product === null
        ? {}
        : {
            name: product.name,
            url: product.url,
            price: product.price && moneyText(product.price, locale),
            discounted: product.discounted && moneyText(product.discounted, locale),
          },
    code,
    person: {},
  });
}

/** The person's own values, added to a scope: `first_name` from the name, and every property by its key. */
export function withPerson(scope: Scope, view: PersonView, keys: Iterable<string>): Scope {
  const person: { [key: string]: PropertyValue | undefined } = Object.create(null);
  for (const key of keys) person[key] = view.property(key);
  const name = view.property("name");
  if (typeof name === "string") person["first_name"] = name.split(" ")[0];
  return { ...scope, person: compact(person) };
}

/** Keys that a template asks of `person`. */
export function personKeys(template: string): string[] {
  const asked = template.matchAll(/person(?:\.([\p{L}\p{N}_-]+)|\[\s*["']([^"']+)["']\s*\])/gu);
  return [...asked].map(([, dotted, quoted]) => dotted ?? quoted ?? "");
}

/** Money as text in somebody's language. */
function moneyText(
  { amountMinor, currency }: { amountMinor: number; currency: string | null } | Money,
  locale: string,
): string | undefined {
  if (currency === null) return undefined;
  const digits = fractionDigits(currency);
  if (digits === null) return undefined;
  const value = amountMinor / 10 ** digits;
  try {
    return new Intl.NumberFormat(locale, { style: "currency", currency }).format(value);
  } catch {
    return new Intl.NumberFormat("en", { style: "currency", currency }).format(value);
  }
}

function compact(given: { [name: string]: unknown }): Scope {
  const scope: Scope = Object.create(null);
  for (const [name, value] of Object.entries(given)) {
    const plain = plainOf(value, 0);
    if (plain !== undefined) scope[name] = plain;
  }
  return scope;
}

/** A value that a template can do nothing with but read it. */
function plainOf(value: unknown, depth: number): ScopeValue | undefined {
  if (typeof value === "string") return value.trim() === "" ? undefined : value;
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (typeof value === "boolean") return value;
  if (typeof value !== "object" || value === null || depth >= DEPTH_MAX) return undefined;
  if (Array.isArray(value))
    return value.slice(0, LIST_MAX).flatMap((item: Json) => plainOf(item, depth + 1) ?? []);
  const plain: { [name: string]: ScopeValue } = Object.create(null);
  for (const [name, item] of Object.entries(value)) {
    const held = plainOf(item, depth + 1);
    if (held !== undefined) plain[name] = held;
  }
  return plain;
}
