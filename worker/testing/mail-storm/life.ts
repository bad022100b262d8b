import {
  createExecutionContext,
  createMessageBatch,
  evictDurableObject,
  getQueueResult,
  runDurableObjectAlarm,
} from "cloudflare:test";
import { vi } from "vitest";
import { canMailAgain, type MailEvent } from "../../../domain/email/fate.ts";
import { peersOf } from "../../../durable-objects/peers.ts";
import { OLIVIA, openOperatorSocket } from "../../../durable-objects/testing/sockets.ts";
import { conversationName } from "../../../protocol/addresses.ts";
import type { MailedEntry } from "../../../protocol/entries.ts";
import type { JobId } from "../../../protocol/ids.ts";
import type { SendEmail } from "../../../protocol/jobs.ts";
import { takeMailEvent } from "../../email/events.ts";
import { receiveEmail } from "../../email/inbound.ts";
import { consumeDeadEmails, consumeEmails } from "../../queues/emails.ts";
import { begunByMail, type BegunByMail } from "../mail-conversation.ts";
import { written } from "../mail-stage.ts";
import { env } from "../operator-browser.ts";
import type { WorkspaceFixture } from "../workspace-fixture.ts";
import { PostOffice } from "./post-office.ts";
import { MailWeather, type MailFaults } from "./weather.ts";

/** How often one message of a queue, a mail or an event may be delivered. */
const DELIVERIES_MAX = 10;
/** Tries after which the queue gives a job up. The product's own number would take hours of a life. */
const TRIES_MAX = 8;
/** Share of what is lost before it is done, and again after. */
const LOST_SHARE = 0.08;
/** Share of jobs that the queue loses. */
const QUEUE_LOSS = 0.1;
const STEPS = 30;
/** Rounds of calm in which everything that is owed must arrive. */
const ROUNDS = 25;
const ROUND_MS = 61_000;

type Held =
  | { kind: "job"; job: SendEmail; attempts: number }
  | { kind: "dead"; job: SendEmail }
  | { kind: "event"; event: MailEvent }
  | { kind: "mail"; text: string; raw: Uint8Array<ArrayBuffer> };

/** One conversation by email, written in and answered while everything around it fails. */
export class MailLife {
  readonly weather: MailWeather;
  readonly office: PostOffice;
  /** What an operator wrote, by what it says, with the jobs that went out for it. */
  readonly answers: string[] = [];
  /** What the person wrote after the first mail. */
  readonly mails: string[] = [];
  readonly buried = new Set<JobId>();
  readonly jobs: SendEmail[] = [];
  readonly hasKeys: boolean;
  readonly #workspace: WorkspaceFixture;
  #begun: BegunByMail | null = null;
  #held: Held[] = [];
  #eventsTaken = 0;
  #reply = "";

  constructor(workspace: WorkspaceFixture, seed: number, hasKeys: boolean, faults: MailFaults) {
    this.#workspace = workspace;
    this.hasKeys = hasKeys;
    this.weather = new MailWeather(env, seed, LOST_SHARE, faults);
    this.office = new PostOffice(this.weather.dice, hasKeys, faults.believesKeys ?? hasKeys);
  }

  get address(): string {
    return this.begun.address;
  }

