import type { Core } from "./core.ts";
import { inkOn } from "./loader/contrast.ts";

/** Gives an element the workspace's colour, the text colour on it, and the workspace's side of the page. */
export function dress(node: HTMLElement, { settings: { color, position } }: Core): void {
  const ink = inkOn(color);
  node.style.setProperty("--accent", color);
  node.style.setProperty("--ink", ink);
  // Mixed into the accent it only ever adds contrast.
  node.style.setProperty("--far", ink === "#000" ? "#fff" : "#000");
  node.classList.toggle("left", position === "left");
}

/** Adds a style sheet to the widget's own. Never an element, which a strict CSP would refuse. */
export function addStyles(root: ShadowRoot, css: string): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}
