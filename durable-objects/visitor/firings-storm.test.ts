import { evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { visitorName } from "../../protocol/addresses.ts";
import type { Batch } from "../../protocol/facts.ts";
import { newId } from "../../protocol/ids.ts";
import type { EvaluationJob } from "../../protocol/jobs.ts";
import type { TriggerDefinition } from "../../protocol/triggers.ts";
import type { ObjectBindings } from "../bindings.ts";
import { ConversationObject } from "../conversation/object.ts";
import { InboxObject } from "../inbox/object.ts";
import { peersOf } from "../peers.ts";
import { setClockOffset } from "../runtime/clock.ts";
import { chat, popup, SEGMENT, setDefinitions, trigger } from "../testing/definitions.ts";
import { freshIds, OLIVIA } from "../testing/sockets.ts";
import { VisitorRules } from "./rules.ts";

/**
 * Promise 2: a trigger fires at most once per rule and window, and at least once when it should. A storm of events,
 * waits, evictions, repeated, reordered and lost jobs, and effects that fail before or after they are done, against a
 * slow and obvious account of what is due. `PARLEY_FIRINGS` raises how many firings one run counts.
 */

const bindings = env as unknown as ObjectBindings; // the test's env is the Worker's
const TEAM = { online: [OLIVIA], others: [] };
const MINUTE = 60_000;
const { PARLEY_FIRINGS, PARLEY_SEED } = env as { PARLEY_FIRINGS?: string; PARLEY_SEED?: string }; // vitest.config.ts
const FIRINGS = Number(PARLEY_FIRINGS || 300);
const FIRST_SEED = Number(PARLEY_SEED || 1);
const STEPS_PER_VISITOR = 120;

const limits = trigger().limits;
const say = (action: TriggerDefinition["variants"][number]["action"]) => [
  { id: "a", name: "A", weight: 1, action },
];
const isGold = {
  type: "property",
  key: "plan",
  is: { type: "text", test: { op: "is", value: "gold" } },
} as const;

/** What is live, by the name that its deliveries carry. */
const TRIGGERS: Record<string, TriggerDefinition> = {
  trg_always: trigger({ name: "always", variants: say(chat("bell {{ event.n }}")) }),
  trg_waits: trigger({
    name: "waits",
    who: isGold,
    waitMs: 10 * MINUTE,
    variants: say(chat("later {{ event.n }}")),
  }),
  trg_enters: trigger({
    name: "enters",
    when: { type: "segment", segment: SEGMENT, on: "enter" },
    limits: { ...limits, repeat: { type: "once" } },
    variants: say(popup("Your cart")),
  }),
  trg_leaves: trigger({
    name: "leaves",
    when: { type: "segment", segment: SEGMENT, on: "leave" },
    variants: say(chat("All gone")),
  }),
  trg_hourly: trigger({
    name: "hourly",
    when: { type: "event", event: "Door Knocked", where: [] },
    limits: { ...limits, repeat: { type: "period", ms: 60 * MINUTE } },
    variants: say({ type: "alert", text: "Knock {{ event.n }}" }),
  }),
  trg_capped: trigger({
    name: "capped",
    when: { type: "event", event: "Door Knocked", where: [] },
    limits: { ...limits, isCapped: true },
    variants: say(chat("door {{ event.n }}")),
  }),
};
const CAP = { messages: 2, ms: 30 * MINUTE };

const { deliver } = ConversationObject.prototype;
const { alert } = InboxObject.prototype;
const { advance } = VisitorRules.prototype;

let jobs: EvaluationJob[] = [];
beforeEach(() => {
  jobs = [];
  vi.spyOn(bindings.EVALUATION, "send").mockImplementation(async (job) => {
    jobs.push(job);
    return {} as QueueSendResponse; // nobody reads it
  });
  vi.spyOn(console, "warn").mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
  setClockOffset(0);
});

/** Mulberry32. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Due = { trigger: string; text: string; at: number; dueAt: number };

/** The slow account: every firing in a list, every window counted over all that was said. */
class Account {
  isGold = false;
  hasCart = false;
  readonly said: { trigger: string; text: string; at: number }[] = [];
  #waiting: Due[] = [];

  happen(name: string, n: number, at: number): void {
    if (name === "Bell Rung") {
      this.#fire("always", `bell ${n}`, at, 0);
      if (this.isGold) this.#fire("waits", `later ${n}`, at, 10 * MINUTE);
    }
    if (name === "Door Knocked") {
      this.#fire("hourly", `Knock ${n}`, at, 0);
      this.#fire("capped", `door ${n}`, at, 0);
    }
  }

  turnCart(isFull: boolean, at: number): void {
    if (isFull === this.hasCart) return;
    this.hasCart = isFull;
    if (isFull) this.#fire("enters", "Your cart", at, 0);
    else this.#fire("leaves", "All gone", at, 0);
  }

  decide(now: number): void {
    const due = this.#waiting.filter((one) => one.dueAt <= now);
    this.#waiting = this.#waiting.filter((one) => one.dueAt > now);
    for (const { trigger, text } of due) {
      const before = this.said.filter((one) => one.trigger === trigger);
      if (trigger === "waits" && !this.isGold) continue;
      if (trigger === "enters" && before.length > 0) continue;
      if (trigger === "hourly" && before.some((one) => now - one.at < 60 * MINUTE)) continue;
      if (trigger === "capped" && before.filter((one) => now - one.at < CAP.ms).length >= 2)
        continue;
      this.said.push({ trigger, text, at: now });
    }
  }

  #fire(trigger: string, text: string, at: number, waitMs: number): void {
    this.#waiting.push({ trigger, text, at, dueAt: at + waitMs });
  }
}

