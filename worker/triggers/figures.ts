import { effectOf, incrementalOf } from "../../domain/experiments/effect.ts";
import type {
  FigureRow,
  TriggerDetail,
  TriggerFigures,
  TriggerTotals,
} from "../../protocol/triggers-api.ts";
import type { Money } from "../../protocol/person.ts";
import type { Counted, Group, Side, Worth } from "../d1/deliveries.ts";
import type { Day } from "./days.ts";

/** What the counts of one trigger say: pure, so that the same rows always make the same figures. */

export type FigureInput = {
  counted: Counted;
  /** The versions that are looked at, the newest first. */
  versions: TriggerDetail["versions"];
  /** The days that were counted, in the order of `counted.days`. */
  days: Day[];
  timeZone: string;
};

/** Of a trigger that sent nothing yet. */
export const NO_TOTALS: TriggerTotals = { sent: 0, seen: 0, answered: 0, goal: 0, revenue: [] };

export function figuresOf({ counted, versions, days, timeZone }: FigureInput): TriggerFigures {
  const treated = sideOf(counted.sides, "sent", null);
  const heldOut = sideOf(counted.sides, "held_out", null);
  return {
    eligible: counted.groups.reduce((sum, group) => sum + group.deliveries, 0),
    variants: variantRows(counted, versions),
    heldOut: heldOutOf(counted),
    effect: heldOut.people === 0 ? null : effectOf(treated, heldOut),
    incremental:
      heldOut.people === 0 ? null : incrementalRevenue(counted, treated.people, heldOut.people),
    contradicting: counted.contradicting,
    skipped: counted.groups
      .flatMap(({ reason, deliveries }) => (reason === null ? [] : [{ reason, count: deliveries }]))
      .toSorted((a, b) => b.count - a.count || a.reason.localeCompare(b.reason)),
    days: daysOf(counted, days),
    timeZone,
  };
}

/** The variants of the newest version in their order, then those that only older ones had. */
function variantRows(counted: Counted, versions: TriggerDetail["versions"]): FigureRow[] {
  const names = new Map<string, string>();
  for (const { definition } of versions) {
    for (const { id, name } of definition.variants) if (!names.has(id)) names.set(id, name);
  }
  const sent = counted.groups.filter((group) => group.state === "sent");
  const newest = new Set(versions[0]?.definition.variants.map((variant) => variant.id));
  const older = sent.map((group) => group.variant ?? "").filter((id) => !newest.has(id));
  const heldOut = sideOf(counted.sides, "held_out", null);
  return [...newest, ...older].map((id) => {
    const group = sent.find((one) => one.variant === id);
    return {
      variant: id,
      name: names.get(id) ?? id,
      ...countsOf(group),
      revenue: moneyOf(
        counted.worths.filter((worth) => worth.state === "sent" && worth.variant === id),
      ),
      effect: heldOut.people === 0 ? null : effectOf(sideOf(counted.sides, "sent", id), heldOut),
    };
  });
}

function countsOf(group: Group | undefined) {
  return {
    sent: group?.deliveries ?? 0,
    people: group?.people ?? 0,
    seen: group?.seen ?? 0,
    clicked: group?.clicked ?? 0,
    answered: group?.answered ?? 0,
    closed: group?.closed ?? 0,
    goal: group?.goal ?? 0,
    goalPeople: group?.goalPeople ?? 0,
  };
}

function heldOutOf(counted: Counted): TriggerFigures["heldOut"] {
  const group = counted.groups.find((one) => one.state === "held_out");
  return {
    deliveries: group?.deliveries ?? 0,
    people: group?.people ?? 0,
    goalPeople: group?.goalPeople ?? 0,
    revenue: moneyOf(counted.worths.filter((worth) => worth.state === "held_out")),
  };
}

function sideOf(sides: Side[], state: Side["state"], variant: string | null) {
  const side = sides.find((one) => one.state === state && one.variant === variant);
  return { people: side?.people ?? 0, reached: side?.reached ?? 0 };
}

/** In each currency in which either side bought. Who bought nothing counts as nothing. */
function incrementalRevenue(
  counted: Counted,
  treated: number,
  heldOut: number,
): TriggerFigures["incremental"] {
  const currencies = [...new Set(counted.sideWorths.map((side) => side.currency))].toSorted();
  return currencies.flatMap((currency) => {
    const worthOf = (state: Side["state"], people: number) => {
      const side = counted.sideWorths.find(
        (one) => one.state === state && one.currency === currency,
      );
      return { people, sum: side?.sum ?? 0, squares: side?.squares ?? 0 };
    };
    const found = incrementalOf(worthOf("sent", treated), worthOf("held_out", heldOut));
    if (found === null) return [];
    const { amount, from, to } = found;
    return { amount: { amountMinor: Math.round(amount), currency }, from, to };
  });
}

function moneyOf(worths: Worth[]): Money[] {
  return worths
    .map(({ amountMinor, currency }) => ({ amountMinor, currency }))
    .toSorted((a, b) => b.amountMinor - a.amountMinor || a.currency.localeCompare(b.currency));
}

/** Every day that was asked for, also those on which nothing was decided. */
function daysOf(counted: Counted, days: Day[]): TriggerFigures["days"] {
  const counts = new Map(counted.days.map((one) => [one.day, one]));
  return days.map(({ day }, index) => {
    const { sent = 0, heldOut = 0, seen = 0, answered = 0, goal = 0 } = counts.get(index) ?? {};
    return { day, sent, heldOut, seen, answered, goal };
  });
}
