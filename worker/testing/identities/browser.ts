import type { TestSocket } from "../../../durable-objects/testing/sockets.ts";
import type { Right, Thread } from "./account.ts";
import { asks, greets, type Credential, type Shop } from "./shop.ts";

/** Threads that a browser reads in passing; at the end all are read. */
const THREADS_READ = 2;

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

  /** Loads a page. Null where it has to wait. */
  async visits(): Promise<Credential | null> {
    this.leaves();
    const found = await this.shop.boots(this.held, this.network);
    if (found !== null) this.held = found;
    return found;
  }

  /**
   * Loads a page and reads what is there to be read, against the account.
   * @param most So many of the threads, the newest.
   */
  async looks(most = THREADS_READ): Promise<void> {
    const found = await this.visits();
    const page = await this.page();
    if (found === null || page === null) return;
    const threads = this.shop.account.threadsOf(found.right.history).slice(-most);
    for (const [conversation, thread] of threads)
      await this.#reads(page, found.right, conversation, thread);
  }

  /** Somebody else's conversation is not there. */
  async triesConversation(conversation: string): Promise<string | null> {
    const { account } = this.shop;
    const page = await this.page();
    if (page === null || this.held === null) return null;
    const { right } = this.held;
    const answer = await asks(page, { t: "ticket", conversation });
    const isOwn =
      right.isActive && account.threads.get(conversation)?.history.root === right.history.root;
    const { ticket } = answer;
    if (account.isSettled && (answer["t"] === "ack") !== isOwn)
      throw new Error(`a ticket, own ${isOwn}: ${JSON.stringify(answer)}`);
    return typeof ticket === "string" ? ticket : null;
  }

  /** Writes into the open conversation. Null where nothing may be written now. */
  async writes(text: string): Promise<string | null> {
    const page = await this.page();
    if (page === null) return null;
    const stream = `m${this.shop.next()}`;
    const answer = await asks(page, { t: "message", stream, n: 1, text });
    if (answer["t"] === "ack") return String(answer["conversation"]);
    if (answer["code"] === "rate_limited" || !this.shop.account.isSettled) return null;
    throw new Error(`a message was refused: ${JSON.stringify(answer)}`);
  }

  /** The page's socket, opened where it is not. Null where its right has ended. */
  async page(): Promise<TestSocket | null> {
    if (this.#page !== null && this.#page.closed === null) return this.#page;
    const held = this.held ?? (await this.visits());
    if (held === null) return null;
    const socket = await this.shop.opensSocket("/v1/page", held.token, held.right);
    if (!("ask" in socket)) throw new Error(`no page: ${socket.text}`);
    if (!(await greets(socket))) {
      if (held.right.isActive) throw new Error("a page was refused");
      return null;
    }
    this.#page = socket;
    return socket;
  }

  leaves(): void {
    this.#page?.close();
    for (const chat of this.#chats) chat.close();
    this.#page = null;
    this.#chats = [];
  }

  async #reads(
    page: TestSocket,
    right: Right,
    conversation: string,
    thread: Thread,
  ): Promise<void> {
    const { isSettled } = this.shop.account;
    const { ticket } = await asks(page, { t: "ticket", conversation });
    if (typeof ticket !== "string") {
      if (isSettled) throw new Error("no ticket");
      return;
    }
    const chat = await this.shop.opensSocket("/v1/conversation", ticket, right);
    if (!("ask" in chat)) throw new Error(`no conversation: ${chat.text}`);
    this.#chats.push(chat);
    if (!(await greets(chat))) {
      if (isSettled) throw new Error("a conversation was refused");
      return;
    }
    const { entries } = await asks(chat, { t: "resume", after: 0 });
    const words = (entries as { text: string }[]).map(({ text }) => text);
    if (JSON.stringify(words) !== JSON.stringify(thread.words))
      throw new Error(`${conversation} is ${words.join()} and should be ${thread.words.join()}`);
  }
}