type Faults = { random: () => number; share: number };

/** Set while the storm lasts: in the calm nothing fails any more. */
let isStormy = true;

/** Effects fail: before they are done, or after, when nobody hears that they were. */
function breakEffects({ random, share }: Faults): void {
  vi.spyOn(ConversationObject.prototype, "deliver").mockImplementation(async function (
    this: ConversationObject,
    ...args
  ) {
    if (isStormy && random() < share) throw new Error("lost on the way");
    const answer = await deliver.apply(this, args);
    if (isStormy && random() < share) throw new Error("the answer was lost");
    return answer;
  });
  vi.spyOn(InboxObject.prototype, "alert").mockImplementation(async function (
    this: InboxObject,
    ...args
  ) {
    if (isStormy && random() < share) throw new Error("lost on the way");
    await alert.apply(this, args);
    if (isStormy && random() < share) throw new Error("the answer was lost");
  });
}

/** One visitor's life in the storm. Resolves with what was due and what was said. */
async function live(random: () => number) {
  setClockOffset(0);
  isStormy = true;
  const { workspace, visitor: id, device } = freshIds();
  const peers = peersOf(bindings);
  const stub = bindings.VISITOR.getByName(visitorName(workspace, id));
  const visitor = peers.visitor(workspace, id);
  await peers.inbox(workspace).operatorChanged(OLIVIA, "online");
  await setDefinitions(bindings.DB, workspace, {
    segments: { [SEGMENT]: { type: "cart_items", is: { op: "gt", value: 0 } } },
    triggers: TRIGGERS,
    cap: CAP,
  });
  const account = new Account();
  let n = 0;
  let offset = 0;
  let told = 0;
  const now = () => Date.now() + offset;
  const ingest = async (...facts: Record<string, unknown>[]) => {
    const numbered = facts.map((fact): Batch["facts"][number] =>
      JSON.parse(JSON.stringify({ n: ++n, at: now(), ...fact })),
    );
    await visitor.ingest(device, { stream: "s", sentAt: now(), facts: numbered });
  };
  await visitor.boot({
    device,
    batch: {
      stream: "s",
      sentAt: now(),
      facts: [JSON.parse(`{"type":"page","n":${++n},"at":${now()},"url":"https://shop.test/"}`)],
    },
    client: {},
    surroundings: { country: null, userAgent: "" },
  });
  const kettle = { product_id: "k", name: "Kettle", price: 50, currency: "EUR" };
  const evaluate = async () => {
    await visitor.evaluate(TEAM);
    account.decide(now());
  };
  const steps: [weight: number, step: () => Promise<unknown>][] = [
    [
      6,
      async () => {
        const name = random() < 0.6 ? "Bell Rung" : "Door Knocked";
        account.happen(name, ++told, now());
        await ingest({ type: "track", name, props: { n: told } });
      },
    ],
    [
      2,
      async () => {
        account.isGold = !account.isGold;
        const value = account.isGold ? "gold" : "free";
        await ingest({ type: "set", ops: [{ op: "set", key: "plan", value }] });
      },
    ],
    [
      2,
      async () => {
        const name = account.hasCart ? "Product Removed" : "Product Added";
        account.turnCart(!account.hasCart, now());
        await ingest({ type: "track", name, props: kettle });
      },
    ],
    [
      2,
      async () => {
        offset += Math.floor(random() * 15 * MINUTE);
        setClockOffset(offset);
        await visitor.refresh();
      },
    ],
    [2, () => evictDurableObject(stub).catch(() => {})],
    [
      4,
      async () => {
        // Some jobs are lost, the others come in any order and many times.
        const some = jobs.splice(0).filter(() => random() < 0.8);
        for (const _ of some.toSorted(() => random() - 0.5)) {
          const times = 1 + Math.floor(random() * 3);
          for (let i = 0; i < times; i++) await evaluate();
        }
      },
    ],
  ];
  const total = steps.reduce((sum, [weight]) => sum + weight, 0);
  for (let i = 0; i < STEPS_PER_VISITOR; i++) {
    let point = random() * total;
    for (const [weight, step] of steps) {
      point -= weight;
      if (point >= 0) continue;
      await step();
      break;
    }
  }
  isStormy = false;
  // Calm: what waits becomes due, and everything owed is brought.
  offset += 20 * MINUTE;
  setClockOffset(offset);
  await visitor.refresh();
  await evaluate();
  await evictDurableObject(stub).catch(() => {});
  await visitor.refresh();
  await settle(visitor);
  return { workspace, visitor, account };
}

