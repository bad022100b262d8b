import { createComposer } from "../chat/composer.ts";
import css from "../chat/composer.css";
import { addStyles } from "../colors.ts";
import type { AnswerField, Core } from "../core.ts";

/** The field for an answer in a pop-up: the chat's own, without the chat. */
export default function start(core: Core): AnswerField {
  return (core.answer ??= create(core));
}

function create({ root }: Core): AnswerField {
  addStyles(root, css);
  return { createComposer };
}
