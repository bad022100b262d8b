import type { MomentContent, ProductCard } from "../../protocol/triggers.ts";
import type { Clicked } from "../core.ts";
import { element } from "../element.ts";
import type { cardTexts } from "../languages/moment-texts.ts";
import { fill } from "../languages/texts.ts";
import { safeLink } from "./links.ts";
import { formatMoney } from "./price.ts";

const COPIED_MS = 2_000;

type Texts = typeof cardTexts;

/** A picture, or nothing where there is none or the page does not allow it. */
export function picture(address: string | null, name: string): HTMLElement[] {
  const src = safeLink(address);
  if (!src) return [];
  const image = element("img", { src, alt: "", class: name });
  image.addEventListener("error", () => image.remove());
  return [image];
}

/** What leads further: a link in the same tab, or a button that opens the chat. */
export function action({ button }: MomentContent, clicked: Clicked): HTMLElement[] {
  if (!button) return [];
  const href = safeLink(button.url);
  if (button.url && !href) return [];
  const click = (event: Event) => clicked(!href, event);
  return [
    href
      ? element("a", { class: "action", dir: "auto", href, click }, button.label)
      : element("button", { class: "action", dir: "auto", type: "button", click }, button.label),
  ];
}

/** A product with its price, what it costs this person, and the code that makes it so. */
export function product(
  { name, url, imageUrl, price, discounted, code }: ProductCard,
  { texts, locale }: { texts: Texts; locale: string },
  clicked: Clicked,
): HTMLElement {
  const href = safeLink(url);
  const about = element(
    "span",
    { class: "about" },
    element("span", { class: "name", dir: "auto" }, name),
  );
  const now = discounted ?? price;
  const said = (tag: "s" | "b", text: string, amount: string) =>
    element(
      tag,
      {},
      element("span", { class: "unseen" }, fill(text, { price: amount })),
      element("span", { "aria-hidden": "true" }, amount),
    );
  if (now) {
    const amounts = element("span", { class: "price" });
    amounts.append(said("b", discounted ? texts.priceNow : texts.price, formatMoney(now, locale)));
    if (discounted && price)
      amounts.append(" ", said("s", texts.priceBefore, formatMoney(price, locale)));
    about.append(amounts);
  }
  const parts = [...picture(imageUrl, "shot"), about];
  const card = element(
    "div",
    { class: "product" },
    href
      ? element("a", { href, click: (event: Event) => clicked(false, event) }, ...parts)
      : element("div", {}, ...parts),
  );
  if (code) card.append(copyable(code, texts));
  return card;
}

function copyable(code: string, texts: Texts): HTMLElement {
  const copy = element("button", { type: "button", click }, texts.copyCode);
  const told = element("span", { class: "unseen", role: "status" });
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function click() {
    await navigator.clipboard.writeText(code);
    copy.textContent = told.textContent = texts.copied;
    clearTimeout(timer);
    timer = setTimeout(() => {
      copy.textContent = texts.copyCode;
      told.textContent = "";
    }, COPIED_MS);
  }

  return element(
    "div",
    { class: "code" },
    element("code", { dir: "ltr" }, code),
    // Without a secure page there is no clipboard: the code can be selected by one click.
    ...((navigator.clipboard as Clipboard | undefined) ? [copy] : []),
    told,
  );
}
