import {
  triggerDefinition,
  type Action,
  type TriggerDefinition,
} from "../../../protocol/triggers.ts";
import {
  flawOf as flawOfCondition,
  flawOfEvent,
  flawOfFilters,
  flawOfText,
} from "../conditions/flaws.ts";
import { PERIOD_MAX_MS, WAIT_MAX_MS } from "../../../protocol/limits.ts";

/** What keeps a definition from being saved, said at its place. */

export type Part = "name" | "when" | "who" | "wait" | "limits" | "what" | "holdOut" | "goal";
export type Flaw = {
  part: Part;
  text: string;
  /** Of which variant. */
  variant?: string;
  /** Of which field, where the screen shows it there. */
  field?: "text" | "button" | "card" | "imageUrl" | "weight";
};

/** In the order of the page. Empty where it can be saved. */
export function flawsOf(definition: TriggerDefinition): Flaw[] {
  const flaws: Flaw[] = [];
  const add = (part: Part, text: string | null): void => {
    if (text !== null) flaws.push({ part, text });
  };
  add("name", definition.name.trim() === "" ? "Give it a name." : null);
  add("when", flawOfWhen(definition.when));
  add("who", definition.who === null ? null : flawOfCondition(definition.who));
  add(
    "wait",
    isWholeWithin(definition.waitMs, 0, WAIT_MAX_MS)
      ? null
      : "Wait at most 30 days, in whole minutes.",
  );
  add("limits", flawOfLimits(definition.limits));
  for (const { id, weight, name, action } of definition.variants) {
    const label = definition.variants.length === 1 ? "" : `${name}: `;
    for (const flaw of flawsOfAction(action))
      flaws.push({ ...flaw, variant: id, text: `${label}${flaw.text}` });
    if (!isWholeWithin(weight, 1, 100))
      flaws.push({
        part: "what",
        variant: id,
        field: "weight",
        text: `${label}Its weight is from 1 to 100.`,
      });
    if (name.trim() === "")
      flaws.push({ part: "what", variant: id, text: "Give each variant a name." });
  }
  add("holdOut", isWholeWithin(definition.holdOut, 0, 50) ? null : "Hold out from 0 to 50 %.");
  add("goal", flawOfGoal(definition.goal));
  if (flaws.length > 0) return flaws;
  const parsed = triggerDefinition.safeParse(definition);
  if (parsed.success) return [];
  const at = parsed.error.issues[0]?.path[0];
  return [{ part: PARTS[String(at)] ?? "what", text: "Something here is not as it should be." }];
}

const PARTS: { readonly [key: string]: Part } = {
  name: "name",
  when: "when",
  who: "who",
  waitMs: "wait",
  limits: "limits",
  variants: "what",
  holdOut: "holdOut",
  goal: "goal",
};

const isWholeWithin = (value: number, from: number, to: number): boolean =>
  Number.isInteger(value) && value >= from && value <= to;

function flawOfWhen(when: TriggerDefinition["when"]): string | null {
  switch (when.type) {
    case "event":
      return flawOfEvent(when.event) ?? flawOfFilters(when.where);
    case "segment":
      return when.segment === "" ? "Choose a segment." : null;
    case "page":
      return (when.page === null ? null : flawOfText(when.page)) ?? flawOfMoment(when.moment);
  }
}

function flawOfMoment(moment: Extract<TriggerDefinition["when"], { type: "page" }>["moment"]) {
  switch (moment.on) {
    case "time":
      return isWholeWithin(moment.seconds, 0, 3_600) ? null : "From 0 to 3,600 seconds.";
    case "inactivity":
      return isWholeWithin(moment.seconds, 1, 3_600) ? null : "From 1 to 3,600 seconds.";
    case "scroll":
      return isWholeWithin(moment.percent, 1, 100) ? null : "From 1 to 100 %.";
    case "click":
      return flawOfSelector(moment.selector);
    case "exit":
      return null;
  }
}

