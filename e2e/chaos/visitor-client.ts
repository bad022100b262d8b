import { FactStream, type SentFact } from "./facts.ts";
import { Ledger, Outgoing } from "./ledger.ts";
import { pause, type Random } from "./random.ts";
import { Room } from "./room.ts";
import { View } from "./view.ts";
import { Wire, type Frame } from "./wire.ts";
import { inspect, type World } from "./world.ts";

/** Share of reconnects that are a page load of their own. */
const RELOADS = 0.15;
/** Share of openings of the chat that the person closes again soon. */
const BRIEF_CHATS = 0.3;
const UNSETTLED_MAX = 40;

/** One visitor with one page open, who writes, and whose page tells what they do. */
export class VisitorClient {
  readonly name: string;
  readonly room: Room;
  readonly ledger = new Ledger();
  /** One for each page load. */
  readonly streams: FactStream[] = [];
  visitor: string | null = null;
  conversation: string | null = null;
  token: string | null = null;
  readonly #world: World;
  readonly #random: Random;
  readonly #headers: Record<string, string>;
  #page: Wire | null = null;
  #chatting: Wire | null = null;
  #isGreeted = false;
  #isGone = false;
  #commands = 0;
  readonly #tickets = new Map<string, (ticket: string | null) => void>();

  constructor(world: World, name: string, random: Random) {
    this.#world = world;
    this.#random = random;
    this.name = name;
    const outgoing = new Outgoing(this.ledger, "visitor", random.fork());
    this.room = new Room(world, name, new View(name, world.findings), outgoing);
    const network = `10.${random.between(0, 255)}.${random.between(0, 255)}.1`;
    this.#headers = { origin: world.site, "cf-connecting-ip": network };
  }

  get hasAllAnswers(): boolean {
    return this.room.outgoing.waiting.length === 0 && this.streams.at(-1)?.unsettled().length === 0;
  }

