import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { vi } from "vitest";
import { conversationName, visitorName } from "../../../protocol/addresses.ts";
import { asId } from "../../../protocol/ids.ts";
import type { ProjectionJob, SendEmail } from "../../../protocol/jobs.ts";
import { env } from "../operator-browser.ts";
import { Browser } from "./browser.ts";
import { Shop } from "./shop.ts";

/** Far enough ahead that the platform fires no alarm by itself: what time it is, the town says. */
const EPOCH = Date.UTC(2031, 0, 6);
const BROWSERS = 8;

let clock = EPOCH;
let towns = 0;

/** Two shops with the same customers, and the browsers that these have. */
export class Town {
  readonly shops: [Shop, Shop];
  readonly browsers: Browser[];
  readonly projections: ProjectionJob[] = [];
  readonly mails: SendEmail[] = [];
  readonly #name = `${Date.now().toString(36)}${++towns}`;
  #words = 0;

  private constructor() {
    this.shops = [new Shop(), new Shop()];
    this.browsers = Array.from(
      { length: BROWSERS },
      (_, number) => new Browser(this.shops[number % 2 === 0 ? 0 : 1], number),
    );
  }

  static async opens(): Promise<Town> {
    vi.useFakeTimers({ toFake: ["Date"], now: clock });
    const town = new Town();
    vi.spyOn(env.PROJECTION, "send").mockImplementation(async (job) => {
      town.projections.push(job);
      return {} as QueueSendResponse; // nobody reads it
    });
    vi.spyOn(env.EVALUATION, "send").mockResolvedValue({} as QueueSendResponse);
    vi.spyOn(env.EMAILS, "send").mockImplementation(async (job) => {
      town.mails.push(job);
      return {} as QueueSendResponse; // nobody reads it
    });
    for (const shop of town.shops) await shop.opens();
    return town;
  }

  userId(person: number): string {
    return `u${person}-${this.#name}`;
  }

  email(person: number): string {
    return `m${person}@${this.#name}.test`;
  }

  /** A word that nobody wrote before. */
  word(): string {
    return `(w${++this.#words})`;
  }

  browser(number: number): Browser {
    const found = this.browsers[number % this.browsers.length];
    if (found === undefined) throw new Error("there are browsers");
    return found;
  }

  passes(ms: number): void {
    clock += ms;
    vi.setSystemTime(clock);
  }

  /** One step is over: what has arrived anywhere is looked at. */
  async steps(): Promise<void> {
    // Pushes between objects of one isolate are over within a turn of the event loop.
    await new Promise((resolve) => setTimeout(resolve, 0));
    for (const shop of this.shops) {
      shop.hears();
      shop.account.step++;
    }
    this.passes(7);
  }

  get objects(): DurableObjectStub[] {
    return this.shops.flatMap(({ id, account }) => [
      ...account.histories.flatMap(({ visitor }) =>
        visitor === null ? [] : [env.VISITOR.getByName(visitorName(id, visitor))],
      ),
      ...[...account.threads.keys()].map((conversation) =>
        env.CONVERSATION.getByName(conversationName(id, asId("cnv", conversation))),
      ),
    ]);
  }

  async evicts(number: number): Promise<void> {
    const { objects } = this;
    const stub = objects[number % Math.max(1, objects.length)];
    if (stub !== undefined) await evictDurableObject(stub).catch(() => {}); // one that sleeps already
  }

  async alarms(): Promise<void> {
    this.passes(60_000);
    for (const stub of this.objects) {
      // What an object owes is known once it is awake.
      await runInDurableObject(stub, () => {});
      await runDurableObjectAlarm(stub);
    }
  }

  closes(): void {
    for (const shop of this.shops) shop.closes();
  }
}
