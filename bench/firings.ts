import { compareRounds } from "./comparison.ts";
import { switchOnPopup } from "./definitions.ts";
import type { LoadGenerator } from "./load/client.ts";
import { median } from "./median.ts";
import { comparedLine, figureLine, type Line } from "./report.ts";
import type { Subject } from "./subjects.ts";

const VISITORS = 200;
const TIMES = 5;
const EVENT = "Bell Rung";
/** No trigger waits for this one. */
const SILENT_EVENT = "Bell Heard";

/** What firings cost when many visitors set off a pop-up at once, beside the same with an event that sets off nothing. */
export async function firingLines(
  load: LoadGenerator,
  product: Subject,
  rounds: number,
): Promise<Line[]> {
  await switchOnPopup(product.url, { type: "event", event: EVENT, where: [] });
  await load.open({ do: "openFirings", name: "firings", url: product.url, visitors: VISITORS });
  const storm = async (event: string) => {
    const before = product.cpuMs();
    const { units, ms } = await load.storm({
      name: "firings",
      event,
      fires: event === EVENT,
      times: TIMES,
    });
    await new Promise((resolve) => setTimeout(resolve, product.settleSeconds * 1_000));
    return { cpuUs: ((product.cpuMs() - before) * 1_000) / units, perSecond: (units * 1_000) / ms };
  };
  for (const event of [SILENT_EVENT, EVENT]) await storm(event);
  const silent: number[] = [];
  const firing: number[] = [];
  const perSecond: number[] = [];
  for (let round = 0; round < rounds; round++) {
    silent.push((await storm(SILENT_EVENT)).cpuUs);
    const fired = await storm(EVENT);
    firing.push(fired.cpuUs);
    perSecond.push(fired.perSecond);
  }
  return [
    figureLine(
      `firings until the page is told, ${VISITORS} visitors at once`,
      median(perSecond),
      "/s",
      null,
    ),
    comparedLine(
      "CPU per event that fires a pop-up, against one that fires nothing",
      "µs",
      compareRounds(silent, firing),
      null,
    ),
  ];
}
