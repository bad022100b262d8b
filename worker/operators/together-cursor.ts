import type { TogetherPosition } from "../../domain/visitors/together.ts";
import { isId, type VisitorId } from "../../protocol/ids.ts";

/**
 * Cursors of what is shown of several visitors together: opaque to clients, and only places to go on from. Whose they
 * are the route asks itself; a visitor that it does not find in the cursor begins anew.
 */

const END = "end";
const PLACE = /^\d{1,15}\.\d{1,4}$/;

export function writeTogetherCursor(position: TogetherPosition): string {
  return [...position].map(([visitor, place]) => `${visitor}.${place ?? END}`).join("~");
}

/** Null when the text is no cursor. */
export function readTogetherCursor(text: string): TogetherPosition | null {
  const position = new Map<VisitorId, string | null>();
  for (const part of text.split("~")) {
    const dot = part.indexOf(".");
    const [visitor, place] = [part.slice(0, dot), part.slice(dot + 1)];
    if (!isId("vis", visitor) || (place !== END && !PLACE.test(place))) return null;
    position.set(visitor, place === END ? null : place);
  }
  return position;
}
