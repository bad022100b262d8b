import type { Action, TriggerDefinition, Variant } from "../../protocol/triggers.ts";
import { placesOf } from "./content.ts";
import { safeLink } from "./links.ts";
import { flawOfTemplate } from "./template.ts";

export type TriggerFlaw = { code: "bad_template" | "invalid"; message: string };

/**
 * What is wrong with a trigger in itself, in words for who makes it; null when nothing is. Whether the segments and
 * operators that it names exist is not looked at here.
 */
export function flawOfTrigger({ when, limits, variants }: TriggerDefinition): TriggerFlaw | null {
  const ids = new Set(variants.map((variant) => variant.id));
  if (ids.size < variants.length) return invalid("Two variants have the same id.");
  const { quietHours } = limits;
  if (quietHours !== null && quietHours.from === quietHours.to)
    return invalid("Quiet hours that end when they begin would never end.");
  if (when.type === "page" && when.moment.on === "click" && /[{};]/.test(when.moment.selector))
    return invalid("The element to click is not a CSS selector.");
  for (const variant of variants) {
    const flaw = flawOfVariant(variant);
    if (flaw !== null) return flaw;
  }
  return null;
}

function flawOfVariant({ name, action }: Variant): TriggerFlaw | null {
  for (const [place, template] of placesOf(action)) {
    const flaw = flawOfTemplate(template);
    if (flaw !== null)
      return { code: "bad_template", message: `Variant "${name}", ${place}: ${flaw}` };
  }
  for (const [place, link] of fixedLinks(action)) {
    if (safeLink(link, null) === null)
      return invalid(`Variant "${name}", ${place}: use an https address or a path of the site.`);
  }
  if (action.type === "popup" && isEmpty(action))
    return invalid(`Variant "${name}": the pop-up says nothing.`);
  return null;
}

/** Links that are the same for everybody; those with places to fill are looked at when they are filled. */
function fixedLinks(action: Action): [place: string, link: string][] {
  if (action.type === "alert") return [];
  const links: [string, string | null | undefined][] = [["button link", action.button?.url]];
  if (action.type === "popup") links.push(["image", action.imageUrl]);
  const product = action.card?.product;
  if (product?.from === "chosen")
    links.push(["product link", product.url], ["product image", product.imageUrl]);
  return links.flatMap(([place, link]) =>
    typeof link === "string" && link !== "" && !link.includes("{") ? [[place, link]] : [],
  );
}

function isEmpty({ heading, text, imageUrl, card }: Extract<Action, { type: "popup" }>): boolean {
  return heading === "" && text === "" && imageUrl === null && card === null;
}

function invalid(message: string): TriggerFlaw {
  return { code: "invalid", message };
}
