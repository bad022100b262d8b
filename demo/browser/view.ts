import type { Markup } from "../markup.ts";

function takeAttributes(current: Element, next: Element): void {
  for (const name of current.getAttributeNames()) {
    if (!next.hasAttribute(name)) current.removeAttribute(name);
  }
  for (const { name, value } of next.attributes) {
    if (current.getAttribute(name) !== value) current.setAttribute(name, value);
  }
}

function isAlike(current: Node, next: Node): boolean {
  if (current.nodeName !== next.nodeName) return false;
  return !(current instanceof Element && next instanceof Element) || current.id === next.id;
}

/** Changes only what differs, so that focus, selection and half-typed text stay where they are. */
function takeChildren(current: Node, next: Node): void {
  const olds = [...current.childNodes];
  const news = [...next.childNodes];
  const isSameShape =
    olds.length === news.length && olds.every((old, index) => isAlike(old, news[index] ?? next));
  if (!isSameShape) {
    while (current.firstChild !== null) current.removeChild(current.firstChild);
    for (const node of news) current.appendChild(node);
    return;
  }
  olds.forEach((old, index) => {
    const wanted = news[index] ?? next;
    if (old instanceof Element && wanted instanceof Element) {
      takeAttributes(old, wanted);
      takeChildren(old, wanted);
    } else if (old.nodeValue !== wanted.nodeValue) {
      old.nodeValue = wanted.nodeValue;
    }
  });
}

/** Puts a view on the page; if the focused control is gone with what changed, the title gets the focus. */
export function showView(view: Markup): void {
  const place = document.querySelector<HTMLElement>("[data-view]");
  if (place === null) return;
  const wasInside = place.contains(document.activeElement);
  const template = document.createElement("template");
  template.innerHTML = view.markup;
  takeChildren(place, template.content);
  if (wasInside && !place.contains(document.activeElement)) focusTitle();
}

/** Moves the focus to the title of what has just been shown. */
export function focusTitle(): void {
  document.querySelector<HTMLElement>("[data-view] h1")?.focus();
}
