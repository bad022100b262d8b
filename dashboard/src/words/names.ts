import type { VisitorLabel } from "../../../protocol/conversation-frames.ts";

/** How a person is called on screens. */
export const nameOf = (visitor: Pick<VisitorLabel, "name" | "placeholder">): string =>
  visitor.name?.trim() || visitor.placeholder;

const segments = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const firstGrapheme = (text: string): string =>
  segments.segment(text)[Symbol.iterator]().next().value?.segment ?? "";

/** One or two letters for an avatar; whole graphemes, so that no emoji or letter is torn apart. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const first = firstGrapheme(words[0] ?? "");
  const last = words.length > 1 ? firstGrapheme(words.at(-1) ?? "") : "";
  const isLettered = (text: string): boolean =>
    /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]/u.test(text);
  if (first === "") return "?";
  return (isLettered(first) && isLettered(last) ? first + last : first).toUpperCase();
}

/** A steady number from 0 to `count - 1` for an id: people keep their colour. */
export function hueOf(id: string, count: number): number {
  let hash = 7;
  for (let i = 0; i < id.length; i++) hash = (Math.imul(hash, 31) + id.charCodeAt(i)) >>> 0;
  return hash % count;
}

/** "1 item", "3 items". */
export const count = (amount: number, one: string, many: string = `${one}s`): string =>
  `${amount.toLocaleString()} ${amount === 1 ? one : many}`;
