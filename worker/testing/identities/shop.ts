import { exports } from "cloudflare:workers";
import { TICKET_PARAMETER } from "../../../domain/identity/continue-link.ts";
import { identitySecret } from "../../../domain/identity/keys.ts";
import { peersOf } from "../../../durable-objects/peers.ts";
import {
  OLIVIA,
  openOperatorSocket,
  TestSocket,
} from "../../../durable-objects/testing/sockets.ts";
import { asId, newId, type VisitorId } from "../../../protocol/ids.ts";
import type {
  AuthResponse,
  BootResponse,
  ContinueResponse,
} from "../../../protocol/visitor-frames.ts";
import { env } from "../operator-browser.ts";
import { arrive } from "../mail-stage.ts";
import { Link, noteLink, redeem } from "./links.ts";
import { Account, type History, type Right, type Told } from "./account.ts";
import type { ServerKey } from "../signing.ts";

const HOST = "http://parley.test";
const ORIGIN = "https://shop.test";
/** Longer than a busy machine takes for an answer. */
const ANSWER_MS = 20_000;

// The type of `exports` is made from the Worker's own module, which tests do not import.
const worker = (exports as unknown as { default: Fetcher }).default;

/** A token, and what it stands for. */
export type Credential = {
  token: string;
  right: Right;
  /** What its browser drew for its last proof; nobody who has a copy of the token has it. */
  secret: string | null;
};
/** A socket, the right that it was opened with, and how many of its frames were looked at. */
type Ear = { socket: TestSocket; right: Right; heard: number };
/** A proof as it is sent, and what it says. */
export type Proving = {
  proof: object;
  said: { userId: string | null; emails: readonly string[] };
};
/** A page load: the same one where it asks again, and the ticket in its address, of which link. */
export type Load = { stream?: string; ticket?: string; link?: Link | null };
export type Answer = { status: number; text: string; code: string | null };

/** One workspace as pages, operators and mail servers see it, held against its account. */
export class Shop {
  readonly id = newId("wsp", Date.now());
  readonly siteKey = `pk_${newId("wsp", Date.now()).slice(4)}`;
  readonly account = new Account();
  /** Every token that was ever given out. */
  readonly credentials: Credential[] = [];
  readonly links: Link[] = [];
  readonly #operators = new Map<string, TestSocket>();
  #ears: Ear[] = [];
  #key: ServerKey | null = null;
  #sent = 0;

  async opens(): Promise<void> {
    const key = newId("idk", Date.now());
    await env.DB.batch([
      env.DB.prepare(
        `INSERT INTO workspaces (id, name, site_key, widget, origins, version, created_at)
         VALUES (?, 'Shop', ?, '{}', ?, 1, ?)`,
      ).bind(this.id, this.siteKey, JSON.stringify([ORIGIN]), Date.now()),
      env.DB.prepare(
        "INSERT INTO identity_keys (workspace_id, id, created_at) VALUES (?, ?, ?)",
      ).bind(this.id, key, Date.now()),
    ]);
    const secret = await identitySecret(env.PARLEY_SECRET, this.id, key, "jwt");
    const hashSecret = await identitySecret(env.PARLEY_SECRET, this.id, key, "hash");
    this.#key = { id: key, secret, hashSecret };
  }