  /** Lives until `leave`: loads a page, keeps its sockets open, and comes back after every kill. */
  async live(): Promise<void> {
    while (!this.#isGone) {
      await this.#world.untilUp();
      await pause(this.#random.between(0, 40));
      if (this.token === null || this.#reloads()) await this.#load();
      else await this.#visit(this.token);
    }
  }

  /** Writes no more, and never comes back after the next kill: what has no answer by then never gets one. */
  leave(): void {
    this.#isGone = true;
  }

  hangUp(): void {
    this.leave();
    this.#page?.close();
    this.#chatting?.close();
  }

  /** Asks the product for something over HTTP. Null when there is no answer. */
  async post(path: string, body: unknown): Promise<Record<string, unknown> | null> {
    try {
      const answer = await fetch(this.#world.url + path, {
        method: "POST",
        headers: { "content-type": "text/plain", ...this.#headers },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(10_000),
      });
      const text = await answer.text();
      inspect(this.#world, this.name, JSON.stringify([...answer.headers]) + text);
      return answer.ok ? (JSON.parse(text) as Record<string, unknown>) : null; // an object, by the protocol
    } catch {
      return null;
    }
  }

  /** A whole page load of its own, as the last look of the audit: the answer to boot. */
  async boot(stream: FactStream): Promise<Record<string, unknown> | null> {
    const token = this.token === null ? {} : { token: this.token };
    return this.post("/v1/boot", {
      key: this.#world.siteKey,
      ...token,
      client: { language: "en" },
      ...stream.batch(stream.unsettled()),
    });
  }

  #reloads(): boolean {
    return this.#world.phase === "load" && this.#random.happens(RELOADS);
  }

  async #load(): Promise<void> {
    const stream = new FactStream(this.#random);
    stream.page(`${this.#world.site}/demo/${this.#random.word()}`);
    this.room.outgoing.startAnew();
    // Whoever is known already may be counted by a boot whose answer never comes; a newcomer is nobody until then.
    if (this.token !== null) this.streams.push(stream);
    while (!this.#isGone) {
      await this.#world.untilUp();
      const answer = await this.boot(stream);
      if (answer !== null) {
        stream.settle(answer["through"]);
        if (this.token === null) this.streams.push(stream);
        this.token = String(answer["token"]);
        this.#is(String(answer["visitor"]));
        return;
      }
      await pause(this.#random.between(20, 60));
    }
  }

  async #visit(token: string): Promise<void> {
    const init = { protocols: ["parley.1", token], headers: this.#headers };
    const page = new Wire(`${this.#world.url}/v1/page`, init, (frame, text) => {
      inspect(this.#world, this.name, text);
      this.#hearPage(page, frame);
    });
    this.#page = page;
    this.#isGreeted = false;
    const doings = [this.#talk(page), this.#track(page), this.#chat(page)];
    await page.closed;
    this.#chatting?.close();
    for (const answer of this.#tickets.values()) answer(null);
    this.#tickets.clear();
    await Promise.all(doings);
  }

  #hearPage(page: Wire, frame: Frame): void {
    const id = String(frame["id"]);
    switch (frame["t"]) {
      case "hello":
        this.#isGreeted = true;
        if (this.room.live === null) this.room.sayAgain(page);
        return this.#tell(this.streams.at(-1)?.unsettled() ?? []);
      case "error":
        this.#tickets.get(id)?.(null);
        return this.room.refused(frame);
      case "ack": {
        if (typeof frame["ticket"] === "string") this.#tickets.get(id)?.(frame["ticket"]);
        this.streams
          .find((stream) => id.startsWith(`facts-${stream.name}-`))
          ?.settle(frame["through"]);
        const sending = this.room.outgoing.find(id);
        if (sending === undefined || typeof frame["seq"] !== "number") return;
        this.#writesTo(String(frame["conversation"]));
        return this.room.settle(sending, frame["seq"]);
      }
    }
  }

  /** A device with a token stays the same visitor. */
  #is(visitor: string): void {
    if (this.visitor !== null && this.visitor !== visitor) {
      this.#world.findings.add("lost", `${this.name} was ${this.visitor} and is now ${visitor}`);
    }
    this.visitor = visitor;
  }

  /** One visitor has one conversation, whatever happens while it is begun. */
  #writesTo(conversation: string): void {
    this.conversation ??= conversation;
    if (this.conversation === conversation) return;
    this.#world.findings.add(
      "lost",
      `${this.name} writes to ${conversation} and no longer to ${this.conversation}`,
    );
  }

  async #talk(page: Wire): Promise<void> {
    const { outgoing } = this.room;
    while (await this.#isStillOn(page, 4, 40)) {
      const road = this.room.live ?? page;
      if (this.#world.phase === "settling") {
        await pause(250);
        this.room.sayAgain(this.room.live ?? page);
        continue;
      }
      if (this.room.live !== null && this.#random.happens(0.1)) {
        road.send({ t: "read", id: `read-${++this.#commands}`, through: this.room.view.through });
        road.send({ t: "typing", on: this.#random.happens(0.5) });
      }
      for (let left = this.#random.happens(0.2) ? 3 : 1; left > 0 && !outgoing.isFull; left--) {
        const length = this.#random.happens(0.01) ? 3_000 : 12;
        this.room.say(
          road,
          outgoing.compose("message", `${this.name} <b>${this.#random.word(length)}</b>`),
        );
      }
    }
  }

  async #track(page: Wire): Promise<void> {
    while (await this.#isStillOn(page, 10, 90)) {
      const stream = this.streams.at(-1);
      if (stream === undefined) continue;
      if (this.#world.phase === "settling") {
        this.#tell(stream.unsettled());
        await pause(250);
      } else if (stream.unsettled().length < UNSETTLED_MAX) {
        const facts = Array.from({ length: this.#random.between(1, 4) }, () =>
          stream.track(this.#random),
        );
        const late = facts.splice(0, this.#random.happens(0.2) ? 1 : 0);
        // A beacon with the newest facts overtakes the socket with the oldest; some of them go both ways.
        if (late.length > 0 && facts.length > 0) void this.#beacon(stream, facts);
        this.#tell(late.length > 0 ? [...late, ...facts.slice(1)] : facts);
      }
    }
  }

  async #beacon(stream: FactStream, facts: SentFact[]): Promise<void> {
    const answer = await this.post("/v1/events", { token: this.token, ...stream.batch(facts) });
    stream.settle(answer?.["through"]);
  }

  #tell(facts: SentFact[]): void {
    const stream = this.streams.at(-1);
    if (stream === undefined || facts.length === 0) return;
    this.#page?.send({
      t: "events",
      id: `facts-${stream.name}-${++this.#commands}`,
      ...stream.batch(facts),
    });
  }

  /** Opens the chat again and again while the page is open. */
  async #chat(page: Wire): Promise<void> {
    while (await this.#isStillOn(page, 5, 40)) {
      if (this.conversation === null) continue;
      const ticket = await this.#ticket(page, this.conversation);
      if (ticket === null || !page.isOpen) continue;
      const init = { protocols: ["parley.1", ticket], headers: this.#headers };
      const wire = new Wire(`${this.#world.url}/v1/conversation`, init, (frame, text) => {
        inspect(this.#world, this.name, text);
        this.room.hear(wire, frame);
      });
      this.#chatting = wire;
      const isBrief = this.#world.phase === "load" && this.#random.happens(BRIEF_CHATS);
      const timer = isBrief
        ? setTimeout(() => wire.close(), this.#random.between(30, 300))
        : undefined;
      await wire.closed;
      clearTimeout(timer);
    }
  }

  #ticket(page: Wire, conversation: string): Promise<string | null> {
    const id = `ticket-${++this.#commands}`;
    return new Promise((resolve) => {
      this.#tickets.set(id, (ticket) => (this.#tickets.delete(id), resolve(ticket)));
      page.send({ t: "ticket", id, conversation });
    });
  }

  /** After a short while, whether this page is still greeted and open. */
  async #isStillOn(page: Wire, low: number, high: number): Promise<boolean> {
    do {
      await pause(this.#random.between(low, high));
      if (page.isClosed || this.#isGone) return false;
    } while (!this.#isGreeted || !page.isOpen);
    return true;
  }
}
