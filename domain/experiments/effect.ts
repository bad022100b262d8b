import type { Effect } from "../../protocol/triggers-api.ts";

/** What a trigger did, told from those who were held out by chance. */

/** People in an arm before anything is called; and people in both who reached the goal. */
export const EFFECT_PEOPLE_MIN = 100;
export const EFFECT_GOALS_MIN = 10;

const Z = 1.959963984540054;
/** Of a 96 % interval. A winner must stand out from it, so that by chance alone at most one in twenty is called. */
const Z_WINNER = 2.053748910631823;

type Arm = { people: number; reached: number };

/**
 * The difference of two shares with its 95 % interval by Newcombe's hybrid of Wilson scores (Statistics in Medicine 17,
 * 1998, method 10). Nothing is called better or worse while an arm is small or hardly anybody reached the goal, nor while a 96 % interval
 * holds zero.
 * The interval holds for one look: who looks every day and stops at the first winner is wrong more often.
 */
export function effectOf(treated: Arm, heldOut: Arm): Effect {
  const difference = shareOf(treated) - shareOf(heldOut);
  const { from, to } = newcombe(treated, heldOut, Z);
  const strict = newcombe(treated, heldOut, Z_WINNER);
  const isEarly =
    Math.min(treated.people, heldOut.people) < EFFECT_PEOPLE_MIN ||
    treated.reached + heldOut.reached < EFFECT_GOALS_MIN;
  const called = strict.from > 0 ? "better" : strict.to < 0 ? "worse" : "unclear";
  const verdict = isEarly ? "too_early" : called;
  return { difference, from, to, verdict };
}

function newcombe(treated: Arm, heldOut: Arm, z: number): { from: number; to: number } {
  const p = shareOf(treated);
  const q = shareOf(heldOut);
  const a = wilson(treated, z);
  const b = wilson(heldOut, z);
  return {
    from: Math.max(-1, p - q - Math.hypot(p - a.from, b.to - q)),
    to: Math.min(1, p - q + Math.hypot(a.to - p, q - b.from)),
  };
}

/** Sums over the people of one arm; who brought nothing counts as nothing. */
export type WorthArm = { people: number; sum: number; squares: number };

/**
 * What the treated people brought beyond what the held-out ones would have: the difference of the means times the
 * treated, with a 95 % interval by the normal approximation; null where an arm has fewer than two people.
 */
export function incrementalOf(
  treated: WorthArm,
  heldOut: WorthArm,
): { amount: number; from: number; to: number } | null {
  if (treated.people < 2 || heldOut.people < 2) return null;
  const difference = treated.sum / treated.people - heldOut.sum / heldOut.people;
  const spread = Math.sqrt(meanVariance(treated) + meanVariance(heldOut));
  const { people } = treated;
  return {
    amount: difference * people,
    from: (difference - Z * spread) * people,
    to: (difference + Z * spread) * people,
  };
}

function shareOf({ people, reached }: Arm): number {
  return people === 0 ? 0 : reached / people;
}

function wilson({ people, reached }: Arm, z: number): { from: number; to: number } {
  if (people === 0) return { from: 0, to: 1 };
  const p = reached / people;
  const z2 = z * z;
  const centre = (p + z2 / (2 * people)) / (1 + z2 / people);
  const half =
    (z * Math.sqrt((p * (1 - p)) / people + z2 / (4 * people * people))) / (1 + z2 / people);
  return { from: Math.max(0, centre - half), to: Math.min(1, centre + half) };
}

/** The variance of the mean. */
function meanVariance({ people, sum, squares }: WorthArm): number {
  const variance = Math.max(0, squares - (sum * sum) / people) / (people - 1);
  return variance / people;
}