  get begun(): BegunByMail {
    if (this.#begun === null) throw new Error("not begun");
    return this.#begun;
  }

  async begin(): Promise<void> {
    this.weather.isStormy = false;
    this.#begun = await begunByMail(this.#workspace);
    await this.#write();
    this.weather.isStormy = true;
  }

  async storm(): Promise<void> {
    for (let step = 0; step < STEPS; step++) await this.#step();
  }

  /** Lets everything that is owed arrive. */
  async calmDown(): Promise<void> {
    this.weather.isStormy = false;
    this.office.isStormy = false;
    for (let round = 0; round < ROUNDS; round++) {
      this.#pass(ROUND_MS);
      await runDurableObjectAlarm(this.#stub);
      this.#collect();
      if (this.#held.length === 0 && !(await this.isWaiting())) return;
      await this.#deliver(this.#held.splice(0));
    }
  }

  /** The newest that is said of each message as a mail. */
  async fates(): Promise<Map<number, MailedEntry>> {
    const fates = new Map<number, MailedEntry>();
    for (const entry of await this.log())
      if (entry.type === "mailed") fates.set(entry.message, entry);
    return fates;
  }

  async log() {
    return this.#object.log(0, 1_000);
  }

  async isWaiting(): Promise<boolean> {
    return [...(await this.fates()).values()].some(({ state }) => state === "queued");
  }

  async #step(): Promise<void> {
    const { dice } = this.weather;
    this.#pass(dice.whole(0, 90_000));
    this.#collect();
    switch (
      dice.weighted([
        [12, "deliver"],
        [20, "deliver together"],
        [4, "write"],
        [3, "be written to"],
        [6, "alarm"],
        [5, "evict"],
        [3, "again"],
      ] as const)
    ) {
      case "deliver":
        return this.#deliver(this.#taken(1));
      case "deliver together":
        return this.#deliver(this.#taken(dice.whole(2, 8)));
      case "write":
        return this.answers.length < 4 ? this.#write() : undefined;
      case "be written to":
        return this.mails.length < 3 ? this.#beWrittenTo() : undefined;
      case "alarm":
        return void (await runDurableObjectAlarm(this.#stub));
      case "evict":
        // Only what is awake can be thrown out.
        await this.#object.summary();
        return evictDurableObject(this.#stub);
      case "again":
        return this.#again();
      case undefined:
    }
  }

  async #write(): Promise<void> {
    const text = `answer ${this.answers.length}`;
    this.answers.push(text);
    const socket = await openOperatorSocket(this.#object, OLIVIA, `ses-${text}`);
    await socket.ask({ t: "message", stream: text.replace(" ", "-"), n: 1, text });
    socket.close();
  }

  async #beWrittenTo(): Promise<void> {
    if (this.#reply === "") return;
    const text = `mail ${this.mails.length}`;
    this.mails.push(text);
    const raw = written({ from: this.address, to: this.#reply, subject: "Re", text });
    this.#hold({ kind: "mail", text, raw });
  }

  /** A person sends again what did not arrive, or may not have. */
  async #again(): Promise<void> {
    for (const [message, { state }] of await this.fates())
      if (state !== "queued" && canMailAgain(state) && this.weather.dice.chance(0.5))
        await this.#object.mailAgain(OLIVIA, message);
  }

  /** What came onto the queues since the last look. */
  #collect(): void {
    for (const job of this.weather.put.splice(0)) {
      if (!this.jobs.some(({ id }) => id === job.id)) this.jobs.push(job);
      const isLost = this.weather.isStormy && this.weather.dice.chance(QUEUE_LOSS);
      if (!isLost) this.#hold({ kind: "job", job, attempts: 1 });
    }
    for (const event of this.office.events.slice(this.#eventsTaken))
      this.#hold({ kind: "event", event });
    this.#eventsTaken = this.office.events.length;
  }

  #hold(held: Held): void {
    for (let n = this.weather.dice.whole(1, DELIVERIES_MAX); n > 0; n--)
      this.#held.push({ ...held });
  }

  #taken(count: number): Held[] {
    const taken: Held[] = [];
    for (let n = 0; n < count && this.#held.length > 0; n++)
      taken.push(...this.#held.splice(this.weather.dice.whole(0, this.#held.length - 1), 1));
    return taken;
  }

  async #deliver(all: Held[]): Promise<void> {
    await Promise.all(all.map((held) => this.#deliverOne(held)));
  }

  async #deliverOne(held: Held): Promise<void> {
    switch (held.kind) {
      case "job":
        return this.#deliverJob(held);
      case "dead": {
        const batch = batchOf("parley-email-dead", held.job, 1);
        await consumeDeadEmails(batch, this.weather.env);
        if ((await getQueueResult(batch, createExecutionContext())).explicitAcks.length === 0)
          this.#held.push(held);
        return;
      }
      case "event":
        return takeMailEvent(this.weather.env, held.event).catch(() => void this.#held.push(held));
      case "mail":
        return this.#receive(held.raw).catch(() => void this.#held.push(held));
    }
  }

  async #deliverJob({ job, attempts }: Extract<Held, { kind: "job" }>): Promise<void> {
    const batch = batchOf("parley-email", job, attempts);
    const transport = this.office.transport();
    await consumeEmails(batch, this.weather.env, () => ({
      ...transport,
      send: (mail, id, signal) => {
        this.#reply = mail.replyTo ?? this.#reply;
        return transport.send(mail, id, signal);
      },
    }));
    if ((await getQueueResult(batch, createExecutionContext())).explicitAcks.length > 0) return;
    const isGivenUp = attempts >= TRIES_MAX;
    if (isGivenUp) this.buried.add(job.id);
    this.#held.push(
      isGivenUp ? { kind: "dead", job } : { kind: "job", job, attempts: attempts + 1 },
    );
  }

  async #receive(raw: Uint8Array<ArrayBuffer>): Promise<void> {
    const message = {
      from: this.address,
      to: this.#reply,
      raw: new Blob([raw]).stream(),
      rawSize: raw.length,
      setReject: (reason: string) => {
        throw new Error(reason);
      },
    };
    await receiveEmail(message, this.weather.env);
  }

  #pass(ms: number): void {
    vi.setSystemTime(Date.now() + ms);
  }

  get #stub() {
    const { id } = this.#workspace.me.workspace;
    return env.CONVERSATION.getByName(conversationName(id, this.begun.conversation));
  }

  get #object() {
    return peersOf(env).conversation(this.#workspace.me.workspace.id, this.begun.conversation);
  }
}

function batchOf(queue: string, body: SendEmail, attempts: number): MessageBatch<SendEmail> {
  return createMessageBatch<SendEmail>(queue, [
    { id: body.id, timestamp: new Date(), attempts, body },
  ]);
}
