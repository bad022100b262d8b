import { TICKET_PARAMETER } from "../../domain/identity/continue-link.ts";
import { peersOf } from "../../durable-objects/peers.ts";
import { TestSocket } from "../../durable-objects/testing/sockets.ts";
import type { Continued, ContinueResponse, BootResponse } from "../../protocol/visitor-frames.ts";
import type { WorkspaceFixture } from "./workspace-fixture.ts";
import { env } from "./operator-browser.ts";
import { HOST, worker } from "./visitor-site.ts";

/** One browser of a workspace's site, over the wire: its right, and the page load that it is in. */
export class SiteBrowser {
  readonly workspace: WorkspaceFixture;
  readonly origin: string;
  right: BootResponse | null = null;
  stream = crypto.randomUUID() as string;
  /** What it has kept of its last proof, or of the link that it has come by. */
  secret: string | undefined;
  #n = 0;

  constructor(workspace: WorkspaceFixture, origin: string) {
    this.workspace = workspace;
    this.origin = origin;
  }

  static async arrive(workspace: WorkspaceFixture): Promise<SiteBrowser> {
    const settings = await workspace.owner.call<{ origins: string[] }>("GET", "/api/settings");
    const browser = new SiteBrowser(workspace, settings.origins[0] ?? "");
    await browser.load();
    return browser;
  }

  /** Somebody whose browser has never been here. */
  fresh(): SiteBrowser {
    return new SiteBrowser(this.workspace, this.origin);
  }

  post(path: string, body: object): Promise<Response> {
    return worker.fetch(`${HOST}${path}`, {
      method: "POST",
      headers: { origin: this.origin, "content-type": "text/plain" },
      body: JSON.stringify(body),
    });
  }

  /** Opens a page, and is told what became of the link that led there. */
  async load(url = `${this.origin}/`): Promise<Continued | undefined> {
    this.stream = crypto.randomUUID();
    this.#n = 0;
    return this.boot(url);
  }

  /** The same page load asks again. */
  async boot(url: string): Promise<Continued | undefined> {
    const answer = await this.bootAnswer(url);
    if (answer.status !== 200) throw new Error(`boot: ${answer.status} ${await answer.text()}`);
    this.right = await answer.json<BootResponse>();
    const { continued } = this.right;
    if (continued === "opened") this.secret = ticketIn(url);
    return continued;
  }

  bootAnswer(url: string): Promise<Response> {
    return this.post("/v1/boot", {
      key: this.workspace.me.workspace.siteKey,
      next: this.secret,
      client: {},
      stream: this.stream,
      sentAt: Date.now(),
      facts: [{ type: "page", n: ++this.#n, at: Date.now(), url, referrer: url }],
      ...(this.right === null ? {} : { token: this.right.token }),
    });
  }

  get visitor() {
    if (this.right === null) throw new Error("it has not been on a page");
    return this.right.visitor;
  }

  get object() {
    return peersOf(env).visitor(this.workspace.me.workspace.id, this.visitor);
  }

  async socket(): Promise<TestSocket> {
    const { webSocket } = await worker.fetch(`${HOST}/v1/page`, {
      headers: {
        upgrade: "websocket",
        origin: this.origin,
        "sec-websocket-protocol": `parley.1, ${this.right?.token}`,
      },
    });
    if (webSocket === null) throw new Error("no socket");
    return new TestSocket(webSocket);
  }

  /** Writes a message. @returns The conversation. */
  async write(text: string): Promise<string> {
    const socket = await this.socket();
    const sent = await socket.ask({ t: "message", stream: crypto.randomUUID(), n: 1, text });
    socket.close();
    return String(sent["conversation"]);
  }

  async makeLink(page = `${this.origin}/help?topic=tea`): Promise<ContinueResponse> {
    const answer = await this.post("/v1/continue", { token: this.right?.token, page });
    if (answer.status !== 200) throw new Error(`continue: ${await answer.text()}`);
    return answer.json();
  }
}

/** Opens a link, or presses its button. Redirects are not followed. */
export function openLink(
  link: string,
  method = "GET",
  headers: Record<string, string> = {},
): Promise<Response> {
  return worker.fetch(link, {
    method,
    redirect: "manual",
    headers: { ...(method === "POST" ? { origin: new URL(link).origin } : {}), ...headers },
  });
}

/** Presses the button. @returns The address that the browser is sent to; null where the link does not work. */
export async function useLink(link: string): Promise<string | null> {
  return (await openLink(link, "POST")).headers.get("location");
}

export async function usedLink(link: string): Promise<string> {
  const location = await useLink(link);
  if (location === null) throw new Error("the link does not work");
  return location;
}

export const ticketIn = (location: string): string =>
  new URL(location).searchParams.get(TICKET_PARAMETER) ?? "";
