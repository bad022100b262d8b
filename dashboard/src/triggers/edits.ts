import type { TextTest } from "../../../protocol/conditions.ts";
import { VARIANTS_MAX } from "../../../protocol/limits.ts";
import {
  triggerDefinition,
  type Action,
  type PageMoment,
  type ProductCardDefinition,
  type TriggerDefinition,
  type Variant,
  type When,
} from "../../../protocol/triggers.ts";

/** Changes of a trigger's definition, each a new definition. What is not written yet is empty or NaN. */

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

export const EMPTY_POPUP: Extract<Action, { type: "popup" }> = {
  type: "popup",
  place: "corner",
  from: { type: "free" },
  heading: "",
  text: "",
  imageUrl: null,
  button: null,
  card: null,
  canAnswer: true,
};

export function emptyTrigger(): TriggerDefinition {
  return {
    name: "",
    when: { type: "event", event: "", where: [] },
    who: null,
    waitMs: 0,
    limits: {
      repeat: { type: "once" },
      quietHours: null,
      onlyWhenOnline: false,
      notInConversation: true,
      isCapped: true,
      priority: 50,
    },
    holdOut: 10,
    goal: null,
    variants: [{ id: "a", name: "Variant A", weight: 1, action: EMPTY_POPUP }],
  };
}

export const FIRST_GOAL: NonNullable<TriggerDefinition["goal"]> = {
  event: "Order Completed",
  where: [],
  windowMs: 7 * DAY_MS,
  value: { type: "property", key: "total" },
};

export const FIRST_CARD: ProductCardDefinition = {
  product: { from: "viewed" },
  discount: null,
  code: null,
};

/** Another way to start, with as much as possible of what was chosen before. */
export function withWhenType(when: When, type: When["type"]): When {
  if (when.type === type) return when;
  switch (type) {
    case "event":
      return { type, event: "", where: [] };
    case "segment":
      return { type, segment: NO_SEGMENT, on: "enter" };
    case "page":
      return { type, page: null, moment: { on: "time", seconds: 20 } };
  }
}

type SegmentId = Extract<When, { type: "segment" }>["segment"];
/** None is chosen yet: `flawsOf` keeps it from being sent. */
const NO_SEGMENT = "" as SegmentId;
/** A segment out of the list of those that there are. */
export const segmentChoice = (id: string): SegmentId => id as SegmentId; // the list holds ids only

export function momentOf(on: PageMoment["on"]): PageMoment {
  switch (on) {
    case "time":
      return { on, seconds: 20 };
    case "scroll":
      return { on, percent: 50 };
    case "exit":
      return { on };
    case "inactivity":
      return { on, seconds: 60 };
    case "click":
      return { on, selector: "" };
  }
}

export const EMPTY_PAGE: TextTest = { op: "contains", value: "" };

/**
 * Another kind of message; words, sender, button and card stay where the new kind has a place for them. The rest is
 * as in `before`, which was of that kind when it was last chosen.
 */
export function withActionType(action: Action, type: Action["type"], before?: Action): Action {
  if (action.type === type) return action;
  const { text } = action;
  switch (type) {
    case "alert":
      return { type, text };
    case "chat": {
      const { from, button, card } =
        action.type === "alert" ? (before?.type === type ? before : EMPTY_POPUP) : action;
      return { type, text, from, button, card };
    }
    case "popup":
      return {
        ...(before?.type === type ? before : EMPTY_POPUP),
        text,
        ...(action.type === "alert"
          ? {}
          : { from: action.from, button: action.button, card: action.card }),
      };
  }
}

const LETTERS = "abcdefghijklmnopqrstuvwxyz";

/** A copy of the variant at `index` under a letter of its own; the same list when there is no room. */
export function withCopiedVariant(
  variants: readonly Variant[],
  index: number,
  /** Ids of earlier versions: a new variant never takes over what an old one brought. */
  taken: ReadonlySet<string> = new Set(),
): Variant[] {
  const held = variants[index];
  if (held === undefined || variants.length >= VARIANTS_MAX) return [...variants];
  const ids = new Set([...taken, ...variants.map(({ id }) => id)]);
  const id = nextId(ids);
  const name = /^[a-z]$/.test(id) ? `Variant ${id.toUpperCase()}` : `Variant ${id}`;
  return [...variants, { ...structuredClone(held), id, name }];
}

function nextId(ids: ReadonlySet<string>): string {
  for (const letter of LETTERS) if (!ids.has(letter)) return letter;
  let n = 1;
  while (ids.has(`v${n}`)) n += 1;
  return `v${n}`;
}

/** Without one of them; the last one stays. */
export const withoutVariant = (variants: readonly Variant[], index: number): Variant[] =>
  variants.length === 1 ? [...variants] : variants.filter((_, at) => at !== index);

export const withVariant = (
  variants: readonly Variant[],
  index: number,
  change: Partial<Variant>,
): Variant[] => variants.map((held, at) => (at === index ? { ...held, ...change } : held));

/** How many of a hundred get each variant, after the hold-out; weights that are no numbers count as none. */
export function sharesOf(variants: readonly Pick<Variant, "weight">[], holdOut: number): number[] {
  const weights = variants.map(({ weight }) => (Number.isFinite(weight) ? weight : 0));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const rest = 100 - (Number.isFinite(holdOut) ? holdOut : 0);
  return weights.map((weight) => (sum === 0 ? 0 : (rest * weight) / sum));
}

/** The clock that quiet hours begin with. */
export const FIRST_QUIET_HOURS = { from: "21:00", to: "08:00" };
export const FIRST_PERIOD_MS = 7 * DAY_MS;
export const FIRST_WAIT_MS = 30 * MINUTE_MS;

/** A definition as it is saved: names and texts without blanks around them. */
export function tidied(definition: TriggerDefinition): TriggerDefinition {
  return {
    ...definition,
    name: definition.name.trim(),
    variants: definition.variants.map((variant) => ({ ...variant, name: variant.name.trim() })),
  };
}

/** Whether both would be saved as the same: blanks around a text, and the order of keys, make no difference. */
export const areSavedAlike = (one: TriggerDefinition, other: TriggerDefinition): boolean =>
  savedText(one) === savedText(other);

const savedText = (definition: TriggerDefinition): string =>
  JSON.stringify(triggerDefinition.safeParse(definition).data ?? definition);
