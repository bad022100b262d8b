import { exports } from "cloudflare:workers";
import { peersOf } from "../../durable-objects/peers.ts";
import { TestSocket } from "../../durable-objects/testing/sockets.ts";
import type { Contact } from "../../protocol/contact.ts";
import type { MailedEntry } from "../../protocol/entries.ts";
import { asId, type ConversationId } from "../../protocol/ids.ts";
import type { AuthResponse, BootResponse } from "../../protocol/visitor-frames.ts";
import { answerVisitor } from "../visitors/routes.ts";
import { env } from "./operator-browser.ts";
import type { WorkspaceFixture } from "./workspace-fixture.ts";

const HOST = "http://parley.test";
/** What the visitor types, wherever they can: no mail to an address that is not proven may hold it. */
export const TYPED = "TYPED-BY-A-VISITOR";

let made = 0;

/** Somebody who writes in a chat, types an address there, and an operator who has the conversation open. */
export class ChatAsker {
  readonly workspace: WorkspaceFixture;
  readonly origin: string;
  page: BootResponse;
  conversation: ConversationId = asId("cnv", "cnv_none");
  #operator: TestSocket | null = null;

  private constructor(workspace: WorkspaceFixture, origin: string, page: BootResponse) {
    this.workspace = workspace;
    this.origin = origin;
    this.page = page;
  }

  static async arrive(workspace: WorkspaceFixture): Promise<ChatAsker> {
    const { origins } = await workspace.owner.call<{ origins: string[] }>("GET", "/api/settings");
    const origin = origins[0] ?? "";
    const asker = new ChatAsker(workspace, origin, await boot(workspace, origin));
    const { visitor, device } = asker.page;
    await peersOf(env)
      .visitor(workspace.me.workspace.id, visitor)
      .ingest(device, {
        stream: "traits",
        sentAt: Date.now(),
        facts: [{ type: "identify", n: 1, at: Date.now(), traits: { name: `${TYPED} Ada` } }],
      });
    const path = `/api/visitors/${visitor}/conversation`;
    const opened = await workspace.owner.call<{ conversation: string }>("POST", path);
    asker.conversation = asId("cnv", opened.conversation);
    await asker.write(`${TYPED}: where is my teapot?`);
    return asker;
  }

  get chat() {
    return peersOf(env).conversation(this.workspace.me.workspace.id, this.conversation);
  }
  get person() {
    return peersOf(env).visitor(this.workspace.me.workspace.id, this.page.visitor);
  }

  async write(text: string): Promise<void> {
    await this.chat.receive(this.page.device, { stream: `v${++made}`, n: 1, text });
  }

  /** An operator answers, over the socket that the dashboard opens. */
  async answer(text: string): Promise<number> {
    this.#operator ??= await this.openOperator();
    const message = { t: "message", stream: `o${++made}`, n: 1, text };
    return Number((await this.#operator.ask(message))["seq"]);
  }

  async openOperator(): Promise<TestSocket> {
    const path = `/api/conversations/${this.conversation}/socket`;
    const { webSocket } = await this.workspace.owner.open(path);
    if (webSocket === null) throw new Error("no socket");
    const socket = new TestSocket(webSocket);
    await socket.until((frame) => frame["t"] === "hello");
    return socket;
  }

  async post(path: string, body: object): Promise<Response> {
    return answerVisitor(
      new Request(`${HOST}${path}`, {
        method: "POST",
        headers: { origin: this.origin, "cf-connecting-ip": `10.7.${made % 250}.${++made % 250}` },
        body: JSON.stringify({ token: this.page.token, ...body }),
      }),
      env,
    );
  }

  /** `ok`, or the code of the error. */
  async choose(change: object): Promise<string> {
    return outcome(await this.post("/v1/contact", change));
  }

  async contact(): Promise<Contact> {
    this.page = await boot(this.workspace, this.origin, this.page.token);
    return this.page.contact;
  }

  /** Types a code, and follows where that leads. */
  async prove(email: string, code: string): Promise<string> {
    const response = await this.post("/v1/auth", { email, code });
    if (response.status !== 200) return outcome(response);
    const { token } = await response.json<AuthResponse>();
    this.page = await boot(this.workspace, this.origin, token);
    return "ok";
  }

  /** A loop through a mailbox has proven it to this browser, which goes on with the right that follows. */
  async loop(email: string): Promise<void> {
    const next = crypto.randomUUID();
    const others = [{ kind: "email" as const, value: email }];
    await this.person.prove(this.page.device, { userId: null, others, by: "loop" }, next);
    this.page = await boot(this.workspace, this.origin, this.page.token, next);
  }

  async mailed(): Promise<MailedEntry[]> {
    const log = await this.chat.log(0, 1_000);
    return log.filter((entry): entry is MailedEntry => entry.type === "mailed");
  }
}

async function boot(workspace: WorkspaceFixture, origin: string, token?: string, next?: string) {
  const request = new Request(`${HOST}/v1/boot`, {
    method: "POST",
    headers: { origin, "cf-connecting-ip": `10.8.${made % 250}.${++made % 250}` },
    body: JSON.stringify({
      key: workspace.me.workspace.siteKey,
      client: {},
      stream: crypto.randomUUID(),
      sentAt: Date.now(),
      facts: [{ type: "page", n: 1, at: Date.now(), url: `${origin}/` }],
      ...(token === undefined ? {} : { token }),
      ...(next === undefined ? {} : { next }),
    }),
  });
  const response = await answerVisitor(request, env);
  if (response.status !== 200) throw new Error(await response.text());
  return response.json<BootResponse>();
}

async function outcome(response: Response): Promise<string> {
  const body = await response.json<{ error?: { code: string } }>();
  return body.error?.code ?? "ok";
}

export const worker = (exports as unknown as { default: Fetcher }).default;
