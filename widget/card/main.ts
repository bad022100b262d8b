import { linkedText } from "../chat/linked-text.ts";
import { addStyles } from "../colors.ts";
import type { Card, Core } from "../core.ts";
import { cardTexts } from "../languages/moment-texts.ts";
import { action, picture, product } from "./card.ts";
import css from "./card.css";

/** Picture, product and button of what a trigger sent; fetched with the first that has one of them. */
export default function start(core: Core): Card {
  return (core.card ??= create(core));
}

function create({ root }: Core): Card {
  addStyles(root, css);
  return {
    linkedText,
    draw: (content, { texts, locale }, clicked) => [
      ...picture(content.imageUrl, "picture"),
      ...(content.card
        ? [product(content.card, { texts: { ...cardTexts, ...texts }, locale }, clicked)]
        : []),
      ...action(content, clicked),
    ],
  };
}
