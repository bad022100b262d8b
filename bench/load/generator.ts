import { ChatLoad } from "./chat.ts";
import { EventLoad, type Way } from "./events.ts";
import { FiringLoad } from "./firings.ts";

/** A process of its own: what it costs to make the load is not counted as the subject's. */

export type Order =
  | { do: "openChat"; name: string; kind: "floor" | "product"; url: string; conversations: number }
  | {
      do: "openEvents";
      name: string;
      kind: "floor" | "product";
      way: Way;
      url: string;
      visitors: number;
    }
  | { do: "openFirings"; name: string; url: string; visitors: number }
  | { do: "storm"; name: string; event: string; fires: boolean; times: number }
  | { do: "run"; name: string; perSecond: number; seconds: number };

const loads = new Map<string, ChatLoad | EventLoad>();
const storms = new Map<string, FiringLoad>();

process.on("message", ({ id, order }: { id: number; order: Order }) => {
  void obey(order).then(
    (result) => process.send?.({ id, result }),
    (error: unknown) =>
      process.send?.({ id, error: String(error instanceof Error ? error.stack : error) }),
  );
});
process.on("disconnect", () => process.exit());

async function obey(order: Order): Promise<unknown> {
  switch (order.do) {
    case "openChat":
      loads.set(order.name, await ChatLoad.open(order.kind, order.url, order.conversations));
      return null;
    case "openEvents":
      loads.set(order.name, await EventLoad.open(order.kind, order.way, order.url, order.visitors));
      return null;
    case "openFirings":
      storms.set(order.name, await FiringLoad.open(order.url, order.visitors));
      return null;
    case "storm":
      return storms.get(order.name)?.storm(order.event, order.fires, order.times);
    case "run": {
      const load = loads.get(order.name);
      if (load === undefined) throw new Error(`no load ${order.name}`);
      return load.run(order.perSecond, order.seconds);
    }
  }
}
