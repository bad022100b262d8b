import { env as bindings, exports } from "cloudflare:workers";
import { TestSocket } from "../../durable-objects/testing/sockets.ts";
import type { SendEmail } from "../../protocol/jobs.ts";
import type { Env } from "../env.ts";

/** The bindings of the test runtime, as wrangler.toml and vitest.config.ts declare them. */
export const env = bindings as unknown as Env; // the config's own words

/** The dashboard's host: what a browser there sends as `Origin`. */
export const DASHBOARD = "http://dashboard.test";

type Init = { method?: string; body?: unknown; headers?: Record<string, string> };

/** A browser with the dashboard open: keeps cookies and sends `Origin`, as a real one does. */
export class OperatorBrowser {
  readonly cookies = new Map<string, string>();

  async fetch(path: string, init: Init = {}): Promise<Response> {
    const isBytes = init.body instanceof Uint8Array;
    const headers: Record<string, string> = { origin: DASHBOARD };
    if (this.cookies.size > 0) {
      headers["cookie"] = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    }
    if (init.body !== undefined && !isBytes) headers["content-type"] = "application/json";
    const body =
      init.body === undefined
        ? null
        : isBytes
          ? (init.body as Uint8Array)
          : JSON.stringify(init.body); // narrowed above
    const request = new Request(`${DASHBOARD}${path}`, {
      method: init.method ?? "GET",
      headers: { ...headers, ...init.headers },
      body,
    });
    const response = await worker().fetch(request);
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (/max-age=0/i.test(cookie)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return response;
  }

  /** The JSON of a request that must succeed. */
  async call<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<T> {
    const response = await this.fetch(path, { method, body });
    if (!response.ok)
      throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  async open(path: string): Promise<Response> {
    return this.fetch(path, { headers: { upgrade: "websocket" } });
  }

  /** The socket that the dashboard opens to a conversation, once that has said hello. */
  async openConversation(conversation: string): Promise<TestSocket> {
    const { webSocket } = await this.open(`/api/conversations/${conversation}/socket`);
    if (webSocket === null) throw new Error("no socket");
    const socket = new TestSocket(webSocket);
    await socket.until((frame) => frame["t"] === "hello");
    return socket;
  }

  async signIn(email: string): Promise<this> {
    const code = await codeFor(email, () => this.call("POST", "/api/sign-in/code", { email }));
    await this.call("POST", "/api/sign-in", { email, code });
    return this;
  }
}

/** An owner who is signed in and has a workspace of their own. */
export async function newOwner(email: string, name = "Test shop"): Promise<OperatorBrowser> {
  const browser = await new OperatorBrowser().signIn(email);
  await browser.call("POST", "/api/workspaces", {
    name,
    site: "shop.example.com",
    operatorName: "Owner",
  });
  return browser;
}

/** Mails that were put on the queue while `work` ran. They go no further. */
export async function mailsDuring(work: () => Promise<unknown>): Promise<SendEmail[]> {
  const jobs: SendEmail[] = [];
  const { send } = env.EMAILS;
  env.EMAILS.send = async (job) => {
    jobs.push(job);
    return {} as QueueSendResponse; // nobody reads it
  };
  try {
    await work();
  } finally {
    env.EMAILS.send = send;
  }
  return jobs;
}

export async function codeFor(email: string, ask: () => Promise<unknown>): Promise<string> {
  for (const { to, mail } of await mailsDuring(ask)) {
    if (to === email && mail.template === "sign-in-code") return mail.code;
  }
  throw new Error(`no code for ${email}`);
}

function worker(): Fetcher {
  // The type of `exports` is made from the Worker's own module, which tests do not import.
  return (exports as unknown as { default: Fetcher }).default;
}
