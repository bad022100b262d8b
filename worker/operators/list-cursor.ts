import { isId } from "../../protocol/ids.ts";
import type { ListPosition } from "../d1/conversations.ts";

/** Cursors of lists: opaque to clients, and only a place to go on from. The query names the workspace itself. */

export function writeCursor(position: ListPosition): string {
  return btoa(`${position.lastAt}.${position.id}`)
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

/** Null when the text is no cursor. */
export function readCursor(text: string): ListPosition | null {
  let plain: string;
  try {
    plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  } catch {
    return null;
  }
  const [lastAt = "", id, ...more] = plain.split(".");
  if (!/^\d{1,15}$/.test(lastAt) || !isId("cnv", id) || more.length > 0) return null;
  return { lastAt: Number(lastAt), id };
}
