import type { Json } from "../../protocol/json.ts";
import type { CompiledRules, TallySpec } from "./compile.ts";
import type { Occurrence, PersonView } from "./person-view.ts";
import { counted, readTally, storedTally, type Tally } from "./tallies.ts";
import { matchesFilters } from "./values.ts";

/** Lists the keys of the tallies that are kept, so that those which nobody needs any more can be taken away. */
const INDEX_KEY = "a:";

/** One visitor's tallies, with what has to be written of them. */
export class TallyShelf {
  readonly #compiled: CompiledRules;
  readonly #stored: (key: string) => Json | undefined;
  readonly #read = new Map<string, Tally | undefined>();
  readonly #changed = new Map<string, Json>();
  #keys: Set<string> | null = null;

  constructor(compiled: CompiledRules, stored: (key: string) => Json | undefined) {
    this.#compiled = compiled;
    this.#stored = stored;
  }

  tally(spec: TallySpec): Tally | undefined {
    if (!this.#read.has(spec.key)) this.#read.set(spec.key, readTally(this.#stored(spec.key)));
    return this.#read.get(spec.key);
  }

  /** Counts an occurrence wherever it passes; the tallies that this changed. */
  count(occurrence: Occurrence): Iterable<TallySpec> {
    const specs = this.#compiled.filtersOn.get(occurrence.name)?.matching(occurrence) ?? [];
    for (const spec of specs)
      this.#write(spec, counted(this.tally(spec), occurrence.at, spec.keep));
    return specs;
  }

  /** Fills what is new from the history, and takes away what no definition needs any more. */
  adopt(view: PersonView): void {
    const kept = this.#kept();
    const wanted = new Set(this.#compiled.tallies.map(({ key }) => key));
    for (const key of kept) if (!wanted.has(key)) this.#forget(key);
    for (const [name, specs] of this.#compiled.talliesByEvent) {
      const fresh = specs.filter(({ key }) => !kept.has(key));
      if (fresh.length > 0 && view.event(name) !== undefined) this.#fill(fresh, view.history(name));
    }
  }

  /** What has to be written since this was last asked. */
  takeChanges(): [key: string, value: Json][] {
    const changes = [...this.#changed];
    this.#changed.clear();
    return changes;
  }

  #fill(specs: readonly TallySpec[], history: Iterable<Occurrence>): void {
    const tallies = new Map<TallySpec, Tally>();
    for (const occurrence of history)
      for (const spec of specs)
        if (matchesFilters(spec.where, occurrence))
          tallies.set(spec, counted(tallies.get(spec), occurrence.at, spec.keep));
    for (const spec of specs) {
      const tally = tallies.get(spec);
      if (tally !== undefined) this.#write(spec, tally);
    }
  }

  #write(spec: TallySpec, tally: Tally): void {
    this.#read.set(spec.key, tally);
    this.#changed.set(spec.key, storedTally(tally));
    const kept = this.#kept();
    if (kept.has(spec.key)) return;
    kept.add(spec.key);
    this.#writeIndex(kept);
  }

  #forget(key: string): void {
    this.#read.delete(key);
    this.#changed.set(key, null);
    const kept = this.#kept();
    kept.delete(key);
    this.#writeIndex(kept);
  }

  #writeIndex(kept: ReadonlySet<string>): void {
    this.#changed.set(INDEX_KEY, [...kept]);
  }

  #kept(): Set<string> {
    if (this.#keys === null) {
      const index = this.#stored(INDEX_KEY);
      const keys = Array.isArray(index) ? index.filter((key) => typeof key === "string") : [];
      this.#keys = new Set(keys);
    }
    return this.#keys;
  }
}
