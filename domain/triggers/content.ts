import type { DeliveryId } from "../../protocol/ids.ts";
import type { Action, MomentContent, ProductCard, SkipReason } from "../../protocol/triggers.ts";
import type { PersonView } from "../segments/person-view.ts";
import type { Firing } from "./firing.ts";
import { safeLink } from "./links.ts";
import { productCard } from "./product.ts";
import { personKeys, scopeOf, withPerson, type Scope } from "./scope.ts";
import { fill, fillLine, type Filled } from "./template.ts";

/** What one person would be shown, or why nothing. */
export type Said =
  | { ok: true; content: MomentContent | null; alert: string | null; code: string | null }
  | { ok: false; reason: SkipReason; detail: string | null };

export type Saying = {
  view: PersonView;
  event: Firing["event"];
  delivery: DeliveryId;
  /** The page that paths are resolved against; null where none is known. */
  siteUrl: string | null;
};

/** Fills an action in for one person. Every text is plain, every link is safe. */
export function sayingOf(action: Action, { view, event, delivery, siteUrl }: Saying): Said {
  const card =
    action.type === "alert" || action.card === null
      ? null
      : productCard(action.card, view, delivery, siteUrl);
  if (action.type !== "alert" && action.card !== null && card === null)
    return { ok: false, reason: "no_product", detail: action.card.product.from };
  const code = card?.code ?? null;
  const base = scopeOf({ view, event, product: card, code });
  const scope = withPerson(base, view, personKeys(templatesOf(action).join("\n")));
  if (action.type === "alert") {
    const text = fill(action.text, scope);
    return text.ok ? { ok: true, content: null, alert: text.text, code: null } : missing(text);
  }
  return contentOf(action, scope, card, siteUrl);
}

/** Every template of an action, with a word for where it stands. */
export function placesOf(action: Action): [place: string, template: string][] {
  if (action.type === "alert") return [["text", action.text]];
  const { text, button } = action;
  const places: [string, string][] = [["text", text]];
  if (action.type === "popup") {
    places.push(["heading", action.heading]);
    if (action.imageUrl !== null) places.push(["image", action.imageUrl]);
  }
  if (button !== null) {
    places.push(["button", button.label]);
    if (button.url !== null) places.push(["button link", button.url]);
  }
  return places;
}

function templatesOf(action: Action): string[] {
  return placesOf(action).map(([, template]) => template);
}

function contentOf(
  action: Exclude<Action, { type: "alert" }>,
  scope: Scope,
  card: ProductCard | null,
  siteUrl: string | null,
): Said {
  const isPopup = action.type === "popup";
  const text = fill(action.text, scope);
  if (!text.ok) return missing(text);
  const heading = isPopup ? fillLine(action.heading, scope) : NOTHING;
  if (!heading.ok) return missing(heading);
  const label = action.button === null ? NOTHING : fillLine(action.button.label, scope);
  if (!label.ok) return missing(label);
  const url = linkOf(action.button?.url ?? null, scope, siteUrl);
  if (!url.ok) return { ok: false, reason: "missing_value", detail: url.missing };
  const image = linkOf(isPopup ? action.imageUrl : null, scope, siteUrl);
  if (!image.ok) return { ok: false, reason: "missing_value", detail: image.missing };
  return {
    ok: true,
    alert: null,
    code: card?.code ?? null,
    content: {
      kind: action.type,
      place: isPopup ? action.place : null,
      heading: heading.text,
      text: text.text,
      imageUrl: image.link,
      button: action.button === null ? null : { label: label.text, url: url.link },
      card,
      canAnswer: isPopup ? action.canAnswer : true,
    },
  };
}

const NOTHING: Filled = { ok: true, text: "" };

function linkOf(
  template: string | null,
  scope: Scope,
  siteUrl: string | null,
): { ok: true; link: string | null } | { ok: false; missing: string } {
  if (template === null || template === "") return { ok: true, link: null };
  const filled = fillLine(template, scope);
  if (!filled.ok) return filled;
  const link = safeLink(filled.text, siteUrl);
  return link === null ? { ok: false, missing: "link" } : { ok: true, link };
}

function missing(filled: Extract<Filled, { ok: false }>): Said {
  return { ok: false, reason: "missing_value", detail: filled.missing };
}
