import { element } from "../element.ts";
import { findLinks } from "./links.ts";

/** Text whose web addresses are links that leave this page alone. */
export const linkedText = (text: string): (Node | string)[] =>
  findLinks(text).map((part) =>
    typeof part === "string"
      ? part
      : element("a", { href: part.href, target: "_blank", rel: "noopener noreferrer" }, part.text),
  );
