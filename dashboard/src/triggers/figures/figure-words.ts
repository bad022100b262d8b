import type { Effect, FigureRow, TriggerFigures } from "../../../../protocol/triggers-api.ts";
import type { Money } from "../../../../protocol/person.ts";
import { money } from "../../words/money.ts";

/** What figures say in plain words, always with the counts behind a share. */

/** "12.1 %"; a dash where there is nobody to be a share of. */
export const rateWords = (part: number, whole: number): string =>
  whole <= 0 ? "–" : `${decimal((100 * part) / whole)} %`;

export const amountsWords = (amounts: readonly Money[]): string =>
  amounts.length === 0
    ? "nothing"
    : amounts.map(({ amountMinor, currency }) => money(amountMinor, currency)).join(", ");

const decimal = (value: number): string =>
  value.toLocaleString(undefined, { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** "+2.3", "−0.9", "0.0": points of percent out of a difference of shares. */
export function pointsWords(difference: number): string {
  const text = decimal(Math.abs(difference * 100));
  if (Number(Math.abs(difference * 100).toFixed(1)) === 0) return text;
  return difference < 0 ? `−${text}` : `+${text}`;
}

type Side = { people: number; goalPeople: number };

const VERDICTS: Record<Effect["verdict"], string> = {
  better: "It helped.",
  worse: "It did harm.",
  unclear: "Too close to call.",
  too_early: "Too early to say.",
};

export const verdictWords = (effect: Effect | null): string =>
  effect === null ? "There is nothing to compare with." : VERDICTS[effect.verdict];

/** Everybody who was sent it, over all variants. */
export const treatedOf = (variants: readonly FigureRow[]): Side => ({
  people: sumOf(variants, ({ people }) => people),
  goalPeople: sumOf(variants, ({ goalPeople }) => goalPeople),
});

const sumOf = (rows: readonly FigureRow[], of: (row: FigureRow) => number): number =>
  rows.reduce((sum, row) => sum + of(row), 0);

/**
 * "People who were sent it reached the goal in 12.1 % (121 of 1,000), those held out in 9.8 % (49 of 500)…"
 */
export function comparisonWords(figures: TriggerFigures): string {
  const treated = treatedOf(figures.variants);
  const { heldOut, effect } = figures;
  const sent = `Of the people who were sent it, ${sideWords(treated)} reached the goal`;
  if (heldOut.people === 0) {
    return treated.people === 0
      ? "Nobody was sent it in these days."
      : `${sent}. Nobody was held out in these days, so nobody can tell how many would have anyway.`;
  }
  const both = `${sent}; of those held out, ${sideWords(heldOut)}.`;
  if (effect === null) return both;
  if (effect.verdict === "too_early")
    return `${both} These are too few people to compare: look again when there are more.`;
  return `${both} The difference is ${pointsWords(effect.difference)} points, 95 % interval ${pointsWords(effect.from)} to ${pointsWords(effect.to)}.`;
}

const sideWords = ({ people, goalPeople }: Side): string =>
  people === 0
    ? "nobody (0 of 0)"
    : `${rateWords(goalPeople, people)} (${goalPeople.toLocaleString()} of ${people.toLocaleString()})`;

/** "It brought about 1,200.00 EUR more than without it (between … and …)." */
export function incrementalWords(one: NonNullable<TriggerFigures["incremental"]>[number]): string {
  const { currency } = one.amount;
  const [least, most] = [money(one.from, currency), money(one.to, currency)];
  const amount = money(Math.abs(one.amount.amountMinor), currency);
  const way = one.amount.amountMinor < 0 ? "less" : "more";
  return `About ${amount} ${way} than without it (95 % interval ${least} to ${most}).`;
}
