/** What can be filled into a text, each with a fallback for people of whom it is not known. */
export const TEMPLATE_VALUES: readonly { label: string; place: string }[] = [
  { label: "First name", place: '{{ person.first_name | default: "there" }}' },
  { label: "Name", place: '{{ person.name | default: "there" }}' },
  { label: "Email", place: '{{ person.email | default: "your address" }}' },
  { label: "A property of the person", place: '{{ person.plan | default: "your plan" }}' },
  { label: "A property of the event", place: '{{ event.name | default: "it" }}' },
  { label: "Total of the cart", place: '{{ cart.total | default: "your cart" }}' },
];

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
