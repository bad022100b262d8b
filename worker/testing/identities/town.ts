import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { vi } from "vitest";
import { conversationName, visitorName } from "../../../protocol/addresses.ts";
import { asId } from "../../../protocol/ids.ts";
import type { ProjectionJob, SendEmail } from "../../../protocol/jobs.ts";
import { env } from "../operator-browser.ts";
import { Browser } from "./browser.ts";
import { History, Right, type Thread } from "./account.ts";
import { countingTransport, deliverJobs } from "../mail-stage.ts";
import { Shop, type Credential } from "./shop.ts";

/** Far enough ahead that the platform fires no alarm by itself: what time it is, the town says. */
const EPOCH = Date.UTC(2031, 0, 6);
const BROWSERS = 8;
/** Rounds in which everybody does what they owe. */
const ROUNDS = 2;

let clock = EPOCH;
let towns = 0;

/** Two shops with the same customers, and the browsers that these have. */
export class Town {
  readonly shops: [Shop, Shop];
  readonly browsers: Browser[];
  readonly projections: ProjectionJob[] = [];
  readonly mails: SendEmail[] = [];
  /** Tickets that somebody has kept. */
  readonly tickets: { shop: Shop; ticket: string; right: Right; at: number }[] = [];
  /** Whoever has a token that is none: nothing may be heard with it. */
  readonly nobody = nobody();
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
    vi.spyOn(console, "warn").mockImplementation(() => {}); // what was cut off
    vi.spyOn(env.EVALUATION, "send").mockResolvedValue({} as QueueSendResponse);
    vi.spyOn(env.EMAILS, "send").mockImplementation(async (job) => {
      town.mails.push(job);
      return {} as QueueSendResponse; // nobody reads it
    });
    // Who is on the site is told to nobody: it is a passing thing, and most of what a page view costs.
    const board: unknown = { present: async () => {} }; // no more of it is asked
    vi.spyOn(env.PRESENCE, "getByName").mockReturnValue(board as DurableObjectStub);
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

  shop(number: number): Shop {
    return this.shops[number === 0 ? 0 : 1];
  }

  get threads(): { shop: Shop; conversation: string; thread: Thread }[] {
    return this.shops.flatMap((shop) =>
      [...shop.account.threads].map(([conversation, thread]) => ({ shop, conversation, thread })),
    );
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
      await shop.hears();
      shop.account.step++;
    }
    this.passes(7);
  }

  async evicts(number: number): Promise<void> {
    const objects = this.shops.flatMap((shop) => [...visitorsOf(shop), ...conversationsOf(shop)]);
    const stub = objects[number % Math.max(1, objects.length)];
    if (stub !== undefined) await evict(stub);
  }

  async evictsAll(shop: Shop): Promise<void> {
    for (const stub of [...visitorsOf(shop), ...conversationsOf(shop)]) await evict(stub);
  }

  /** Whatever was cut off on its way comes to its end: everybody does what they owe. */
  async settles(shop: Shop): Promise<void> {
    if (shop.account.isSettled) return;
    for (let round = 0; round < ROUNDS; round++) await this.alarms(visitorsOf(shop));
    shop.account.settles(Date.now());
    await shop.learnsAll();
    // When exactly a right ended is not known; by now nobody follows it any more.
    this.passes(60_000);
  }

  async alarms(stubs: DurableObjectStub[]): Promise<void> {
    this.passes(60_000);
    for (const stub of stubs) {
      // What an object owes is known once it is awake.
      await runInDurableObject(stub, () => {});
      await runDurableObjectAlarm(stub);
    }
  }

  /** A code for an address, from the mail that goes there; null where none does. */
  async codeFor(
    shop: Shop,
    { token }: Credential,
    email: string,
    network: string,
  ): Promise<string | null> {
    const answer = await shop.post("/v1/auth/code", { token, email }, network);
    if (answer.status === 429) return null;
    const job = this.mails.at(-1);
    if (answer.status !== 200 || job?.mail.template !== "history-code" || job.to !== email)
      throw new Error(`no code: ${answer.text}`);
    const transport = countingTransport();
    await deliverJobs([job], transport);
    const isKnown = shop.account.holderOf(email) !== null;
    if (transport.sent.length !== (isKnown ? 1 : 0)) throw new Error(`a code, known: ${isKnown}`);
    return isKnown ? job.mail.code : null;
  }

  closes(): void {
    for (const shop of this.shops) shop.closes();
  }
}

export function visitorsOf({ id, account }: Shop): DurableObjectStub[] {
  return account.histories.flatMap(({ visitor }) =>
    visitor === null ? [] : [env.VISITOR.getByName(visitorName(id, visitor))],
  );
}

export function conversationsOf({ id, account }: Shop): DurableObjectStub[] {
  return [...account.threads.keys()].map((conversation) =>
    env.CONVERSATION.getByName(conversationName(id, asId("cnv", conversation))),
  );
}

async function evict(stub: DurableObjectStub): Promise<void> {
  await evictDurableObject(stub).catch(() => {}); // one that sleeps already
}

function nobody(): Right {
  const right = new Right(new History());
  right.ended = { step: -1, root: right.history, seen: new Set() };
  return right;
}
