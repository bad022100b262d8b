import type { EventFilter } from "../../protocol/conditions.ts";
import type { TallySpec } from "./compile.ts";
import type { Occurrence } from "./person-view.ts";
import { folded } from "./texts.ts";
import { matchesFilters, textsOf } from "./values.ts";

/**
 * The tallies of one event. Most filters ask for one value of many (a product, a category), so those are found by the
 * value that came instead of being asked one by one.
 */
export class FilterIndex {
  readonly #byValue = new Map<string, Map<string, TallySpec[]>>();
  readonly #others: TallySpec[] = [];

  constructor(specs: readonly TallySpec[]) {
    for (const spec of specs) {
      const equal = spec.where?.find(isEquality);
      if (equal === undefined) this.#others.push(spec);
      else for (const value of valuesOf(equal)) this.#under(equal.key, value).push(spec);
    }
  }

  /** The tallies that an occurrence counts in, each once. */
  matching(occurrence: Occurrence): Set<TallySpec> {
    const found = new Set<TallySpec>();
    const look = (specs: readonly TallySpec[] | undefined) => {
      for (const spec of specs ?? [])
        if (!found.has(spec) && matchesFilters(spec.where, occurrence)) found.add(spec);
    };
    look(this.#others);
    for (const [key, byValue] of this.#byValue) {
      if (!Object.hasOwn(occurrence.props, key)) continue;
      for (const text of textsOf(occurrence.props[key])) look(byValue.get(folded(text)));
    }
    return found;
  }

  #under(key: string, value: string): TallySpec[] {
    const values = this.#byValue.get(key) ?? new Map<string, TallySpec[]>();
    this.#byValue.set(key, values);
    const specs = values.get(value) ?? [];
    values.set(value, specs);
    return specs;
  }
}

function isEquality({ is }: EventFilter): boolean {
  return is.type === "text" && (is.test.op === "is" || is.test.op === "in");
}

function valuesOf({ is }: EventFilter): Set<string> {
  if (is.type !== "text") return new Set();
  if (is.test.op === "is") return new Set([folded(is.test.value)]);
  return is.test.op === "in" ? new Set(is.test.values.map(folded)) : new Set();
}
