import type { Catalogue } from "../../../protocol/segments-api.ts";

type TemplateValue = { label: string; place: string };

const VALUES: readonly TemplateValue[] = [
  { label: "First name", place: '{{ person.first_name | default: "there" }}' },
  { label: "First thing in the cart", place: '{{ cart.first | default: "your choice" }}' },
  { label: "Total of the cart", place: '{{ cart.total | default: "your cart" }}' },
  { label: "Name of the product shown", place: '{{ product.name | default: "this" }}' },
  { label: "Price for this person", place: '{{ product.discounted | default: "less" }}' },
  { label: "Code", place: '{{ code | default: "" }}' },
  { label: "What the event calls it", place: '{{ event.name | default: "it" }}' },
  { label: "Title of the page", place: '{{ session.title | default: "this page" }}' },
];

/** Further ones than these are written by hand. */
const PROPERTIES_MAX = 30;

/** What can be filled into a text, each with a fallback for people of whom it is not known. */
export function templateValues(properties: Catalogue["properties"]): TemplateValue[] {
  const own = properties
    .filter(({ key }) => /^[\p{L}_][\p{L}\p{N}_-]*$/u.test(key))
    .slice(0, PROPERTIES_MAX)
    .map(({ key }) => ({ label: `Property ${key}`, place: `{{ person.${key} | default: "" }}` }));
  return [...VALUES, ...own];
}

/** A text with a place put in for what is selected, and where the cursor stands afterwards. */
export function withInserted(
  text: string,
  place: string,
  from: number,
  to: number,
): { text: string; caret: number } {
  const before = text.slice(0, from);
  const gap = before === "" || /\s$/.test(before) ? "" : " ";
  return { text: before + gap + place + text.slice(to), caret: from + gap.length + place.length };
}
