import type { OperatorCard } from "../protocol/operators.ts";
import { element } from "./element.ts";

/** First letters of the first and the last word of a name. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words;
  return ends
    .map((word = "") => /^./u.exec(word)?.[0] ?? "")
    .join("")
    .toUpperCase();
}

/** An operator's photo, or the initials where there is none or the page does not allow pictures from us. */
export function face(host: string, { name, photo }: OperatorCard): HTMLElement {
  const node = element("span", { class: "face", "aria-hidden": "true" }, initials(name));
  if (photo) {
    const picture = element("img", { src: host + photo, alt: "" });
    picture.addEventListener("error", () => picture.remove());
    node.append(picture);
  }
  return node;
}
