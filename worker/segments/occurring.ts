import type { Json } from "../../protocol/json.ts";
import type { CatalogueEvent } from "../../protocol/segments-api.ts";

/** Values that are listed for one key, and the longest of them. */
export const VALUES_MAX = 20;
const VALUE_MAX_CHARS = 200;

type Type = CatalogueEvent["properties"][number]["types"][number];
type Seen = { people: number; types: Set<Type>; values: Map<string, number> };

/** Which keys occur with which types and values, counted. */
export class Occurring {
  readonly #seen = new Map<string, Seen>();

  /** @param times How often this value was met. What is no property is passed over. */
  note(key: string, value: Json, times: number): void {
    const type = typeOf(value);
    if (type === null) return;
    let seen = this.#seen.get(key);
    if (seen === undefined) {
      seen = { people: 0, types: new Set(), values: new Map() };
      this.#seen.set(key, seen);
    }
    seen.people += times;
    seen.types.add(type);
    for (const one of Array.isArray(value) ? value : [value]) {
      if (typeof one === "object") continue;
      const text = String(one).slice(0, VALUE_MAX_CHARS).toWellFormed();
      seen.values.set(text, (seen.values.get(text) ?? 0) + times);
    }
  }

  /** The most frequent key first, and of each key the most frequent values. */
  list(): CatalogueEvent["properties"] {
    return [...this.#seen]
      .toSorted(([a, { people: of }], [b, { people: others }]) => others - of || (a < b ? -1 : 1))
      .map(([key, { types, values }]) => ({
        key,
        types: [...types],
        values: [...values]
          .toSorted(([, a], [, b]) => b - a)
          .slice(0, VALUES_MAX)
          .map(([value]) => value),
      }));
  }
}

function typeOf(value: Json): Type | null {
  if (Array.isArray(value)) return "list";
  if (typeof value === "string") return "text";
  if (typeof value === "number") return "number";
  return typeof value === "boolean" ? "flag" : null;
}
