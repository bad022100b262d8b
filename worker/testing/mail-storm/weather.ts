import { vi } from "vitest";
import type { ConversationContract } from "../../../durable-objects/contracts.ts";
import { Dice } from "../../../durable-objects/visitor/testing/storm/dice.ts";
import type { JobId } from "../../../protocol/ids.ts";
import type { SendEmail } from "../../../protocol/jobs.ts";
import type { Env } from "../../env.ts";

/** Ways in which the product could break the promise; the storm has to find each of them. */
export type MailFaults = {
  /** What the consumers believe that the provider can do with a key. */
  believesKeys?: boolean;
  /** An end that is told to the conversation and not heard, although the caller is told that it was. */
  deafFor?: (job: JobId) => boolean;
  /** A statement that the database does not carry out, although the caller is told that it did. */
  skipped?: (sql: string) => boolean;
  /** The name under which a mail arrives. */
  nameOf?: (key: string) => string;
  /** Whether what the queue lost is never put there again. */
  forgetsJobs?: boolean;
};

const LOST = new Error("lost on the way");
const ANSWER_LOST = new Error("the answer was lost");

/** What is lost between the parts of the product, before an effect or after it. In the calm nothing is. */
export class MailWeather {
  readonly dice: Dice;
  readonly faults: MailFaults;
  /** What the conversation put on the queue: each time a new message. */
  readonly put: SendEmail[] = [];
  isStormy = true;
  readonly #share: number;
  /** The Worker's bindings as they are in this weather. */
  readonly env: Env;

  constructor(env: Env, seed: number, share: number, faults: MailFaults) {
    this.dice = new Dice(seed);
    this.#share = share;
    this.faults = faults;
    vi.spyOn(console, "warn").mockImplementation(() => {}); // pushes that failed
    vi.spyOn(console, "error").mockImplementation(() => {}); // mails that were postponed
    vi.spyOn(console, "log").mockImplementation(() => {}); // events of mails that nobody knows
    vi.spyOn(env.PROJECTION, "send").mockResolvedValue({} as QueueSendResponse); // nobody reads it
    const known = new Set<JobId>();
    vi.spyOn(env.EMAILS, "send").mockImplementation((job) =>
      this.spoiled(async () => {
        if (faults.forgetsJobs !== true || !known.has(job.id)) this.put.push(job);
        known.add(job.id);
        return {} as QueueSendResponse; // nobody reads it
      }),
    );
    this.env = {
      ...env,
      DB: this.#database(env.DB),
      FILES: this.#files(env.FILES),
      CONVERSATION: this.#conversations(env),
    };
  }

  /** An effect that may be lost before it is done, or after, when nobody hears that it was. */
  async spoiled<Answer>(effect: () => Promise<Answer>): Promise<Answer> {
    if (this.#strikes()) throw LOST;
    const answer = await effect();
    if (this.#strikes()) throw ANSWER_LOST;
    return answer;
  }

  #strikes(): boolean {
    return this.isStormy && this.dice.chance(this.#share);
  }

  #database(db: D1Database): D1Database {
    const behind = new WeakMap<object, D1PreparedStatement>();
    const wrap = (statement: D1PreparedStatement, sql: string): D1PreparedStatement => {
      const carry = <Answer>(effect: () => Promise<Answer>, nothing: Answer): Promise<Answer> =>
        this.spoiled(async () => (this.faults.skipped?.(sql) === true ? nothing : effect()));
      const wrapped = {
        bind: (...values: unknown[]) => wrap(statement.bind(...values), sql),
        first: () => carry(() => statement.first(), null),
        run: () => carry(() => statement.run(), { success: true } as D1Result),
        raw: () => carry(() => statement.raw(), []),
        all: () => carry(() => statement.all(), { results: [] } as unknown as D1Result),
      };
      behind.set(wrapped, statement);
      return wrapped as object as D1PreparedStatement; // what the product uses of one
    };
    const wrapped = {
      prepare: (sql: string) => wrap(db.prepare(sql), sql),
      batch: (list: D1PreparedStatement[]) =>
        this.spoiled(() => db.batch(list.map((one) => behind.get(one) ?? one))),
    };
    return wrapped as object as D1Database; // what the product uses of one
  }

  #files(files: R2Bucket): R2Bucket {
    const wrapped = {
      put: (name: string, value: ArrayBuffer, options?: R2PutOptions) =>
        this.spoiled(() => files.put(name, value, options)),
    };
    return wrapped as object as R2Bucket; // what the inbound path uses of one
  }

  #conversations({ CONVERSATION }: Env): Env["CONVERSATION"] {
    const { deafFor, nameOf } = this.faults;
    const wrapped = {
      getByName: (
        name: string,
      ): Pick<ConversationContract, "mailed" | "receiveMail" | "summary"> => {
        const stub = CONVERSATION.getByName(name) as unknown as ConversationContract;
        return {
          mailed: (told) =>
            this.spoiled(async () =>
              deafFor?.(told.job) === true ? undefined : stub.mailed(told),
            ),
          summary: () => this.spoiled(() => stub.summary()),
          receiveMail: (mail) =>
            this.spoiled(() => stub.receiveMail({ ...mail, key: nameOf?.(mail.key) ?? mail.key })),
        };
      },
    };
    return wrapped as object as Env["CONVERSATION"]; // what consumers and the inbound path ask of it
  }
}
