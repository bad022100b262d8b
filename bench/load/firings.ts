import { bootVisitor, openPage } from "./shop.ts";
import type { ClientSocket } from "./socket.ts";

/** How many events were sent, and how long it took until what follows from each had arrived. */
export type Storm = { units: number; ms: number };

/** Told to a page: the pop-ups that are due, the newest first. */
type MomentsFrame = { moments: { shown: { delivery: string }[] } };

type Lane = { page: ClientSocket; shown: string | null; told: () => void };

const FIRST_VISITOR = 3_000;
const ANSWER_TIMEOUT_MS = 30_000;

/** Visitors with an open page each, who all do something at once. */
export class FiringLoad {
  readonly #lanes: Lane[];
  #batches = 0;

  private constructor(lanes: Lane[]) {
    this.#lanes = lanes;
  }

  static async open(url: string, visitors: number): Promise<FiringLoad> {
    const lanes: Lane[] = [];
    for (let index = 0; index < visitors; index++) {
      const visitor = await bootVisitor(url, FIRST_VISITOR + index);
      const page = await openPage(url, visitor, (text) => hear(lanes[index], text));
      lanes.push({ page, shown: null, told: () => {} });
    }
    return new FiringLoad(lanes);
  }

  /**
   * Every visitor sends the event so many times, each time closing the pop-up that came before.
   * @param fires Whether a pop-up follows; else each event's answer is waited for.
   */
  async storm(event: string, fires: boolean, times: number): Promise<Storm> {
    const startedAt = performance.now();
    const first = this.#batches * 2 + 1;
    this.#batches += times;
    await Promise.all(
      this.#lanes.map(async (lane) => {
        for (let time = 0; time < times; time++) await send(lane, event, fires, first + time * 2);
      }),
    );
    return { units: this.#lanes.length * times, ms: performance.now() - startedAt };
  }
}

async function send(lane: Lane, event: string, fires: boolean, n: number): Promise<void> {
  const at = Date.now();
  const before =
    lane.shown === null
      ? { type: "time", ms: 1_000 }
      : { type: "reaction", delivery: lane.shown, did: "closed" };
  lane.shown = null;
  const facts = [
    { n, at, ...before },
    { n: n + 1, at, type: "track", name: event, props: { product_id: "kettle-1" } },
  ];
  const told = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("a pop-up never came")), ANSWER_TIMEOUT_MS);
    lane.told = () => (clearTimeout(timer), resolve());
  });
  const answer = await lane.page.ask({ t: "events", stream: "bench", sentAt: at, facts });
  if (answer["t"] !== "ack") throw new Error(`refused: ${JSON.stringify(answer)}`);
  if (!fires) lane.told();
  await told;
}

function hear(lane: Lane | undefined, text: string): void {
  if (lane === undefined || !text.includes('"t":"moments"')) return;
  const { moments } = JSON.parse(text) as MomentsFrame; // declared in the protocol
  const delivery = moments.shown[0]?.delivery;
  if (delivery === undefined) return;
  lane.shown = delivery;
  lane.told();
}
