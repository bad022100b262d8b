import { expect } from "vitest";
import { peersOf } from "../../durable-objects/peers.ts";
import { eventually } from "../../durable-objects/testing/eventually.ts";
import type { TestSocket } from "../../durable-objects/testing/sockets.ts";
import type { Contact, ContactRoute } from "../../protocol/contact.ts";
import type { MailedEntry } from "../../protocol/entries.ts";
import { asId, type ConversationId } from "../../protocol/ids.ts";
import type { AuthResponse, BootResponse } from "../../protocol/visitor-frames.ts";
import { answerVisitor } from "../visitors/routes.ts";
import { env } from "./operator-browser.ts";
import { outcome, VisitorSite } from "./visitor-site.ts";
import type { WorkspaceFixture } from "./workspace-fixture.ts";

/** What the visitor types, wherever they can: no mail to an address that is not proven may hold it. */
export const TYPED = "TYPED-BY-A-VISITOR";

let made = 0;

/** Somebody who writes in a chat, types an address there, and an operator who has the conversation open. */
export class ChatAsker {
  readonly site: VisitorSite;
  page: BootResponse;
  conversation: ConversationId = asId("cnv", "cnv_none");
  #operator: TestSocket | null = null;

  private constructor(site: VisitorSite, page: BootResponse) {
    this.site = site;
    this.page = page;
  }

  static async arrive(workspace: WorkspaceFixture): Promise<ChatAsker> {
    const site = await VisitorSite.of(workspace, (request) => answerVisitor(request, env));
    const asker = new ChatAsker(site, await load(site));
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

  /** Somebody who has also typed an address, of which the conversation has heard. */
  static async withAddress(workspace: WorkspaceFixture, address: string): Promise<ChatAsker> {
    const asker = await ChatAsker.arrive(workspace);
    expect(await asker.choose({ address })).toBe("ok");
    await asker.heard((contact) => contact?.address === address.toLowerCase());
    return asker;
  }

  get chat() {
    return peersOf(env).conversation(this.site.workspace.me.workspace.id, this.conversation);
  }
  get person() {
    return peersOf(env).visitor(this.site.workspace.me.workspace.id, this.page.visitor);
  }

  async write(text: string): Promise<void> {
    await this.chat.receive(this.page.device, { stream: `v${++made}`, n: 1, text });
  }

  /** An operator answers, over the socket that the dashboard opens. */
  async answer(text: string): Promise<number> {
    this.#operator ??= await this.site.workspace.owner.openConversation(this.conversation);
    const message = { t: "message", stream: `o${++made}`, n: 1, text };
    return Number((await this.#operator.ask(message))["seq"]);
  }

  async post(path: string, body: object): Promise<Response> {
    return this.site.post(path, { token: this.page.token, ...body });
  }

  /** `ok`, or the code of the error. */
  async choose(change: object): Promise<string> {
    return outcome(this.post("/v1/contact", change));
  }

  /** The conversation has heard of a choice from the person's object, which tells it by itself. */
  async heard(is: (contact: ContactRoute | undefined) => boolean | undefined): Promise<void> {
    await eventually(async () =>
      expect(is((await this.chat.summary())?.visitor.contact)).toBe(true),
    );
  }

  async contact(): Promise<Contact> {
    this.page = await load(this.site, this.page.token);
    return this.page.contact;
  }

  /** Types a code, and follows where that leads. */
  async prove(email: string, code: string): Promise<string> {
    const response = await this.post("/v1/auth", { email, code });
    if (response.status !== 200) return outcome(response);
    const { token } = await response.json<AuthResponse>();
    this.page = await load(this.site, token);
    return "ok";
  }

  /** A loop through a mailbox has proven it to this browser, which goes on with the right that follows. */
  async loop(email: string): Promise<void> {
    const next = crypto.randomUUID();
    const others = [{ kind: "email" as const, value: email }];
    await this.person.prove(this.page.device, { userId: null, others, by: "loop" }, next);
    this.page = await load(this.site, this.page.token, next);
  }

  async mailed(): Promise<MailedEntry[]> {
    const log = await this.chat.log(0, 1_000);
    return log.filter((entry): entry is MailedEntry => entry.type === "mailed");
  }
}

/** A page load of its own, with the right and the secret that the browser has kept. */
const load = (site: VisitorSite, token?: string, next?: string): Promise<BootResponse> =>
  site.boot({ stream: crypto.randomUUID(), token, next });
