import { ClientSocket } from "./socket.ts";

/** The product's clients as the load generator plays them: visitors of the demo shop and one operator. */

const OPERATOR = "owner@demo.test";
const SITE_KEY = "pk_demo";
const SHOP = "http://localhost:4000";
export const SHOP_ORIGIN = { origin: SHOP };

export type Visitor = { token: string; visitor: string };

/** A new visitor, from a network of their own: a /24. */
export async function bootVisitor(url: string, index: number): Promise<Visitor> {
  const at = Date.now();
  const address = `10.${(index >> 8) & 255}.${index & 255}.1`;
  const body = {
    key: SITE_KEY,
    client: { language: "en-GB", timeZone: "Europe/London" },
    stream: "boot",
    sentAt: at,
    facts: [
      {
        type: "page",
        n: 1,
        at,
        url: `${SHOP}/?utm_source=newsletter&utm_medium=email`,
        title: "Kettle & Co",
      },
    ],
  };
  const answer = await fetch(new URL("/v1/boot", url), {
    method: "POST",
    headers: { ...SHOP_ORIGIN, "cf-connecting-ip": address },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`boot: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Visitor; // declared in the protocol
}

export function openPage(
  url: string,
  { token }: Visitor,
  heard?: (text: string) => void,
): Promise<ClientSocket> {
  return ClientSocket.open(
    new URL("/v1/page", url),
    { protocols: ["parley.1", token], headers: SHOP_ORIGIN },
    heard,
  );
}

export async function openChat(
  url: string,
  page: ClientSocket,
  conversation: string,
): Promise<ClientSocket> {
  const { ticket } = await page.ask({ t: "ticket", conversation });
  const init = { protocols: ["parley.1", String(ticket)], headers: SHOP_ORIGIN };
  const chat = await ClientSocket.open(new URL("/v1/conversation", url), init);
  await chat.ask({ t: "resume", after: 0 });
  return chat;
}

/** The operator in the dashboard: a session, and everything that it opens. */
export class Operator {
  readonly #url: string;
  readonly #headers: Record<string, string>;

  private constructor(url: string, cookie: string) {
    this.#url = url;
    this.#headers = { origin: new URL(url).origin, cookie, "content-type": "application/json" };
  }

  static async signIn(url: string): Promise<Operator> {
    const stranger = new Operator(url, "");
    const before = await newestMail(url);
    await stranger.call("POST", "/api/sign-in/code", { email: OPERATOR });
    const answer = await stranger.call("POST", "/api/sign-in", {
      email: OPERATOR,
      code: await readCode(url, before?.job),
    });
    const cookie = answer.headers.getSetCookie().map((one) => one.split(";")[0]);
    return new Operator(url, cookie.join("; "));
  }

  async call(method: string, path: string, body?: object): Promise<Response> {
    const answer = await fetch(new URL(path, this.#url), {
      method,
      headers: this.#headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  }

  /** The visitor's open conversation, started if there is none. */
  async conversationWith({ visitor }: Visitor): Promise<string> {
    const answer = await this.call("POST", `/api/visitors/${visitor}/conversation`);
    return ((await answer.json()) as { conversation: string }).conversation; // declared in the protocol
  }

  openInbox(): Promise<ClientSocket> {
    return ClientSocket.open(new URL("/api/inbox/socket", this.#url), { headers: this.#headers });
  }

  async openConversation(id: string, heard: (text: string) => void): Promise<ClientSocket> {
    const url = new URL(`/api/conversations/${id}/socket`, this.#url);
    const socket = await ClientSocket.open(url, { headers: this.#headers }, heard);
    await socket.ask({ t: "resume", after: 0 });
    return socket;
  }
}

const CODE_TIMEOUT_MS = 10_000;

type Mail = { job: string; text: string };

async function newestMail(url: string): Promise<Mail | undefined> {
  const answer = await fetch(new URL(`/dev/mailbox.json?to=${OPERATOR}`, url));
  const [mail] = (await answer.json()) as Mail[]; // the mailbox of the product under test
  return mail;
}

/** @param before The mail of the code before, if there was one. */
async function readCode(url: string, before: string | undefined): Promise<string> {
  const deadline = Date.now() + CODE_TIMEOUT_MS;
  for (;;) {
    const mail = await newestMail(url);
    const code = /\b\d{6}\b/.exec(mail?.text ?? "")?.[0];
    if (code !== undefined && mail?.job !== before) return code;
    if (Date.now() > deadline) throw new Error("no sign-in code came");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
