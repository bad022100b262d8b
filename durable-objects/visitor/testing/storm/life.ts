import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { vi } from "vitest";
import { visitorName } from "../../../../protocol/addresses.ts";
import type { Batch } from "../../../../protocol/facts.ts";
import { newId, type DeliveryId, type TriggerId } from "../../../../protocol/ids.ts";
import type { ArmedRule, MessageCap, Moments } from "../../../../protocol/triggers.ts";
import type { ObjectBindings } from "../../../bindings.ts";
import { forgetDefinitions } from "../../../definitions/definitions.ts";
import { peersOf } from "../../../peers.ts";
import { SEGMENT, setDefinitions } from "../../../testing/definitions.ts";
import { OLIVIA, openVisitorSocket } from "../../../testing/sockets.ts";
import type { VisitorObject } from "../../object.ts";
import {
  drawCap,
  drawDefinition,
  drawZone,
  PAGE_RULES,
  TRIGGERS,
  triggerId,
} from "./definitions.ts";
import { Dice } from "./dice.ts";
import type { Happening } from "./happenings.ts";
import { Publisher, type Publishing } from "./publisher.ts";
import type { Fate, Weather } from "./weather.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const STEPS = 120;
/** Lives begin here, far enough ahead that the platform fires no alarm by itself: what time it is, the storm says. */
const EPOCH = Date.UTC(2031, 0, 6);
/** Definitions older than this are not relied on, so that it is the storm who says when an object hears of new ones. */
const HEARD_WITHIN_MS = 2_000;

const NOBODY_ONLINE = { online: [], others: [OLIVIA] };
const ONLINE = { online: [OLIVIA], others: [] };

/** One visitor's life in the storm, and everything that happened in it. */
export class Life {
  readonly workspace;
  readonly visitor;
  readonly zone: string;
  readonly cap: MessageCap | null;
  readonly happenings: Happening[] = [];
  readonly #bindings: ObjectBindings;
  readonly #weather: Weather;
  readonly #dice: Dice;
  readonly #device;
  readonly #publisher: Publisher;
  /** By tab, the names of the page rules it was told. */
  readonly #tabs = new Map<number, Map<TriggerId, DeliveryId>>();
  /** When something was published that the object has not heard of. */
  #unheardSince: number | null = null;
  #isGold = false;
  #hasCart = false;
  #facts = 0;
  #events = 0;
  #orders = 0;

  constructor(bindings: ObjectBindings, publishing: Publishing, weather: Weather, seed: number) {
    this.#bindings = bindings;
    this.#weather = weather;
    const dice = new Dice(seed);
    this.#dice = dice;
    vi.useFakeTimers({ toFake: ["Date"], now: EPOCH + dice.whole(0, 365 * 24) * HOUR });
    const id = <Prefix extends "wsp" | "vis" | "dev">(prefix: Prefix) =>
      newId(prefix, Date.now(), dice.bytes(10));
    this.workspace = id("wsp");
    this.visitor = id("vis");
    this.#device = id("dev");
    this.zone = drawZone(dice);
    this.cap = drawCap(dice);
    const first = Array.from({ length: TRIGGERS }, (_, index) => drawDefinition(dice, index, 1));
    this.#publisher = new Publisher(publishing, this.workspace, first);
  }

