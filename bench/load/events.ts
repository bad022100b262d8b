import { median } from "../median.ts";
import type { Figures } from "./figures.ts";
import { pace } from "./pace.ts";
import { bootVisitor, openPage, SHOP_ORIGIN } from "./shop.ts";
import { ClientSocket } from "./socket.ts";

export type Way = "http" | "socket";

type Fact = { [key: string]: unknown };
type Batch = { stream: string; sentAt: number; facts: Fact[] };
/** Sends one batch and resolves with the numbers that were refused. */
type Lane = (batch: Batch) => Promise<unknown>;

const BATCH = 10;

/** Visitors who browse a shop and tell it in batches of ten facts, one after the other. */
export class EventLoad {
  readonly #lanes: Lane[];
  readonly #numbers: number[];
  /** Each visitor's last batch under way. */
  readonly #last: Promise<void>[];

  private constructor(lanes: Lane[]) {
    this.#lanes = lanes;
    this.#numbers = lanes.map(() => 0);
    this.#last = lanes.map(() => Promise.resolve());
  }

  static async open(
    kind: "floor" | "product",
    way: Way,
    url: string,
    visitors: number,
  ): Promise<EventLoad> {
    const lanes: Lane[] = [];
    for (let index = 0; index < visitors; index++) {
      lanes.push(await (kind === "floor" ? floorLane : productLane)(url, way, index));
    }
    return new EventLoad(lanes);
  }

  /** Sends batches at an even pace and waits until every one is acknowledged. */
  async run(batchesPerSecond: number, seconds: number): Promise<Figures> {
    const delays: number[] = [];
    const batches = await pace(batchesPerSecond, seconds, (index) => {
      const lane = index % this.#lanes.length;
      this.#last[lane] = this.#send(lane, this.#last[lane], delays);
    });
    await Promise.all(this.#last);
    return { units: batches * BATCH, p50Ms: median(delays) };
  }

  async #send(lane: number, before: Promise<void> | undefined, delays: number[]): Promise<void> {
    const sentAt = performance.now();
    await before;
    const first = (this.#numbers[lane] ?? 0) + 1;
    this.#numbers[lane] = first + BATCH - 1;
    const refused = await this.#lanes[lane]?.(browse(first));
    if (Array.isArray(refused) && refused.length > 0)
      throw new Error(`refused: ${JSON.stringify(refused)}`);
    delays.push(performance.now() - sentAt);
  }
}

async function floorLane(url: string, way: Way, index: number): Promise<Lane> {
  const log = new URL(`/log-${index}`, url);
  if (way === "http") return async (batch) => void (await post(log, batch));
  const socket = await ClientSocket.open(log);
  return async (batch) => void (await socket.ask(batch));
}

async function productLane(url: string, way: Way, index: number): Promise<Lane> {
  const visitor = await bootVisitor(url, (way === "http" ? 1_000 : 2_000) + index);
  if (way === "http") {
    const events = new URL("/v1/events", url);
    return async (batch) => (await post(events, { ...batch, token: visitor.token }))["rejected"];
  }
  const page = await openPage(url, visitor);
  return async (batch) => (await page.ask({ t: "events", ...batch }))["rejected"];
}

async function post(url: URL, body: object): Promise<{ [key: string]: unknown }> {
  const answer = await fetch(url, {
    method: "POST",
    headers: SHOP_ORIGIN,
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${url.pathname}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as { [key: string]: unknown }; // every subject answers with an object
}

const SHOP = "http://localhost:4000";

/** What a person does within half a minute in a shop, numbered from `first`. */
function browse(first: number): Batch {
  const at = Date.now();
  const product = {
    product_id: `kettle-${first % 7}`,
    name: "Stove-top kettle",
    price: 49.9,
    currency: "EUR",
  };
  const viewed = {
    type: "track",
    name: "Product Viewed",
    props: { ...product, category: "Kettles" },
  };
  const facts: Fact[] = [
    { type: "page", url: `${SHOP}/search?q=kettle`, title: "Search: kettle" },
    { type: "track", name: "Products Searched", props: { query: "kettle", results: 12 } },
    {
      type: "track",
      name: "Product List Viewed",
      props: { list_id: "search", category: "Kettles" },
    },
    { type: "page", url: `${SHOP}/kettles/stove-top`, title: "Stove-top kettle" },
    viewed,
    { type: "time", ms: 4_000 },
    {
      type: "track",
      name: "Product Viewed",
      props: { ...product, category: "Kettles", position: 3 },
    },
    viewed,
    { type: "track", name: "Product Added", props: { ...product, quantity: 1 } },
    { type: "time", ms: 5_000 },
  ];
  return {
    stream: "bench",
    sentAt: at,
    facts: facts.map((fact, index) => ({ n: first + index, at, ...fact })),
  };
}
