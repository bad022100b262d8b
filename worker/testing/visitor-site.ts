import { exports } from "cloudflare:workers";
import { TestSocket } from "../../durable-objects/testing/sockets.ts";
import type { PersonCard } from "../../protocol/person.ts";
import type { AuthResponse, BootResponse } from "../../protocol/visitor-frames.ts";
import type { WorkspaceFixture } from "./workspace-fixture.ts";

/** The Worker as the network reaches it. The type of `exports` is made from its own module, which tests do not import. */
export const worker = (exports as unknown as { default: Fetcher }).default;
export const HOST = "http://parley.test";

let networks = 0;
/** An address in a network that nobody has asked from: requests are counted by /24. */
function anyNetwork(): string {
  networks++;
  return `10.${Math.floor(networks / 256)}.${networks % 256}.1`;
}

/** What the pages of a workspace's site ask, each request from a network of its own. */
export class VisitorSite {
  readonly workspace: WorkspaceFixture;
  readonly origin: string;
  readonly #answer: (request: Request) => Promise<Response>;

  private constructor(
    workspace: WorkspaceFixture,
    origin: string,
    answer: (request: Request) => Promise<Response>,
  ) {
    this.workspace = workspace;
    this.origin = origin;
    this.#answer = answer;
  }

  /** @param answer - Who answers instead of the Worker as it runs here. */
  static async of(
    workspace: WorkspaceFixture,
    answer = (request: Request) => worker.fetch(request),
  ): Promise<VisitorSite> {
    const { origins } = await workspace.owner.call<{ origins: string[] }>("GET", "/api/settings");
    return new VisitorSite(workspace, origins[0] ?? "", answer);
  }

  post(
    path: string,
    body: object,
    { origin = this.origin, network = anyNetwork() } = {},
  ): Promise<Response> {
    return this.#answer(
      new Request(`${HOST}${path}`, {
        method: "POST",
        headers: { origin, "content-type": "text/plain", "cf-connecting-ip": network },
        body: JSON.stringify(body),
      }),
    );
  }

  /** The boot of a page that tells of one page view, changed as said. */
  bootBody(more: object): object {
    return {
      key: this.workspace.me.workspace.siteKey,
      client: {},
      stream: "load",
      sentAt: Date.now(),
      facts: [{ type: "page", n: 1, at: Date.now(), url: `${this.origin}/` }],
      ...more,
    };
  }

  async boot(more: object = {}): Promise<BootResponse> {
    return given(this.post("/v1/boot", this.bootBody(more)));
  }

  async auth(token: string, proof: object): Promise<AuthResponse> {
    return given(this.post("/v1/auth", { token, ...proof }));
  }

  /** The socket of a page that is open. */
  async openPage(token: string): Promise<TestSocket> {
    const { webSocket } = await worker.fetch(`${HOST}/v1/page`, {
      headers: {
        upgrade: "websocket",
        origin: this.origin,
        "sec-websocket-protocol": `parley.1, ${token}`,
      },
    });
    if (webSocket === null) throw new Error("no socket");
    return new TestSocket(webSocket);
  }

  /** What operators see of somebody. */
  async cardOf(visitor: string): Promise<PersonCard> {
    return this.workspace.owner.call("GET", `/api/visitors/${visitor}`);
  }
}

/** The body of an answer that must not refuse. */
async function given<Body>(answer: Promise<Response>): Promise<Body> {
  const response = await answer;
  if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
  return response.json();
}

/** `ok`, or the code of the error. */
export async function outcome(answer: Response | Promise<Response>): Promise<string> {
  const body = await (await answer).json<{ error?: { code: string } }>();
  return body.error?.code ?? "ok";
}

/** Status and code of an answer that refuses. */
export async function refusal(answer: Promise<Response>): Promise<[number, string]> {
  const response = await answer;
  const body = await response.json<{ error: { code: string } }>();
  return [response.status, body.error.code];
}