  async begin(): Promise<void> {
    await setDefinitions(this.#bindings.DB, this.workspace, {
      segments: { [SEGMENT]: { type: "cart_items", is: { op: "gt", value: 0 } } },
      triggers: Object.fromEntries(
        this.#publisher.live.map(({ id, definition }) => [id, definition]),
      ),
      cap: this.cap,
    });
    await peersOf(this.#bindings).inbox(this.workspace).operatorChanged(OLIVIA, "online");
    this.#happened({ type: "published", at: Date.now(), live: this.#publisher.live });
    this.#happened({ type: "heard", at: Date.now() });
    await this.#pass(1);
    await this.#within((visitor) =>
      visitor.boot({
        device: this.#device,
        batch: this.#batch({ type: "page", url: "https://shop.test/" }),
        client: { timeZone: this.zone },
        surroundings: { country: null, userAgent: "" },
      }),
    );
  }

  async storm(): Promise<void> {
    for (let step = 0; step < STEPS; step++) {
      await this.#pass(this.#dice.whole(1, 400));
      await this.#dice.weighted(this.#steps)?.();
    }
  }

  /** One round of the calm: a minute passes, the alarm fires, and both queues bring what they hold. */
  async rest(ms: number = MINUTE): Promise<void> {
    await this.#pass(ms);
    await runDurableObjectAlarm(this.#stub);
    // Pushes between objects of one isolate are over within a turn of the event loop.
    await new Promise((resolve) => setTimeout(resolve, 2));
    const jobs = this.#weather.evaluations.splice(0);
    for (const _ of jobs) await this.#evaluate(null);
    await this.#publisher.consume(this.#weather.projections.splice(0));
  }

  /** After the storm: everybody hears of everything, and whatever waits for an hour of the day becomes due. */
  async calmDown(): Promise<void> {
    this.#weather.isStormy = false;
    this.#weather.fate = null;
    await this.#hear();
    for (let hours = 0; hours < 26; hours += 13) await this.rest(13 * HOUR);
  }

  /** Puts the object to sleep and brings a job that nobody needs. */
  async wake(): Promise<void> {
    await this.#evict();
    await this.#evaluate(null);
  }

  /** The pop-ups that stand open, the newest first: as many as are shown. */
  async shown(): Promise<string[]> {
    const { shown } = await this.#told();
    return shown.map(({ content }) => content.text);
  }

  readonly #steps: [weight: number, step: () => Promise<unknown>][] = [
    [14, () => this.#event()],
    [3, () => this.#turnGold()],
    [3, () => this.#turnCart()],
    [4, () => this.#pass(this.#dice.whole(0, 15) * MINUTE)],
    [1, () => this.#pass(this.#dice.whole(1, 9) * HOUR)],
    [4, () => this.#evict()],
    [9, () => this.#bringJobs()],
    [4, () => this.#look(this.#dice.whole(1, 2))],
    [5, () => this.#pageRule()],
    [2, () => this.#publish()],
    [1, () => this.#hear()],
    [3, () => runDurableObjectAlarm(this.#stub)],
    [3, () => this.#bringProjections()],
    [1, () => this.#closePopup()],
  ];

  async #event(): Promise<void> {
    const dice = this.#dice;
    const at = Date.now();
    const name = dice.pick(["Bell Rung", "Door Knocked", "Bell Rung", "Bill Paid"]);
    const n = ++this.#events;
    const isLoud = dice.chance(0.5);
    const order =
      name === "Bill Paid" && dice.chance(0.7) ? `o${(this.#orders += dice.whole(0, 1))}` : null;
    const paid = dice.chance(0.8) ? dice.whole(1, 90) : null;
    const happenedAt = at - (dice.chance(0.12) ? dice.whole(0, 20 * MINUTE) : 0);
    const props = { n, isLoud, order_id: order, paid, currency: "EUR" };
    await this.#ingest({ type: "track", name, props, at: happenedAt });
    this.#happened({ type: "event", at, happenedAt, name, n, isLoud, order, paid });
  }

  async #turnGold(): Promise<void> {
    this.#isGold = !this.#isGold;
    const value = this.#isGold ? "gold" : "free";
    await this.#ingest({ type: "set", ops: [{ op: "set", key: "plan", value }] });
    this.#happened({ type: "plan", at: Date.now(), isGold: this.#isGold });
  }

  async #turnCart(): Promise<void> {
    this.#hasCart = !this.#hasCart;
    const name = this.#hasCart ? "Product Added" : "Product Removed";
    const props = { product_id: "k", name: "Kettle", price: 50, currency: "EUR" };
    await this.#ingest({ type: "track", name, props });
    this.#happened({ type: "cart", at: Date.now(), isFull: this.#hasCart });
  }

  /** One job, delivered one to ten times; each time may die before its row is written, or after. */
  async #bringJobs(): Promise<void> {
    this.#weather.evaluations.length = 0;
    if (this.#dice.chance(0.2)) return;
    const times = this.#dice.pick([1, 1, 2, 3, 10]);
    for (let i = 0; i < times; i++) {
      if (await this.#evaluate(this.#drawFate())) continue;
      // One that failed comes again when something else has happened.
      return this.#turnTheTables();
    }
  }

  /** What was due a moment ago may be no more. */
  #turnTheTables(): Promise<void> {
    return this.#dice.pick([
      () => this.#turnGold(),
      () => this.#turnCart(),
      () => this.#publish(),
      () => this.#pass(this.#dice.whole(0, 90) * MINUTE),
    ])();
  }

  /** Some are lost, the others come in any order and many times. */
  async #bringProjections(): Promise<void> {
    // How many there are depends on when pushes ran; the life's own draws do not.
    const dice = new Dice(this.#dice.whole(0, 2 ** 31));
    const jobs = this.#weather.projections.splice(0).filter(() => dice.chance(0.6));
    await this.#publisher.consume(dice.shuffled([...jobs, ...jobs.filter(() => dice.chance(0.5))]));
  }

  async #look(tab: number): Promise<void> {
    const { armed } = await this.#told();
    const told = new Map(armed.map((rule) => [triggerOf(rule), rule.delivery]));
    this.#tabs.set(tab, told);
    this.#happened({ type: "looked", at: Date.now(), tab, armed: [...told.keys()] });
  }

  /** What a tab waits for comes true, often in another one too, and is said again and again. */
  async #pageRule(): Promise<void> {
    if (this.#dice.chance(0.6)) for (const tab of [1, 2]) await this.#look(tab);
    const trigger = triggerId(this.#dice.pick(PAGE_RULES));
    const tabs = this.#dice.pick([[1], [2], [1, 2], [2, 1, 1, 2, 2]]);
    for (const tab of tabs) {
      const delivery = this.#tabs.get(tab)?.get(trigger);
      if (delivery === undefined) continue;
      const isWritten = await this.#attempt(this.#drawFate(), (visitor) => visitor.fired(delivery));
      if (isWritten) this.#happened({ type: "fired", at: Date.now(), tab, trigger });
    }
  }

  async #closePopup(): Promise<void> {
    const { shown } = await this.#told();
    const [newest] = shown;
    if (newest === undefined) return;
    const isRefused = this.#dice.chance(0.2);
    const did = isRefused ? "refused" : "closed";
    await this.#ingest({ type: "reaction", delivery: newest.delivery, did });
    this.#happened({ type: "closed", at: Date.now(), isRefused });
  }

  /** Something new goes live, is paused or goes on; the object hears of it later. */
  async #publish(): Promise<void> {
    await this.#hear();
    await this.#pass(1);
    await this.#publisher.change(this.#dice);
    this.#unheardSince = Date.now();
    this.#happened({ type: "published", at: Date.now(), live: this.#publisher.live });
  }

  async #hear(): Promise<void> {
    this.#unheardSince = null;
    forgetDefinitions(this.workspace);
    await this.#within((visitor) => visitor.refresh());
    this.#happened({ type: "heard", at: Date.now() });
  }

  async #pass(ms: number): Promise<void> {
    const since = this.#unheardSince;
    if (since !== null && Date.now() + ms - since >= HEARD_WITHIN_MS) await this.#hear();
    vi.setSystemTime(Date.now() + ms);
  }

  async #evaluate(fate: Fate | null): Promise<boolean> {
    const isOnline = this.#dice.chance(0.7);
    const team = isOnline ? ONLINE : NOBODY_ONLINE;
    const isDecided = await this.#attempt(fate, (visitor) => visitor.evaluate(team));
    if (isDecided) this.#happened({ type: "decided", at: Date.now(), isOnline });
    return isDecided;
  }

  /** The page tells it until it is acknowledged, and now and then once more. */
  async #ingest(...facts: Record<string, unknown>[]): Promise<void> {
    const batch = this.#batch(...facts);
    const work = (visitor: VisitorObject) => visitor.ingest(this.#device, batch);
    await this.#attempt(this.#drawFate(), work);
    await this.#within(work);
  }

  #batch(...facts: Record<string, unknown>[]): Batch {
    const at = Date.now();
    const numbered = facts.map((fact): Batch["facts"][number] =>
      JSON.parse(JSON.stringify({ n: ++this.#facts, at, ...fact })),
    );
    return { stream: "s", sentAt: at, facts: numbered };
  }

  #drawFate(): Fate | null {
    return (
      this.#dice.weighted<Fate | null>([
        [3, null],
        [1, "unwritten"],
        [1, "only written"],
      ]) ?? null
    );
  }

  /** @returns Whether it is done: also when the object dies right after. */
  async #attempt(fate: Fate | null, work: (visitor: VisitorObject) => Promise<unknown>) {
    this.#weather.fate = fate;
    const isAlive = await this.#within(async (visitor) => {
      try {
        await work(visitor);
        return true;
      } catch (error) {
        if (fate === null) throw error;
        return false;
      }
    });
    this.#weather.fate = null;
    // A row that could not be written need not take the object with it.
    if (!isAlive && (fate === "only written" || this.#dice.chance(0.5))) await this.#evict();
    return isAlive || fate === "only written";
  }

  /** What a page is told that has just opened. */
  async #told(): Promise<Moments> {
    const socket = await openVisitorSocket(this.#stub, this.#device);
    const hello = await socket.until((frame) => frame["t"] === "hello");
    socket.close();
    return hello["moments"] as Moments; // the frame's part
  }

  #within<Answer>(work: (visitor: VisitorObject) => Answer | Promise<Answer>): Promise<Answer> {
    return runInDurableObject(this.#stub, work);
  }

  async #evict(): Promise<void> {
    await evictDurableObject(this.#stub).catch(() => {}); // one that sleeps already
  }

  get #stub() {
    const stub = this.#bindings.VISITOR.getByName(visitorName(this.workspace, this.visitor));
    return stub as unknown as DurableObjectStub<VisitorObject>; // the namespace's class
  }

  #happened(one: Happening): void {
    this.happenings.push(one);
  }
}

/** Page rules tell by their seconds which trigger they stand for. */
function triggerOf({ moment }: ArmedRule): TriggerId {
  return triggerId(moment.on === "time" ? moment.seconds : 0);
}
