import type { Action, TriggerDefinition, Variant } from "../../protocol/triggers.ts";
import { placesOf } from "./content.ts";
import { mayBecomeLink, safeLink } from "./links.ts";
import { flawOfTemplate } from "./template.ts";

type TriggerFlaw = { code: "bad_template" | "invalid"; message: string };

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
  for (const [place, link] of filledLinks(action)) {
    if (!mayBecomeLink(link))
      return invalid(
        `Variant "${name}", ${place}: use an https address or a path of the site, with nothing to fill before the path.`,
      );
  }
  for (const [place, link] of fixedLinks(action)) {
    if (safeLink(link) === null)
      return invalid(`Variant "${name}", ${place}: use an https address or a path of the site.`);
  }
  if (action.type === "popup" && isEmpty(action))
    return invalid(`Variant "${name}": the pop-up says nothing.`);
  return null;
}

type Links = [place: string, link: string][];

/** Links that are templates. */
function filledLinks(action: Action): Links {
  if (action.type === "alert") return [];
  return withoutEmpty([
    ["button link", action.button?.url],
    ["image", action.type === "popup" ? action.imageUrl : null],
  ]);
}

/** Links of a chosen product, which are the same for everybody. */
function fixedLinks(action: Action): Links {
  const product = action.type === "alert" ? null : action.card?.product;
  if (product?.from !== "chosen") return [];
  return withoutEmpty([
    ["product link", product.url],
    ["product image", product.imageUrl],
  ]);
}

function withoutEmpty(links: [place: string, link: string | null | undefined][]): Links {
  return links.flatMap(([place, link]) =>
    typeof link === "string" && link !== "" ? [[place, link]] : [],
  );
}

function isEmpty({ heading, text, imageUrl, card }: Extract<Action, { type: "popup" }>): boolean {
  return heading === "" && text === "" && imageUrl === null && card === null;
}

function invalid(message: string): TriggerFlaw {
  return { code: "invalid", message };
}
