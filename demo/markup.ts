/** Text that is already safe HTML. Only `html` and `trusted` make it. */
export type Markup = { readonly markup: string };

type Value = string | number | Markup | false | undefined | readonly Value[];

const ESCAPES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text made safe for element content and quoted attributes. */
function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}

function render(value: Value): string {
  if (value === false || value === undefined) return "";
  if (typeof value === "string") return escapeText(value);
  if (typeof value === "number") return String(value);
  if ("markup" in value) return value.markup;
  return value.map(render).join("");
}

/** A template whose values are escaped, except markup; lists are joined, false and undefined vanish. */
export function html(strings: TemplateStringsArray, ...values: Value[]): Markup {
  const markup = strings.reduce((text, part, index) => text + render(values[index - 1]) + part);
  return { markup };
}

/** Marks text of our own making, such as a drawing, as safe HTML. */
export function trusted(markup: string): Markup {
  return { markup };
}
