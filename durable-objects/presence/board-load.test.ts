import { env } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";
import { presenceName } from "../../protocol/addresses.ts";
import { newId, type VisitorId, type WorkspaceId } from "../../protocol/ids.ts";
import { PRESENCE_LEASE_MS } from "../../protocol/limits.ts";
import type { PresentVisitor } from "../../protocol/person.ts";
import type { ObjectBindings } from "../bindings.ts";
import { peersOf } from "../peers.ts";
import { keepTo } from "../testing/figures.ts";
import { freshIds, OLIVIA, openOperatorSocket, type TestSocket } from "../testing/sockets.ts";

const bindings = env as unknown as ObjectBindings; // the test's env is the Worker's
afterEach(() => vi.useRealTimers());

const VISITORS = 10_000;
/** How often a visitor looks at another page; until it does, nothing of it changes on the board. */
const PAGE_EVERY_S = 20;
/** Nothing is measured in real time; a busy machine takes minutes for so many. */
const TIMEOUT_MS = 240_000;

/** The most requests that any object got within one second. */
class Busiest {
  readonly #counts = new Map<string, number>();

  count(object: string, requests = 1): void {
    const key = `${object}@${Math.floor(Date.now() / 1_000)}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + requests);
  }

  get most(): number {
    return Math.max(...this.#counts.values());
  }
}

/** Each visitor looks at one page within the time, and its shard is told as the visitor's object would tell it. */
async function everybodyBrowses(
  {
    workspace,
    visitors,
    board,
  }: { workspace: WorkspaceId; visitors: VisitorId[]; board: TestSocket },
  version: number,
  busiest: Busiest,
): Promise<void> {
  const perStep = VISITORS / PAGE_EVERY_S / 10;
  for (let from = 0; from < visitors.length; from += perStep) {
    vi.setSystemTime(Date.now() + 100);
    const told = board.ofType("visitors").length;
    await Promise.all(
      visitors.slice(from, from + perStep).map((id) => {
        busiest.count(presenceName(workspace, id));
        const shard = peersOf(bindings).presence(workspace, id);
        return shard.present(onPage(id, version), Date.now() + PRESENCE_LEASE_MS);
      }),
    );
    busiest.count("inbox", board.ofType("visitors").length - told);
  }
}

function onPage(id: VisitorId, version: number): PresentVisitor {
  return {
    id,
    name: null,
    placeholder: "Amber Otter",
    email: null,
    page: { url: `https://shop.test/${version}`, title: "Shop", since: Date.now() },
    since: Date.now(),
    source: "Direct",
    country: null,
    device: "desktop",
    lastSearch: null,
    cart: null,
    openConversation: null,
    version,
  };
}

test(
  "requests per second to the busiest object, 10,000 visitors on the live board",
  async (context) => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 24 * 3_600_000 });
    const { workspace } = freshIds();
    const board = await openOperatorSocket(peersOf(bindings).inbox(workspace), OLIVIA);
    await board.ask({ t: "board", on: true });
    const visitors = Array.from({ length: VISITORS }, () => newId("vis", Date.now()));
    const busiest = new Busiest();
    for (const version of [1, 2])
      await everybodyBrowses({ workspace, visitors, board }, version, busiest);
    const shards = peersOf(bindings).presenceShards(workspace);
    const listed = await Promise.all(shards.map((shard) => shard.list()));
    expect(listed.reduce((sum, { total }) => sum + total, 0)).toBe(VISITORS);
    expect(board.ofType("visitors").length).toBeGreaterThan(PAGE_EVERY_S);
    keepTo(context, { figure: busiest.most, unit: "requests/s", budget: 100 });
  },
  TIMEOUT_MS,
);
