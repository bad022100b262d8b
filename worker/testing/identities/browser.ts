import type { TestSocket } from "../../../durable-objects/testing/sockets.ts";
import type { Thread } from "./account.ts";
import { asks, inTime, type Credential, type Shop } from "./shop.ts";

/** One browser on a shop's pages: the token that it keeps, and the sockets of the page that it has open. */
export class Browser {
  readonly shop: Shop;
  readonly network: string;
  held: Credential | null = null;
  #page: TestSocket | null = null;
  #chats: TestSocket[] = [];

  constructor(shop: Shop, number: number) {
    this.shop = shop;
    this.network = `10.1.${number}.1`;
  }

  /** Loads a page. */
  async visits(): Promise<Credential> {
    this.leaves();
    this.held = await this.shop.boots(this.held, this.network);
    return this.held;
  }

  /** Loads a page and reads everything that is there to be read, against the account. */
  async looks(): Promise<void> {
    const { right } = await this.visits();
    const page = await this.page();
    const own = this.shop.account.threadsOf(right.history);
    for (const [conversation, thread] of own) await this.#reads(page, conversation, thread);
  }

  /** Somebody else's conversation is not there. */
  async triesConversation(conversation: string): Promise<void> {
    const { account } = this.shop;
    const { right } = this.held ?? (await this.visits());
    const page = await this.page();
    const isOwn =
      right.isActive && account.threads.get(conversation)?.history.root === right.history.root;
    const answer = await asks(page, { t: "ticket", conversation });
    if ((answer["t"] === "ack") !== isOwn)
      throw new Error(`a ticket, own ${isOwn}: ${JSON.stringify(answer)}`);
  }

  async writes(text: string): Promise<string | null> {
    const page = await this.page();
    const stream = `m${this.shop.next()}`;
    const answer = await asks(page, { t: "message", stream, n: 1, text });
    if (answer["t"] === "ack") return String(answer["conversation"]);
    if (answer["code"] === "rate_limited") return null;
    throw new Error(`a message was refused: ${JSON.stringify(answer)}`);
  }

  /** The page's socket, opened where it is not. */
  async page(): Promise<TestSocket> {
    if (this.#page !== null && this.#page.closed === null) return this.#page;
    const held = this.held ?? (await this.visits());
    const socket = await this.shop.opensSocket("/v1/page", held.token, held.right);
    if (!("ask" in socket)) throw new Error(`no page: ${socket.text}`);
    await inTime(
      socket.until(({ t }) => t === "hello"),
      "hello",
    );
    this.#page = socket;
    return socket;
  }

  leaves(): void {
    this.#page?.close();
    for (const chat of this.#chats) chat.close();
    this.#page = null;
    this.#chats = [];
  }

  async #reads(page: TestSocket, conversation: string, thread: Thread): Promise<void> {
    const { right } = this.held ?? {};
    const { ticket } = await asks(page, { t: "ticket", conversation });
    if (right === undefined || typeof ticket !== "string") throw new Error("no ticket");
    const chat = await this.shop.opensSocket("/v1/conversation", ticket, right);
    if (!("ask" in chat)) throw new Error(`no conversation: ${chat.text}`);
    this.#chats.push(chat);
    const { entries } = await asks(chat, { t: "resume", after: 0 });
    const words = (entries as { text: string }[]).map(({ text }) => text);
    if (JSON.stringify(words) !== JSON.stringify(thread.words))
      throw new Error(`${conversation} is ${words.join()} and should be ${thread.words.join()}`);
  }
}
