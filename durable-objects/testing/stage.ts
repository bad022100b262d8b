import {
  createMessageBatch,
  evictDurableObject,
  runDurableObjectAlarm,
  runInDurableObject,
} from "cloudflare:test";
import { env } from "cloudflare:workers";
import { vi } from "vitest";
import {
  conversationName,
  inboxName,
  presenceName,
  visitorName,
} from "../../protocol/addresses.ts";
import { asId } from "../../protocol/ids.ts";
import type { ProjectionJob } from "../../protocol/jobs.ts";
import type { Env } from "../../worker/env.ts";
import { consumeProjection } from "../../worker/queues/projection.ts";
import { peersOf } from "../peers.ts";
import { countRows, type RowCount } from "./row-count.ts";
import {
  freshIds,
  OLIVIA,
  openOperatorSocket,
  openVisitorSocket,
  type TestSocket,
} from "./sockets.ts";

const bindings = env as unknown as Env; // the test's env is the Worker's

/** Far enough ahead that the platform fires no alarm by itself: what time it is, the test says. */
const AHEAD_MS = 24 * 3_600_000;

type Sockets = Record<"page" | "chat" | "operator" | "inbox", TestSocket>;
type Stubs = Record<"visitor" | "conversation" | "inbox" | "presence", DurableObjectStub>;

/**
 * A visitor and an operator in a conversation, with every object that hears of it, and a clock that the test moves:
 * alarms fire when they are due by it, and the queue delivers at once.
 */
export class Stage {
  readonly sockets: Sockets;
  readonly rows: RowCount;
  readonly #stubs: Stubs;
  readonly #jobs: ProjectionJob[];
  readonly #alarms = new Map<DurableObjectStub, number>();

  private constructor(sockets: Sockets, rows: RowCount, stubs: Stubs, jobs: ProjectionJob[]) {
    this.sockets = sockets;
    this.rows = rows;
    this.#stubs = stubs;
    this.#jobs = jobs;
  }

  static async set(): Promise<Stage> {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + AHEAD_MS });
    const jobs: ProjectionJob[] = [];
    vi.spyOn(bindings.PROJECTION, "send").mockImplementation(async (job) => {
      jobs.push(job);
      return {} as QueueSendResponse; // nobody reads it
    });
    const { workspace, visitor: id, device } = freshIds();
    const peers = peersOf(bindings);
    const visitor = peers.visitor(workspace, id);
    await visitor.boot({
      device,
      batch: {
        stream: "boot",
        sentAt: Date.now(),
        facts: [{ type: "page", n: 1, at: Date.now(), url: "https://shop.test/" }],
      },
      client: {},
      surroundings: { country: "DE", userAgent: "" },
    });
    const opened = await visitor.openConversation();
    if (opened === null) throw new Error("the visitor was just seen");
    const conversationId = asId("cnv", opened.conversation);
    const conversation = peers.conversation(workspace, conversationId);
    const sockets: Sockets = {
      inbox: await openOperatorSocket(peers.inbox(workspace), OLIVIA),
      page: await openVisitorSocket(visitor, device),
      chat: await openVisitorSocket(conversation, device),
      operator: await openOperatorSocket(conversation, OLIVIA),
    };
    await sockets.chat.ask({ t: "resume", after: 0 });
    await sockets.operator.ask({ t: "resume", after: 0 });
    const stubs: Stubs = {
      visitor: bindings.VISITOR.getByName(visitorName(workspace, id)),
      conversation: bindings.CONVERSATION.getByName(conversationName(workspace, conversationId)),
      inbox: bindings.INBOX.getByName(inboxName(workspace)),
      presence: bindings.PRESENCE.getByName(presenceName(workspace, id)),
    };
    const rows = await runInDurableObject(stubs.visitor, (_, state) =>
      countRows(state.storage, bindings.DB),
    );
    return new Stage(sockets, rows, stubs, jobs);
  }

  /** Something happens, and whatever follows from it at once. */
  async act(happening: () => unknown): Promise<void> {
    await happening();
    await this.#settle(Object.values(this.#stubs));
  }

  /** Lets time pass: alarms fire in the order in which they become due. */
  async pass(ms: number): Promise<void> {
    const end = Date.now() + ms;
    for (;;) {
      const [next, at] = [...this.#alarms].toSorted(([, a], [, b]) => a - b)[0] ?? [];
      if (next === undefined || at === undefined || at > end) break;
      vi.setSystemTime(Math.max(at, Date.now()));
      await runDurableObjectAlarm(next);
      await this.#settle(this.#awakenedBy(next));
    }
    vi.setSystemTime(end);
  }

  /** Puts every object to sleep; sockets stay. */
  async sleep(): Promise<void> {
    for (const stub of Object.values(this.#stubs)) {
      await evictDurableObject(stub).catch(() => {}); // One that sleeps already.
    }
  }

  /** When the conversation's alarm is due. Wakes it. */
  conversationAlarm(): Promise<number | null> {
    return readAlarm(this.#stubs.conversation);
  }

  /** What an object's alarm wakes, itself and those it speaks to. */
  #awakenedBy(stub: DurableObjectStub): DurableObjectStub[] {
    const { visitor, conversation, presence } = this.#stubs;
    if (stub === conversation) return [conversation, visitor];
    return stub === visitor ? [visitor, presence] : [stub];
  }

  /** Waits for what was begun, delivers jobs, and reads the alarms of objects that are awake anyway. */
  async #settle(awake: DurableObjectStub[]): Promise<void> {
    do {
      await consume(this.#jobs.splice(0));
      // Pushes between objects of one isolate are over within a turn of the event loop.
      await new Promise((resolve) => setTimeout(resolve, 2));
      for (const stub of awake) {
        const at = await readAlarm(stub);
        if (at === null) this.#alarms.delete(stub);
        else this.#alarms.set(stub, at);
      }
    } while (this.#jobs.length > 0);
  }
}

function readAlarm(stub: DurableObjectStub): Promise<number | null> {
  return runInDurableObject(stub, (_, state) => state.storage.getAlarm());
}

async function consume(jobs: ProjectionJob[]): Promise<void> {
  if (jobs.length === 0) return;
  const messages = jobs.map((body) => ({
    id: crypto.randomUUID(),
    timestamp: new Date(),
    attempts: 1,
    body,
  }));
  await consumeProjection(createMessageBatch("parley-projection", messages), bindings);
}
