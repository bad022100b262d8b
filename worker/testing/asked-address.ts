import { expect, vi } from "vitest";
import { COPY_QUIET_MS } from "../../domain/email/unread-copy.ts";
import { setClockOffset } from "../../durable-objects/runtime/clock.ts";
import { eventually } from "../../durable-objects/testing/eventually.ts";
import { VisitorObject } from "../../durable-objects/visitor/object.ts";
import type { MailedEntry } from "../../protocol/entries.ts";
import type { SendEmail } from "../../protocol/jobs.ts";
import { ChatAsker } from "./chat-asker.ts";
import { collectJobs, countingTransport, deliverJobs, freshAddress } from "./mail-stage.ts";
import type { WorkspaceFixture } from "./workspace-fixture.ts";

/** Somebody who has typed an address into the chat and gone, and the mails that go there while time passes. */
export class AskedAddress {
  readonly address: string;
  readonly asker: ChatAsker;
  /** On the queue, and not delivered yet. */
  readonly jobs: SendEmail[];
  /** Delivered once. */
  readonly done: SendEmail[] = [];
  readonly transport = countingTransport();
  /** Nobody has the page open, unless a test says so. */
  readonly isHere = vi.spyOn(VisitorObject.prototype, "isHere").mockResolvedValue(false);
  readonly #askers: ChatAsker[];
  /** How far the product is ahead of the clock. */
  offset = 0;

  private constructor(address: string, asker: ChatAsker, jobs: SendEmail[]) {
    this.address = address;
    this.asker = asker;
    this.jobs = jobs;
    this.#askers = [asker];
  }

  static async begin(workspace: WorkspaceFixture): Promise<AskedAddress> {
    const jobs = collectJobs();
    const address = freshAddress();
    return new AskedAddress(address, await ChatAsker.withAddress(workspace, address), jobs);
  }

  /** Somebody else types an address. */
  async meet(workspace: WorkspaceFixture, address: string): Promise<ChatAsker> {
    const met = await ChatAsker.withAddress(workspace, address);
    this.#askers.push(met);
    return met;
  }

  get sent() {
    return this.transport.sent;
  }
  now(): number {
    return Date.now() + this.offset;
  }

  /** Lets time pass, and what is due with it happen. */
  async pass(ms: number, ...askers: ChatAsker[]): Promise<void> {
    this.offset += ms;
    setClockOffset(this.offset);
    for (const each of askers.length === 0 ? [this.asker] : askers) await each.chat.refresh();
  }

  /** Everything that was put on the queue so far, once. */
  async deliver(attempts = 1): Promise<void> {
    // A push may still be under way.
    await eventually(async () => {
      const all = await Promise.all(this.#askers.map((each) => each.mailed()));
      const queued = all.flatMap((entries) => entries.filter(({ state }) => state === "queued"));
      expect(new Set([...this.done, ...this.jobs].map(({ id }) => id)).size).toBe(queued.length);
    });
    this.done.push(...this.jobs);
    await deliverJobs(this.jobs.splice(0), this.transport, attempts);
  }

  /** The one job that is under way to the queue. */
  async nextJob(): Promise<SendEmail> {
    await eventually(() => expect(this.jobs.length).toBe(1));
    return this.jobs.pop() ?? expect.unreachable("it is there");
  }

  /** An operator answers, and whatever is due after a pause is delivered. */
  async answer(text: string, asker = this.asker): Promise<void> {
    await asker.answer(text);
    await this.pass(COPY_QUIET_MS, asker);
    await this.deliver();
  }

  /** The code in the newest mail, or in another one. */
  codeIn(index = -1): string {
    return /\n(\d{6})\n/.exec(this.sent.at(index)?.mail.text ?? "")?.[1] ?? "no code";
  }

  /** What became of each mail, in order. */
  async states(of = this.asker): Promise<MailedEntry["state"][]> {
    return (await of.mailed()).map(({ state }) => state);
  }
}
