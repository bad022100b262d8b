type Value = string | number | readonly string[];

/**
 * Everything that an expression compares with, in one JSON parameter: D1 takes a hundred parameters for each statement,
 * and a condition may compare with more.
 */
export class SqlValues {
  readonly #values: Value[] = [];
  readonly #places = new Map<Value, number>();

  /** An expression for a text or a number. */
  one(value: string | number): string {
    return `json_extract(?2,'$[${this.#place(value)}]')`;
  }

  /** A table whose `value` is each of these texts. */
  list(values: readonly string[]): string {
    return `json_each(?2,'$[${this.#place(values)}]')`;
  }

  toJson(): string {
    return JSON.stringify(this.#values);
  }

  #place(value: Value): number {
    let place = this.#places.get(value);
    if (place === undefined) {
      place = this.#values.push(value) - 1;
      this.#places.set(value, place);
    }
    return place;
  }
}
