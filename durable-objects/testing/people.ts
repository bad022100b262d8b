import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { vi } from "vitest";
import type { Proof } from "../../domain/identity/proof.ts";
import { visitorName } from "../../protocol/addresses.ts";
import { newId, type DeviceId, type VisitorId, type WorkspaceId } from "../../protocol/ids.ts";
import type { ObjectBindings } from "../bindings.ts";
import type { BootOutcome, ProveOutcome, VisitorContract } from "../contracts.ts";
import { peersOf } from "../peers.ts";
import { openVisitorSocket } from "./sockets.ts";

const bindings = env as unknown as ObjectBindings; // the test's env is the Worker's
const peers = peersOf(bindings);

/** What visitors tell D1 and the triggers is put on no queue, until the mocks are restored. */
export function holdVisitorQueues(): void {
  vi.spyOn(bindings.PROJECTION, "send").mockResolvedValue({} as QueueSendResponse); // nobody reads it
  vi.spyOn(bindings.EVALUATION, "send").mockResolvedValue({} as QueueSendResponse);
}

/** One browser of a workspace's visitors: whose it is, and under which right. It goes where its proofs lead. */
export class Browser {
  readonly workspace: WorkspaceId;
  visitor: VisitorId;
  device: DeviceId;
  /** What it draws for its proofs and keeps. */
  readonly #secret: string;
  #n = 0;

  private constructor(workspace: WorkspaceId, secret: string = crypto.randomUUID()) {
    this.workspace = workspace;
    this.#secret = secret;
    this.visitor = newId("vis", Date.now());
    this.device = newId("dev", Date.now());
  }

  /** Somebody new, who has seen one page. */
  static async arrive(workspace: WorkspaceId): Promise<Browser> {
    const browser = new Browser(workspace);
    await browser.boot();
    return browser;
  }

  /** Somebody new, who has proven a user id, and an email beside it where there is one. */
  static async known(workspace: WorkspaceId, userId: string, email?: string): Promise<Browser> {
    const browser = await Browser.arrive(workspace);
    await browser.prove(jwt(userId, email));
    return browser;
  }

  /** Another browser that has a right to the same visitor. */
  async beside(): Promise<Browser> {
    const other = new Browser(this.workspace);
    other.visitor = this.visitor;
    await other.boot();
    return other;
  }

  /** Somebody who has a copy of this browser's right, and nothing else of it. */
  copy(): Browser {
    const copy = new Browser(this.workspace);
    [copy.visitor, copy.device] = [this.visitor, this.device];
    return copy;
  }

  /** Another page of this browser, which has its right and keeps what it keeps. */
  tab(): Browser {
    const tab = new Browser(this.workspace, this.#secret);
    [tab.visitor, tab.device] = [this.visitor, this.device];
    return tab;
  }

  get object(): VisitorContract {
    return peers.visitor(this.workspace, this.visitor);
  }
  get stub(): DurableObjectStub {
    return bindings.VISITOR.getByName(visitorName(this.workspace, this.visitor));
  }

  async boot(url = "https://shop.test/"): Promise<BootOutcome> {
    return this.object.boot({
      device: this.device,
      batch: this.batch({ type: "page", url }),
      secrets: [this.#secret],
      client: {},
      surroundings: { country: "DE", userAgent: "" },
    });
  }

  batch(...facts: Record<string, unknown>[]) {
    const at = Date.now();
    return {
      stream: "load",
      sentAt: at,
      facts: facts.map((fact) => JSON.parse(JSON.stringify({ n: ++this.#n, at, ...fact }))),
    };
  }

  does(...facts: Record<string, unknown>[]) {
    return this.object.ingest(this.device, this.batch(...facts));
  }

  track(name: string, props: object = {}) {
    return this.does({ type: "track", name, props });
  }

  /** Proves, and goes where that leads. */
  async prove(proof: Proof): Promise<ProveOutcome> {
    const outcome = await this.object.prove(this.device, proof, this.#secret);
    if (outcome.kind === "moved") [this.visitor, this.device] = [outcome.visitor, outcome.device];
    return outcome;
  }

  /** Follows its device by boot, as a page does that was not answered. */
  async follow(): Promise<BootOutcome> {
    const outcome = await this.boot();
    if (!outcome.isEnded || outcome.moved === undefined) return outcome;
    [this.visitor, this.device] = [outcome.moved.visitor, outcome.moved.device];
    return this.follow();
  }

  /** Writes a message over a socket of its own. */
  async write(text: string, n = 1) {
    const socket = await openVisitorSocket(this.object, this.device);
    const answer = await socket.ask({ t: "message", stream: "chat", n, text });
    return { socket, answer, conversation: String(answer["conversation"]) };
  }

  async card() {
    const card = await this.object.card();
    if (card === null) throw new Error("nobody was ever there");
    return card;
  }

  async count(event: string): Promise<number> {
    return (await this.card()).events.find(({ name }) => name === event)?.count ?? 0;
  }

  async verified(): Promise<string[]> {
    return (await this.card()).identifiers
      .filter((one) => one.isVerified)
      .map(({ value }) => value);
  }

  async timeline() {
    return (await this.object.timeline(null))?.items ?? [];
  }

  /** The object loses its memory, or sleeps already. */
  async evict(): Promise<void> {
    await evictDurableObject(this.stub).catch(() => {});
  }

  /** Lets the alarm do what is owed, as if its time had come. */
  async alarm(): Promise<void> {
    // What an object owes is known once it is awake.
    await runInDurableObject(this.stub, () => {});
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 60_000 });
    await runDurableObjectAlarm(this.stub);
    vi.useRealTimers();
  }
}

export const jwt = (userId: string, email?: string): Proof => ({
  userId,
  others: email === undefined ? [] : [{ kind: "email", value: email }],
  by: "jwt",
});

/** A mailbox that was confirmed in this browser, and nothing else. */
export const loop = (email: string): Proof => ({
  userId: null,
  others: [{ kind: "email", value: email }],
  by: "loop",
});

/** The calls of a method through a binding fail for the caller, without having happened or after they have, `times`. */
export function cutOff(
  namespace: DurableObjectNamespace,
  method: string,
  isAfter: boolean,
  times = Number.POSITIVE_INFINITY,
  hit: () => void = () => {},
) {
  let left = times;
  return interpose(namespace, method, async (call) => {
    if (left-- <= 0) return call();
    hit();
    if (isAfter) await call();
    throw new Error("killed");
  });
}

/** Where a method is called through a binding this is done instead; `call` makes the call itself. */
export function interpose(
  namespace: DurableObjectNamespace,
  method: string,
  instead: (call: () => unknown) => Promise<unknown>,
) {
  const original = namespace.getByName.bind(namespace);
  return vi.spyOn(namespace, "getByName").mockImplementation((name) => {
    const real = original(name);
    const others = real as unknown as Record<string | symbol, (...args: unknown[]) => unknown>;
    return new Proxy(real, {
      get:
        (_, key) =>
        (...args: unknown[]) => {
          const call = () => others[key]?.(...args);
          return key === method ? instead(call) : call();
        },
    });
  });
}
