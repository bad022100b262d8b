import type { DeliveryId } from "../../protocol/ids.ts";
import type { Action, MomentContent, ProductCard, SkipReason } from "../../protocol/triggers.ts";
import type { PersonView } from "../segments/person-view.ts";
import type { Firing } from "./firing.ts";
import { safeLink } from "./links.ts";
import { productCard } from "./product.ts";
import { personKeys, scopeOf, withPerson, type Scope } from "./scope.ts";
import { fill, fillLine, fillLink, type Filled } from "./template.ts";

/** What one person would be shown, or why nothing. */
export type Said =
  | { ok: true; content: MomentContent | null; alert: string | null; code: string | null }
  | { ok: false; reason: SkipReason; detail: string | null };

type Saying = {
  view: PersonView;
  event: Firing["event"];
  delivery: DeliveryId;
};

/** Fills an action in for one person. Every text is plain, every link is safe. */
export function sayingOf(action: Action, { view, event, delivery }: Saying): Said {
  const card =
    action.type === "alert" || action.card === null
      ? null
      : productCard(action.card, view, delivery);
  if (action.type !== "alert" && action.card !== null && card === null)
    return { ok: false, reason: "no_product", detail: action.card.product.from };
  const code = card?.code ?? null;
  const base = scopeOf({ view, event, product: card, code });
  const scope = withPerson(base, view, personKeys(templatesOf(action).join("\n")));
  if (action.type === "alert") {
    const text = fill(action.text, scope);
    if (!text.ok) return missing(text);
    if (text.text === "") return missing({ ok: false, missing: "text" });
    return { ok: true, content: null, alert: text.text, code: null };
  }
  return contentOf(action, scope, card);
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
): Said {
  const popup = action.type === "popup" ? action : null;
  const text = fill(action.text, scope);
  if (!text.ok) return missing(text);
  const heading = popup === null ? NOTHING : fillLine(popup.heading, scope);
  if (!heading.ok) return missing(heading);
  const label = action.button === null ? NOTHING : fillLine(action.button.label, scope);
  if (!label.ok) return missing(label);
  const url = linkOf("button link", action.button?.url ?? null, scope);
  if (!url.ok) return missing(url);
  const image = linkOf("image", popup?.imageUrl ?? null, scope);
  if (!image.ok) return missing(image);
  if (action.button !== null && label.text === "") return missing({ ok: false, missing: "button" });
  const hasWords = text.text !== "" || heading.text !== "";
  if (!hasWords && (popup === null || (image.link === null && card === null)))
    return missing({ ok: false, missing: "text" });
  return {
    ok: true,
    alert: null,
    code: card?.code ?? null,
    content: {
      kind: action.type,
      place: popup?.place ?? null,
      heading: heading.text,
      text: text.text,
      imageUrl: image.link,
      button: action.button === null ? null : { label: label.text, url: url.link },
      card,
      canAnswer: popup?.canAnswer ?? true,
    },
  };
}

const NOTHING: Filled = { ok: true, text: "" };

type Missing = Extract<Filled, { ok: false }>;

function linkOf(
  place: string,
  template: string | null,
  scope: Scope,
): { ok: true; link: string | null } | Missing {
  if (template === null || template === "") return { ok: true, link: null };
  const filled = fillLink(template, scope);
  if (!filled.ok) return filled;
  const link = safeLink(filled.text);
  return link === null ? { ok: false, missing: place } : { ok: true, link };
}

function missing({ missing: detail }: Missing): Said {
  return { ok: false, reason: "missing_value", detail };
}