  get key(): ServerKey {
    if (this.#key === null) throw new Error("the shop is not open");
    return this.#key;
  }

  async post(path: string, body: object, network: string): Promise<Answer> {
    const answer = await worker.fetch(`${HOST}${path}`, {
      method: "POST",
      headers: { origin: ORIGIN, "content-type": "text/plain", "cf-connecting-ip": network },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    const { error } = JSON.parse(text) as { error?: { code: string } };
    return { status: answer.status, text, code: error?.code ?? null };
  }

  /**
   * Loads a page with a token or without one, or asks again for the same load. Null where the page is asked to wait for
   * what was cut off.
   */
  async boots(
    held: Credential | null,
    network: string,
    { stream = `p${this.next()}`, ticket = "", link = null }: Load = {},
  ): Promise<Credential | null> {
    const at = Date.now();
    const url = ticket === "" ? `${ORIGIN}/` : `${ORIGIN}/?${TICKET_PARAMETER}=${ticket}`;
    const answer = await this.post(
      "/v1/boot",
      {
        key: this.siteKey,
        ...(held === null ? {} : { token: held.token }),
        ...(held === null || held.secret === null ? {} : { next: held.secret }),
        client: {},
        stream,
        sentAt: at,
        facts: [{ type: "page", n: 1, at, url }],
      },
      network,
    );
    const { account } = this;
    const redeemed =
      ticket === "" ? null : redeem(account, link, held?.right ?? null, { stream, at });
    const first = redeemed === null ? (held?.right ?? null) : redeemed.right;
    const secrets = [held?.secret ?? [], ticket].flat();
    const follows = first === null ? null : account.follows(first, secrets, at);
    if (answer.code === "overloaded" && (follows === "wait" || !account.isSettled)) return null;
    if (answer.status !== 200) throw new Error(`boot: ${answer.text}`);
    const told = JSON.parse(answer.text) as BootResponse;
    const leaving = held === null ? null : account.leaving(held.right);
    // One that is leaving may still be there, and may have ended.
    const stays = leaving !== null && leaving.device === told.device;
    // Who comes with a copy of a right that has gone where the link leads is not led there by it.
    const isLeft = redeemed?.continued === "opened" && follows === null && !stays;
    const continued = isLeft ? "gone" : redeemed?.continued;
    if (told.continued !== continued)
      throw new Error(`a link is ${continued} and not: ${answer.text}`);
    const secret = continued === "opened" ? ticket : (held?.secret ?? null);
    if (stays) return this.#given(leaving, told, answer.text, secret);
    if (follows === "wait") throw new Error(`a boot that did not wait: ${answer.text}`);
    return this.#given(follows ?? account.arrives(), told, answer.text, secret);
  }

  /** Proves with a token. Null where that leads nowhere; what was cut off leaves the browser with its token. */
  async proves(
    held: Credential,
    { proof, said }: Proving,
    network: string,
    isCut: () => boolean = () => false,
  ): Promise<Credential | null> {
    const at = Date.now();
    const secret = `secret-of-proof-${this.next()}`;
    const body = { token: held.token, next: secret, ...proof };
    const answer = await this.post("/v1/auth", body, network);
    if (isCut()) this.account.isSettled = false;
    const expected = this.account.proves(held.right, said, secret, at);
    if (expected === null) {
      if (answer.code !== "ended") throw new Error(`a proof with an ended right: ${answer.text}`);
      return null;
    }
    if (answer.code === "overloaded" && !this.account.isSettled) return { ...held, secret };
    if (answer.status !== 200) throw new Error(`auth: ${answer.text}`);
    return this.#given(expected, JSON.parse(answer.text) as AuthResponse, answer.text, secret);
  }

  /** A socket with a token or a ticket. */
  async opensSocket(path: string, credential: string, right: Right): Promise<TestSocket | Answer> {
    const answer = await worker.fetch(`${HOST}${path}`, {
      headers: {
        upgrade: "websocket",
        origin: ORIGIN,
        "sec-websocket-protocol": `parley.1, ${credential}`,
      },
    });
    if (answer.webSocket === null) {
      const text = await answer.text();
      return { status: answer.status, text, code: null };
    }
    const socket = new TestSocket(answer.webSocket);
    this.#ears.push({ socket, right, heard: 0 });
    return socket;
  }

  /** Looks at everything that has arrived on any socket since the last time. Those of ended rights are closed. */
  async hears(): Promise<void> {
    for (const ear of this.#ears) {
      if (!ear.right.isActive && !ear.right.isLeaving)
        await inTime(ear.socket.untilClosed(), "the end of a socket whose right has ended");
      for (const frame of ear.socket.received.slice(ear.heard))
        this.reads(ear.right, JSON.stringify(frame));
      ear.heard = ear.socket.received.length;
    }
    this.#ears = this.#ears.filter(({ socket }) => socket.closed === null);
  }

  /** Every word in what a browser got under a right must be one that it may see. */
  reads(right: Right, text: string): void {
    for (const [word] of text.matchAll(/\(w[0-9]+\)/g))
      if (!this.account.mayHear(right, word)) throw new Error(`${word} was heard: ${text}`);
  }

  async operatorWrites(conversation: string, text: string): Promise<void> {
    let socket = this.#operators.get(conversation);
    if (socket === undefined || socket.closed !== null) {
      const room = peersOf(env).conversation(this.id, asId("cnv", conversation));
      socket = await openOperatorSocket(room, OLIVIA);
      this.#operators.set(conversation, socket);
    }
    const answer = await asks(socket, {
      t: "message",
      stream: `o${this.next()}`,
      n: 1,
      text,
    });
    if (answer["t"] !== "ack")
      throw new Error(`an operator was refused: ${JSON.stringify(answer)}`);
  }

  /** A page's socket with a token that somebody has kept. */
  async triesPage({ token, right }: Credential): Promise<void> {
    const page = await this.opensSocket("/v1/page", token, right);
    const isOpen = "ask" in page && (await greets(page));
    if (isOpen !== right.isActive && !right.isLeaving)
      throw new Error(`a page opened: ${isOpen}, active: ${right.isActive}`);
    if ("ask" in page) page.close();
  }

  /** Tells facts, perhaps more than once; they count once, and for the person that the token is for. */
  async tells(held: Credential, facts: Told[], network: string, times = 1): Promise<void> {
    const now = Date.now();
    const batch = {
      token: held.token,
      stream: `e${this.next()}`,
      sentAt: now,
      facts: facts.map((fact, index) => ({ n: index + 1, at: now, ...fact })),
    };
    const leaving = this.account.leaving(held.right);
    const under = leaving ?? this.account.countsUnder(held.right, now);
    let isTaken = false;
    for (let sent = 0; sent < times; sent++) {
      const answer = await this.post("/v1/events", batch, network);
      const isRight = (answer.status === 200) === (under !== null);
      if (!isRight && (leaving === null || this.account.isSettled))
        throw new Error(`events: ${answer.text}`);
      isTaken ||= answer.status === 200;
    }
    if (!isTaken || under === null) return;
    for (const fact of batch.facts) if (fact.at >= under.cameAt) under.history.root.hears(fact);
  }

  /** Makes a link that goes on elsewhere, with a token that somebody has. */
  async makesLink({ token, right }: Credential, network: string): Promise<void> {
    const answer = await this.post("/v1/continue", { token }, network);
    if (answer.code === "rate_limited") return;
    if (
      (answer.status === 200) !== right.isActive ||
      (answer.status !== 200 && answer.code !== "ended")
    )
      throw new Error(`a link, active ${right.isActive}: ${answer.text}`);
    if (!right.isActive) return;
    const { link } = JSON.parse(answer.text) as ContinueResponse;
    noteLink(this.links, new Link(link, right, Date.now()));
  }

  /** Presses a link's button. */
  async presses(link: Link): Promise<void> {
    const at = Date.now();
    const ticket = await pressed(link.url);
    if ((ticket !== null) !== link.works(at)) throw new Error(`a link works: ${ticket !== null}`);
    if (ticket !== null) link.handed ??= { ticket, at };
  }

  /** Takes a mail; false where it takes no more for now. */
  async takes(mail: Uint8Array<ArrayBuffer>, to: string): Promise<boolean> {
    try {
      return (await arrive(mail, to)) === null;
    } catch (error) {
      if (String(error).includes("too many")) return false;
      throw error;
    }
  }

  /** Conversations that mails from an address have begun. */
  async conversationsFrom(address: string): Promise<string[]> {
    const { results } = await env.DB.prepare(
      "SELECT conversation_id AS id FROM mail_threads WHERE workspace_id = ? AND address = ?",
    )
      .bind(this.id, address)
      .all<{ id: string }>();
    return results.map(({ id }) => id);
  }

  /** Learns whom the product says a conversation is with. */
  async learns(conversation: string, { root }: History): Promise<void> {
    const summary = await peersOf(env).conversation(this.id, asId("cnv", conversation)).summary();
    if (summary === null) throw new Error("no conversation");
    this.#names(root, summary.visitor.id, conversation);
  }

  /** Learns what the product calls those to whom nobody has come back since their proof was cut off. */
  async learnsAll(): Promise<void> {
    for (const history of this.account.live) {
      if (history.visitor !== null || history.userId === null) continue;
      const row = await env.DB.prepare(
        "SELECT visitor_id AS visitor FROM identifiers WHERE workspace_id = ? AND kind = 'user_id' AND value = ?",
      )
        .bind(this.id, history.userId)
        .first<{ visitor: string }>();
      if (row !== null) this.#names(history, asId("vis", row.visitor), history.userId);
    }
  }

  /** A number that no other page load or message has. */
  next(): number {
    return ++this.#sent;
  }

  closes(): void {
    for (const { socket } of this.#ears) socket.close();
    for (const socket of this.#operators.values()) socket.close();
  }

  #given(
    right: Right,
    { device, visitor, token }: Pick<BootResponse, "device" | "visitor" | "token">,
    text: string,
    secret: string | null,
  ): Credential {
    const root = right.isLeaving && right.ended !== null ? right.ended.root : right.history.root;
    const of = this.account.rights.find((one) => one.device === device);
    if (right.device === null ? of !== undefined : of !== right)
      throw new Error(`another right than expected: ${text}`);
    this.#names(root, visitor, text);
    right.device = device;
    this.reads(right, text);
    if (!this.credentials.some((one) => one.token === token))
      this.credentials.push({ token, right, secret: null });
    return { token, right, secret };
  }

  #names(root: History, visitor: VisitorId, text: string): void {
    const whose = this.account.histories.find((one) => one.visitor === visitor);
    if (root.visitor === null ? whose !== undefined : whose !== root)
      throw new Error(`another person than expected: ${text}`);
    root.visitor = visitor;
  }
}

/** Presses the button of a link. @returns The ticket that it hands over; null where it leads nowhere. */
export async function pressed(url: string): Promise<string | null> {
  const { origin } = new URL(url);
  const answer = await worker.fetch(url, {
    method: "POST",
    redirect: "manual",
    headers: { origin },
  });
  const location = answer.headers.get("location");
  await answer.body?.cancel();
  return location === null ? null : new URL(location).searchParams.get(TICKET_PARAMETER);
}

export async function asks(
  socket: TestSocket,
  command: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  return inTime(socket.ask(command), JSON.stringify(command));
}

/** Whether a socket is greeted; false where it is closed instead. */
export async function greets(socket: TestSocket): Promise<boolean> {
  await inTime(
    Promise.race([socket.until(({ t }) => t === "hello"), socket.untilClosed()]).catch(() => {}),
    "hello",
  );
  return socket.received.some(({ t }) => t === "hello");
}

export async function inTime<T>(answer: Promise<T>, what: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer: ${what}`)), ANSWER_MS);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
