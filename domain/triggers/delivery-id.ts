import { newId, type DeliveryId, type TriggerId, type VisitorId } from "../../protocol/ids.ts";
import { hash128 } from "./hash.ts";

/**
 * The id of one firing's delivery: the same however often it is decided, so that it is decided once.
 * @param key Names the firing among all of this trigger for this visitor.
 * @param at Epoch milliseconds; the same for every try.
 */
export function deliveryId(
  visitor: VisitorId,
  trigger: TriggerId,
  key: string,
  at: number,
): DeliveryId {
  const bytes = new Uint8Array(
    new Uint32Array(hash128(`${visitor}|${trigger}|${key}`)).buffer,
    0,
    10,
  );
  return newId("dlv", Math.max(0, at), bytes);
}
