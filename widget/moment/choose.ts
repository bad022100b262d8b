import type { DeliveryId } from "../../protocol/ids.ts";
import type { Moment } from "../../protocol/triggers.ts";

/**
 * Which pop-up to show of those that are due: the one that is shown already stays, else the newest, and of equally new
 * ones the first. `isDone`: the person is done with it, whatever the server knows by now.
 */
export function choose(
  due: readonly Moment[],
  shown: DeliveryId | undefined,
  isDone: (moment: Moment) => boolean,
): Moment | undefined {
  const left = due
    .filter((moment) => moment.content.kind === "popup" && !isDone(moment))
    .sort((a, b) => b.at - a.at);
  return left.find(({ delivery }) => delivery === shown) ?? left[0];
}
