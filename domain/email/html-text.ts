/** The words of an HTML mail, for reading: one pass over its tags, nothing in it is ever run or loaded. */

/** What is inside these is not text. */
const SILENT = new Set(["head", "script", "style", "title", "template", "noscript"]);
const BREAKING = new Set([
  "address",
  "article",
  "blockquote",
  "center",
  "dd",
  "div",
  "dl",
  "dt",
  "footer",
  "form",
  "h1",
  "h2",
  "h3",
  "h4",
  "h5",
  "h6",
  "header",
  "hr",
  "li",
  "main",
  "ol",
  "p",
  "pre",
  "section",
  "table",
  "tbody",
  "tfoot",
  "thead",
  "tr",
  "ul",
]);
const NAMED: Record<string, string> = {
  amp: "&",
  apos: "'",
  bull: "•",
  copy: "©",
  euro: "€",
  gt: ">",
  hellip: "…",
  laquo: "«",
  ldquo: "“",
  lsquo: "‘",
  lt: "<",
  mdash: "—",
  nbsp: " ",
  ndash: "–",
  quot: '"',
  raquo: "»",
  rdquo: "”",
  reg: "®",
  rsquo: "’",
  shy: "",
};

/** Text of a piece of HTML. Quoted blocks become lines that begin with `>`, as in a text mail. */
export function htmlText(html: string): string {
  const lines: string[] = [];
  let line = "";
  let quotes = 0;
  let silent: string | null = null;
  const endLine = (): void => {
    const text = line.replace(/[ \t\r\n\f]+/g, " ").trim();
    const mark = "> ".repeat(Math.min(quotes, 5));
    if (text !== "") lines.push(`${mark}${text}`);
    else if (lines.length > 0 && lines.at(-1) !== "") lines.push("");
    line = "";
  };
  for (let at = 0; at < html.length;) {
    const open = html.indexOf("<", at);
    const text = html.slice(at, open < 0 ? undefined : open);
    if (silent === null) line += decodeEntities(text);
    if (open < 0) break;
    if (html.startsWith("<!--", open)) {
      const end = html.indexOf("-->", open + 4);
      if (end < 0) break;
      at = end + 3;
      continue;
    }
    const end = html.indexOf(">", open);
    if (end < 0) break;
    const [, slash = "", name = ""] =
      /^<(\/?)([a-zA-Z][a-zA-Z0-9]*)/.exec(html.slice(open, open + 40)) ?? [];
    const tag = name.toLowerCase();
    at = end + 1;
    if (silent !== null) {
      if (slash === "/" && tag === silent) silent = null;
    } else if (SILENT.has(tag) && slash === "") silent = tag;
    else if (tag === "br") endLine();
    else if (BREAKING.has(tag)) {
      if (hasText(line)) endLine();
      // Spaces alone begin no line, and would be looked at again by every tag that follows.
      else line = "";
      if (tag === "blockquote") quotes = Math.max(0, quotes + (slash === "" ? 1 : -1));
      if (tag === "p" && slash === "/") endLine();
    } else if (tag === "td" || tag === "th") line += " ";
  }
  if (hasText(line)) endLine();
  return lines.join("\n").trim();
}

const hasText = (line: string): boolean => line.trim() !== "";

function decodeEntities(text: string): string {
  return text.replace(
    /&(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});/g,
    (whole, name: string) => {
      if (!name.startsWith("#")) return NAMED[name.toLowerCase()] ?? whole;
      const hex = /^#[xX]/.test(name);
      const code = Number.parseInt(name.slice(hex ? 2 : 1), hex ? 16 : 10);
      const isCharacter = code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
      return isCharacter ? String.fromCodePoint(code) : "\ufffd";
    },
  );
}