function flawOfSelector(selector: string): string | null {
  if (selector.trim() === "") return "Name the element by a CSS selector, such as #buy or .price.";
  try {
    globalThis.document?.createDocumentFragment().querySelector(selector);
    return null;
  } catch {
    return "This is not a CSS selector.";
  }
}

function flawOfLimits({
  repeat,
  quietHours,
  priority,
}: TriggerDefinition["limits"]): string | null {
  if (repeat.type === "period" && !isWholeWithin(repeat.ms, 60_000, PERIOD_MAX_MS))
    return "The period is from 1 minute to 366 days.";
  if (quietHours !== null) {
    if (quietHours.from === "" || quietHours.to === "") return "Say from when to when it is quiet.";
    if (quietHours.from === quietHours.to) return "Quiet hours begin and end at different times.";
  }
  return isWholeWithin(priority, 0, 100) ? null : "The priority is from 0 to 100.";
}

/** What one message lacks. */
export function flawsOfAction(action: Action): Flaw[] {
  const flaws: Flaw[] = [];
  const add = (text: string, field?: NonNullable<Flaw["field"]>): void => {
    flaws.push({ part: "what", text, ...(field === undefined ? {} : { field }) });
  };
  if (action.type === "popup") {
    const isEmpty =
      action.heading.trim() === "" && action.text.trim() === "" && action.card === null;
    if (isEmpty) add("Write what it says.", "text");
    if (action.imageUrl !== null && !isLink(action.imageUrl))
      add("The picture’s address starts with https:// or /.", "imageUrl");
  } else if (action.text.trim() === "") add("Write what it says.", "text");
  if (action.type === "alert") return flaws;
  if (action.button !== null) {
    if (action.button.label.trim() === "") add("Say what is on the button.", "button");
    else if (action.button.url !== null && !isLink(action.button.url))
      add("The button’s address starts with https:// or /.", "button");
  }
  const card = action.card === null ? null : flawOfCard(action.card);
  if (card !== null) add(card, "card");
  return flaws;
}

/** A template may come to an address only once it is filled in. */
const isLink = (url: string): boolean => /^(https:\/\/\S|\/|\{\{|\{%)/.test(url.trim());

function flawOfCard({
  product,
  discount,
  code,
}: NonNullable<Extract<Action, { type: "chat" }>["card"]>) {
  if (product.from === "chosen") {
    if (product.name.trim() === "") return "Name the product.";
    if (!isLink(product.url)) return "The product’s address starts with https:// or /.";
    if (product.imageUrl !== null && !isLink(product.imageUrl))
      return "The picture’s address starts with https:// or /.";
    if (product.price !== null && !isWholeWithin(product.price.amountMinor, 0, 1e12))
      return "Write the price.";
  }
  if (discount?.type === "percent" && !isWholeWithin(discount.off, 1, 99))
    return "The discount is from 1 to 99 %.";
  if (discount?.type === "price" && !isWholeWithin(discount.amountMinor, 0, 1e12))
    return "Write the price for this person.";
  if (code?.type === "fixed" && !/^[\w-]{1,40}$/.test(code.code))
    return "A code is letters, digits, - and _, at most 40.";
  if (code?.type === "personal" && !/^[A-Z0-9]{1,20}$/.test(code.prefix))
    return "What codes begin with is capital letters and digits, at most 20.";
  return null;
}

function flawOfGoal(goal: TriggerDefinition["goal"]): string | null {
  if (goal === null) return null;
  const { value } = goal;
  if (!isWholeWithin(goal.windowMs, 60_000, PERIOD_MAX_MS))
    return "The goal counts within 1 minute to 366 days.";
  if (value?.type === "fixed" && !isWholeWithin(value.amountMinor, 0, 1e12))
    return "Write what reaching the goal is worth.";
  if (value?.type === "property" && value.key.trim() === "")
    return "Choose the property that holds the amount.";
  return flawOfEvent(goal.event) ?? flawOfFilters(goal.where);
}
