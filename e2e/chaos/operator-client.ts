import { Outgoing } from "./ledger.ts";
import { pause, type Random } from "./random.ts";
import { Room } from "./room.ts";
import { View } from "./view.ts";
import type { VisitorClient } from "./visitor-client.ts";
import { Wire } from "./wire.ts";
import type { World } from "./world.ts";

const SIGN_IN_TIMEOUT_MS = 20_000;

/** An operator who is signed in as a person is: with a code from the mailbox. */
export class OperatorClient {
  readonly email: string;
  id = "";
  readonly #world: World;
  #cookies = new Map<string, string>();

  private constructor(world: World, email: string) {
    this.#world = world;
    this.email = email;
  }

  static async signIn(world: World, email: string): Promise<OperatorClient> {
    const operator = new OperatorClient(world, email);
    await operator.api("POST", "/api/sign-in/code", { email });
    await operator.api("POST", "/api/sign-in", { email, code: await operator.#readCode() });
    await operator.#learnId();
    return operator;
  }

  /** Invites somebody and signs them in as a colleague. */
  async invite(email: string): Promise<OperatorClient> {
    const { id } = await this.api<{ id: string }>("POST", "/api/operators/invite", {
      email,
      role: "agent",
    });
    const colleague = await OperatorClient.signIn(this.#world, email);
    await colleague.api("POST", `/api/invitations/${id}/accept`, { name: email.split("@")[0] });
    await colleague.#learnId();
    return colleague;
  }

  get headers(): Record<string, string> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    return { origin: this.#world.url, cookie };
  }

  /** The answer to a request that must succeed. */
  async api<T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await fetch(this.#world.url + path, {
      method,
      headers: {
        ...this.headers,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(20_000),
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      this.#cookies.set(name, value);
    }
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return JSON.parse(text) as T; // the caller names the answer that the protocol gives
  }

  async #readCode(): Promise<string> {
    const deadline = Date.now() + SIGN_IN_TIMEOUT_MS;
    while (Date.now() < deadline) {
      const mails = await this.api<{ subject: string }[]>(
        "GET",
        `/dev/mailbox.json?to=${this.email}`,
      );
      const code = mails
        .map(({ subject }) => /^\d{6}/.exec(subject)?.[0])
        .find((found) => found !== undefined);
      if (code !== undefined) return code;
      await pause(50);
    }
    throw new Error(`no sign-in code for ${this.email}`);
  }

  async #learnId(): Promise<void> {
    const me = await this.api<{ operator: { id: string } | null }>("GET", "/api/me");
    this.id = me.operator?.id ?? "";
  }
}

/** An operator with one conversation open, who answers, writes notes, and now and then hands over or closes. */
export class OperatorRoom {
  readonly name: string;
  readonly room: Room;
  readonly with: VisitorClient;
  readonly #world: World;
  readonly #operator: OperatorClient;
  readonly #colleagues: readonly OperatorClient[];
  readonly #random: Random;
  #wire: Wire | null = null;
  #isGone = false;
  #reads = 0;

  constructor(
    world: World,
    operator: OperatorClient,
    visitor: VisitorClient,
    colleagues: readonly OperatorClient[],
    random: Random,
  ) {
    this.#world = world;
    this.#operator = operator;
    this.#colleagues = colleagues;
    this.#random = random;
    this.with = visitor;
    this.name = `${operator.email} with ${visitor.name}`;
    const outgoing = new Outgoing(visitor.ledger, operator.id, random.fork());
    this.room = new Room(world, this.name, new View(this.name, world.findings), outgoing);
  }

  leave(): void {
    this.#isGone = true;
  }

  hangUp(): void {
    this.leave();
    this.#wire?.close();
  }

  async live(): Promise<void> {
    while (!this.#isGone) {
      await this.#world.untilUp();
      await pause(this.#random.between(5, 60));
      if (this.#isGone || this.with.conversation === null) continue;
      const path = `/api/conversations/${this.with.conversation}/socket`;
      const init = { headers: this.#operator.headers };
      const wire = new Wire(this.#world.url + path, init, (frame) => this.room.hear(wire, frame));
      this.#wire = wire;
      const talking = this.#talk(wire);
      await wire.closed;
      await talking;
    }
  }

  async #talk(wire: Wire): Promise<void> {
    while (!wire.isClosed && !this.#isGone) {
      await pause(this.#random.between(8, 80));
      if (this.room.live !== wire) continue;
      if (this.#world.phase === "settling") {
        await pause(250);
        this.room.sayAgain(wire);
        continue;
      }
      if (this.#random.happens(0.02)) void this.#organise();
      if (this.#random.happens(0.1)) {
        wire.send({ t: "read", id: `read-${++this.#reads}`, through: this.room.view.through });
        wire.send({ t: "typing", on: this.#random.happens(0.5) });
      }
      for (
        let left = this.#random.happens(0.2) ? 2 : 1;
        left > 0 && !this.room.outgoing.isFull;
        left--
      ) {
        const isNote = this.#random.happens(0.3);
        const text = `${isNote ? this.#world.canary : "Answer"} ${this.#random.word()}`;
        this.room.say(wire, this.room.outgoing.compose(isNote ? "note" : "message", text));
      }
    }
  }

  /** Hands the conversation over, puts it back or closes it. Nobody waits for the answer: a kill may take it. */
  async #organise(): Promise<void> {
    const path = `/api/conversations/${this.with.conversation}`;
    const to = this.#random.pick(this.#colleagues)?.id ?? null;
    const isHandedOver = this.#random.happens(0.6);
    const request = isHandedOver
      ? this.#operator.api("POST", `${path}/assign`, {
          operator: to,
          note: `${this.#world.canary} yours`,
        })
      : this.#operator.api("POST", `${path}/close`);
    await request.catch(() => null);
  }
}
