import { evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { visitorName } from "../../protocol/addresses.ts";
import type { Batch } from "../../protocol/facts.ts";
import { asId } from "../../protocol/ids.ts";
import type { TriggerDefinition } from "../../protocol/triggers.ts";
import { readTrigger, saveDraft, startTrigger } from "../../worker/d1/triggers.ts";
import type { Env } from "../../worker/env.ts";
import { forgetDefinitions } from "../definitions/definitions.ts";
import { peersOf } from "../peers.ts";
import { now, setClockOffset } from "../runtime/clock.ts";
import { SEGMENT, setDefinitions, TRIGGER, trigger } from "../testing/definitions.ts";
import { freshIds, OLIVIA, openVisitorSocket } from "../testing/sockets.ts";

/** What the storm of triggers has found, each by itself. */

const bindings = env as unknown as Env; // the test's env is the Worker's
const MINUTE = 60_000;
const HAS_CART = { type: "cart_items", is: { op: "gt", value: 0 } } as const;
const KETTLE = { product_id: "k", name: "Kettle", price: 50, currency: "EUR" };

let clock = 0;
beforeEach(() => {
  vi.spyOn(bindings.EVALUATION, "send").mockResolvedValue({} as QueueSendResponse); // nobody reads it
});
afterEach(() => {
  vi.restoreAllMocks();
  setClockOffset((clock = 0));
});

function pass(ms: number): void {
  setClockOffset((clock += ms));
}

/** Somebody on the site of a workspace with one trigger, and a segment of those with something in the cart. */
async function arrive(definition: TriggerDefinition) {
  const { workspace, visitor: id, device } = freshIds();
  const visitor = peersOf(bindings).visitor(workspace, id);
  let n = 0;
  const batch = (fact: Record<string, unknown>, ageMs = 0): Batch => {
    const text = JSON.stringify({ n: ++n, at: now() - ageMs, ...fact });
    return { stream: "s", sentAt: now(), facts: [JSON.parse(text)] };
  };
  await setDefinitions(bindings.DB, workspace, {
    segments: { [SEGMENT]: HAS_CART },
    triggers: { [TRIGGER]: definition },
  });
  pass(10);
  await visitor.boot({
    device,
    batch: batch({ type: "page", url: "https://shop.test/" }),
    client: {},
    surroundings: { country: null, userAgent: "" },
  });
  return {
    stub: bindings.VISITOR.getByName(visitorName(workspace, id)),
    device,
    async set(key: string, value: string): Promise<void> {
      pass(10);
      await visitor.ingest(device, batch({ type: "set", ops: [{ op: "set", key, value }] }));
    },
    async track(name: string, props: object = {}, ageMs = 0): Promise<void> {
      pass(10);
      await visitor.ingest(device, batch({ type: "track", name, props }, ageMs));
    },
    /** Publishes a version of which the object does not hear yet. */
    async publish(draft: TriggerDefinition): Promise<void> {
      pass(10);
      await saveDraft(bindings.DB, workspace, TRIGGER, draft, now());
      const read = await readTrigger(bindings.DB, workspace, TRIGGER);
      if (read === null) throw new Error("the trigger was just put there");
      await startTrigger(bindings.DB, workspace, read, asId("opr", OLIVIA.id), now());
    },
    /** The object hears of the newest definitions, or does not yet, and decides what is due. */
    async decide({ hears } = { hears: true }) {
      if (hears) forgetDefinitions(workspace);
      await visitor.evaluate({ online: [OLIVIA], others: [] });
      return ((await visitor.deliveries()) ?? []).toReversed();
    },
  };
}

test("a page that comes back to an object that has just woken waits for its page rules", async () => {
  const when = { type: "page", page: null, moment: { on: "exit" } } as const;
  const guest = await arrive(trigger({ when }));
  await evictDurableObject(guest.stub);
  const socket = await openVisitorSocket(guest.stub, guest.device);
  const hello = await socket.until((frame) => frame["t"] === "hello");
  expect(hello).toMatchObject({ moments: { armed: [{ moment: { on: "exit" } }] } });
  socket.close();
});

test("who enters a segment before their object hears of a trigger on it fires that trigger, once", async () => {
  const when = { type: "segment", segment: SEGMENT } as const;
  const guest = await arrive(trigger({ when: { ...when, on: "leave" } }));
  await guest.publish(trigger({ when: { ...when, on: "enter" } }));
  await guest.track("Product Added", KETTLE);
  expect(await guest.decide()).toMatchObject([{ state: "sent", version: 2 }]);
  expect(await guest.decide()).toHaveLength(1);
});

test("a fact that is told late does not hide what fires a trigger that has just gone live", async () => {
  const guest = await arrive(
    trigger({ when: { type: "event", event: "Door Knocked", where: [] } }),
  );
  await guest.publish(trigger());
  await guest.track("Bell Rung");
  await guest.track("Product Viewed", KETTLE, MINUTE);
  expect(await guest.decide()).toMatchObject([{ state: "sent", version: 2 }]);
});

test("a goal that was reached in its window counts when it is told after it, whatever was sent meanwhile", async () => {
  const goal = { event: "Signed Up", where: [], windowMs: 10 * MINUTE, value: null };
  const guest = await arrive(trigger({ goal }));
  await guest.track("Bell Rung");
  await guest.decide();
  pass(11 * MINUTE);
  await guest.track("Bell Rung");
  await guest.decide();
  await guest.track("Signed Up", {}, 5 * MINUTE);
  const [first, second] = await guest.decide();
  expect(first?.goalAt).not.toBeNull();
  expect(second?.goalAt).toBeNull();
});

test("an event that a former version has skipped does not fire the next one, also where the skip was not told", async () => {
  const isGold = { type: "text", test: { op: "is", value: "gold" } } as const;
  const guest = await arrive(trigger({ who: { type: "property", key: "plan", is: isGold } }));
  await guest.set("plan", "gold");
  await guest.publish(trigger());
  await guest.track("Bell Rung");
  await guest.track("Bell Rung");
  await guest.set("plan", "free");
  expect(await guest.decide({ hears: false })).toMatchObject([{ state: "skipped", version: 1 }]);
  expect(await guest.decide()).toHaveLength(1);
});
