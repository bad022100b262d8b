import fc from "fast-check";
import type { Town } from "../town.ts";

/** One thing that happens in a town, with everything that was drawn for it. */
export class Step implements fc.AsyncCommand<Town, Town> {
  readonly #text: string;
  readonly #does: (town: Town) => Promise<void>;

  constructor(text: string, does: (town: Town) => Promise<void>) {
    this.#text = text;
    this.#does = does;
  }

  check(): boolean {
    return true;
  }

  async run(town: Town): Promise<void> {
    await this.#does(town);
    await town.steps();
  }

  toString(): string {
    return this.#text;
  }
}

export function step<Given extends object>(
  name: string,
  given: { [Key in keyof Given]: fc.Arbitrary<Given[Key]> },
  does: (town: Town, given: Given) => Promise<void>,
): fc.Arbitrary<Step> {
  return fc
    .record(given)
    .map((drawn) => new Step(`${name}(${JSON.stringify(drawn)})`, (town) => does(town, drawn)));
}

export const who = fc.nat(7);
export const person = fc.nat(3);
export const shop = fc.nat(1);
/** One of however many there are. */
export const which = fc.nat(1_000);

export function pick<Item>(items: readonly Item[], which: number): Item | undefined {
  return items[which % Math.max(1, items.length)];
}

/** With one character changed. */
export function changed(text: string, which: number): string {
  const at = which % text.length;
  const other = text[at] === "a" ? "b" : "a";
  return text.slice(0, at) + other + text.slice(at + 1);
}