type Visitor = ReturnType<ReturnType<typeof peersOf>["visitor"]>;

/** Waits until nothing that was decided is left to be carried out; each page view lets the outbox try again. */
async function settle(visitor: Visitor): Promise<void> {
  await vi.waitFor(
    async () => {
      await visitor.refresh();
      const left = (await visitor.deliveries())?.filter(
        (one) => one.state === "sent" && one.action !== "popup" && one.deliveredAt === null,
      );
      expect(left).toEqual([]);
    },
    { timeout: 20_000, interval: 100 },
  );
}

async function heard({ workspace, visitor }: Awaited<ReturnType<typeof live>>): Promise<string[]> {
  const card = await visitor.card();
  const conversation = card?.openConversation ?? null;
  const log =
    conversation === null
      ? []
      : await peersOf(bindings).conversation(workspace, conversation).log(0, 10_000);
  const thread = log.flatMap((entry) => (entry.type === "message" ? [entry.text] : []));
  const deliveries = (await visitor.deliveries()) ?? [];
  const popups = deliveries
    .filter((one) => one.state === "sent" && one.action === "popup")
    .map(() => "Your cart");
  return [...thread, ...popups].toSorted();
}

function expected({ said }: Account): string[] {
  return said
    .filter((one) => one.trigger !== "hourly")
    .map((one) => one.text)
    .toSorted();
}

async function storm(seed: number, share: number) {
  const random = randomFrom(seed);
  breakEffects({ random, share });
  return live(random);
}

test("each due message is said exactly once, and none that was not due", async () => {
  let firings = 0;
  let lives = 0;
  for (let seed = FIRST_SEED; firings < FIRINGS; seed++) {
    const life = await storm(seed, 0.2);
    expect(await heard(life), `seed ${seed}`).toEqual(expected(life.account));
    const alerts = (await life.visitor.deliveries())?.filter(
      (one) => one.action === "alert" && one.state === "sent",
    );
    expect(alerts?.length, `alerts, seed ${seed}`).toBe(
      life.account.said.filter((one) => one.trigger === "hourly").length,
    );
    firings += life.account.said.length;
    lives++;
  }
  console.log(
    `${firings} firings in ${lives} lives: none doubled, none missing, none that was not due`,
  );
}, 3_600_000);

test("the storm finds an effect that is not named by its delivery", async () => {
  const random = randomFrom(5);
  vi.spyOn(ConversationObject.prototype, "deliver").mockImplementation(async function (
    this: ConversationObject,
    from,
    sent,
  ) {
    const answer = await deliver.call(this, from, { ...sent, delivery: newId("dlv", Date.now()) });
    if (isStormy && random() < 0.3) throw new Error("the answer was lost");
    return answer;
  });
  const life = await live(randomFrom(5));
  expect(await heard(life)).not.toEqual(expected(life.account));
});

test("the storm finds firings that are lost with their job", async () => {
  let turns = 0;
  vi.spyOn(VisitorRules.prototype, "advance").mockImplementation(function (
    this: VisitorRules,
    turn,
    compiled,
  ) {
    advance.call(this, turn, compiled);
    // Every ninth turn forgets what waits.
    const firings = turn.draft.get("firings");
    if (++turns % 9 === 0 && firings !== undefined)
      turn.draft.set("firings", { ...firings, waiting: [] });
  });
  const life = await live(randomFrom(6));
  expect(await heard(life)).not.toEqual(expected(life.account));
});
