import { isId } from "../../protocol/ids.ts";
import type { DeliveryPosition } from "../d1/deliveries-people.ts";

/** Cursors of the people behind a number: opaque to clients, and only a place to go on from. */

export function writeDeliveryCursor(position: DeliveryPosition): string {
  return btoa(`${position.decidedAt}.${position.visitor}.${position.delivery}`)
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

/** Null when the text is no cursor. */
export function readDeliveryCursor(text: string): DeliveryPosition | null {
  let plain: string;
  try {
    plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  } catch {
    return null;
  }
  const [decidedAt = "", visitor, delivery, ...more] = plain.split(".");
  if (!/^\d{1,15}$/.test(decidedAt) || more.length > 0) return null;
  if (!isId("vis", visitor) || !isId("dlv", delivery)) return null;
  return { decidedAt: Number(decidedAt), visitor, delivery };
}
