import { exports } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { signDeviceToken } from "../../domain/identity/tokens.ts";
import { setClockOffset } from "../../durable-objects/runtime/clock.ts";
import { TestSocket } from "../../durable-objects/testing/sockets.ts";
import { peersOf } from "../../durable-objects/peers.ts";
import type { SendEmail } from "../../protocol/jobs.ts";
import {
  CODE_LIFETIME_MS,
  CODE_MAX_TRIES,
  CODE_PAUSE_MS,
  CODE_REQUESTS_WINDOW_MS,
} from "../../protocol/limits.ts";
import type { AuthResponse, BootResponse } from "../../protocol/visitor-frames.ts";
import { attemptKey } from "../d1/attempts.ts";
import type { Env } from "../env.ts";
import { begunByMail } from "../testing/mail-conversation.ts";
import {
  arrive,
  buryJobs,
  collectJobs,
  countingTransport,
  deliverJobs,
  freshAddress,
  inboxOf,
  written,
} from "../testing/mail-stage.ts";
import { env } from "../testing/operator-browser.ts";
import { newWorkspace, type WorkspaceFixture } from "../testing/workspace-fixture.ts";
import { HISTORY_CODE_TRIES, HISTORY_CODES } from "./code-limits.ts";
import { answerVisitor } from "./routes.ts";

const worker = (exports as unknown as { default: Fetcher }).default;
const HOST = "http://parley.test";
const production: Env = { ...env, ENVIRONMENT: "production" };

let workspace: WorkspaceFixture;
let other: WorkspaceFixture;
let origin: string;
beforeAll(async () => {
  workspace = await newWorkspace("codes");
  other = await newWorkspace("codes-elsewhere");
  const settings = await workspace.owner.call<{ origins: string[] }>("GET", "/api/settings");
  origin = settings.origins[0] ?? "";
});
let jobs: SendEmail[];
beforeEach(async () => {
  await env.DB.prepare("DELETE FROM attempts").run();
  jobs = collectJobs();
});
afterEach(() => {
  setClockOffset(0);
  vi.restoreAllMocks();
});

let networks = 0;
const anyNetwork = () => `10.2.${++networks}.1`;
function post(path: string, body: unknown, network = anyNetwork()): Promise<Response> {
  const request = new Request(`${HOST}${path}`, {
    method: "POST",
    headers: { origin, "content-type": "text/plain", "cf-connecting-ip": network },
    body: JSON.stringify(body),
  });
  return answerVisitor(request, production);
}

/** What the browsers of this test draw for their proofs and keep. */
const SECRET = "secret-of-the-browser";

async function boot(token?: string, next?: string): Promise<BootResponse> {
  const answer = await post("/v1/boot", {
    key: workspace.me.workspace.siteKey,
    client: {},
    stream: crypto.randomUUID(),
    sentAt: Date.now(),
    facts: [{ type: "page", n: 1, at: Date.now(), url: `${origin}/` }],
    ...(token === undefined ? {} : { token }),
    ...(next === undefined ? {} : { next }),
  });
  expect(answer.status).toBe(200);
  return answer.json();
}

/** Status, headers and body, as far as whoever asks can see them. */
async function seen(answer: Promise<Response>): Promise<unknown> {
  const response = await answer;
  return [response.status, Object.fromEntries(response.headers), await response.text()];
}
async function outcome(answer: Promise<Response>): Promise<string> {
  const response = await answer;
  const body: { error?: { code: string } } = await response.json();
  return body.error?.code ?? "ok";
}
const ask = ({ token }: { token: string }, email: string, network?: string) =>
  post("/v1/auth/code", { token, email }, network);
const prove = ({ token }: { token: string }, email: string, code: string, network?: string) =>
  post("/v1/auth", { token, next: SECRET, email, code }, network);

/** The code of the newest mail that was asked for. */
function newestCode(): string {
  const mail = jobs.at(-1)?.mail;
  if (mail?.template !== "history-code") throw new Error("no code was asked for");
  return mail.code;
}
const wrong = (code: string) => (code === "000000" ? "000001" : "000000");

/** A browser with a code for somebody who has written by mail. */
async function asked() {
  const { address, conversation } = await begunByMail(workspace);
  jobs.length = 0;
  const page = await boot();
  expect(await outcome(ask(page, address))).toBe("ok");
  return { address, conversation, page, code: newestCode() };
}

describe("asking for a code", () => {
  test("mails it to an address that wrote before, without a word of whoever asked", async () => {
    const { address, code } = await asked();
    const transport = countingTransport();
    expect(await deliverJobs(jobs, transport)).toBe(1);
    const [{ mail } = { mail: null }] = transport.sent;
    expect(mail).toMatchObject({
      to: address,
      subject: `${code} is your code for codes`,
      headers: { "Auto-Submitted": "auto-generated" },
    });
    expect(mail?.text).toContain(`\n\n${code}\n\n`);
    expect(mail?.html).toContain(code);
    expect(JSON.stringify(jobs)).not.toContain("Where is my teapot");
  });

  test("is answered alike whatever is known of the address, after the same questions to the database", async () => {
    const { address } = await begunByMail(workspace);
    jobs.length = 0;
    const prepare = vi.spyOn(env.DB, "prepare");
    const looks: [unknown, string[]][] = [];
    for (const email of [address, freshAddress()]) {
      const page = await boot();
      prepare.mockClear();
      const answer = await seen(ask(page, email));
      looks.push([answer, prepare.mock.calls.map(([text]) => text)]);
    }
    expect(looks[0]).toEqual(looks[1]);
    expect(looks[0]?.[1].length).toBeGreaterThan(0);
    expect(jobs.map(({ mail }) => mail.template)).toEqual(["history-code", "history-code"]);
  });

  test("sends nothing to an address that nobody is known at, and keeps nothing of it", async () => {
    const address = freshAddress();
    const page = await boot();
    expect(await outcome(ask(page, address))).toBe("ok");
    const transport = countingTransport();
    expect(await deliverJobs(jobs, transport)).toBe(1);
    expect(transport.sent).toEqual([]);
    const tables = ["mails", "history_codes", "attempts"];
    for (const table of tables) {
      const { results } = await env.DB.prepare(`SELECT * FROM ${table}`).all();
      expect(JSON.stringify(results)).not.toContain(address);
    }
    // Not even the code itself, guessed, proves an address that no mail went to.
    expect(await outcome(prove(page, address, newestCode()))).toBe("wrong_code");
  });

  test("knows neither an address that only claims to have written, nor one of another workspace", async () => {
    const claimed = await begunByMail(workspace, { isProven: false });
    const elsewhere = await begunByMail(other);
    jobs.length = 0;
    const page = await boot();
    for (const { address } of [claimed, elsewhere])
      expect(await outcome(ask(page, address))).toBe("ok");
    const transport = countingTransport();
    await deliverJobs(jobs, transport);
    expect(transport.sent).toEqual([]);
  });

  test("delivered twice is one mail, and none once nobody could use the code any more", async () => {
    await asked();
    const transport = countingTransport();
    await deliverJobs(jobs, transport);
    await deliverJobs(jobs, transport, 2);
    expect(transport.sent).toHaveLength(1);
    await asked();
    const { now } = Date;
    vi.spyOn(Date, "now").mockImplementation(() => now() + CODE_LIFETIME_MS + 5_000);
    expect(await deliverJobs(jobs, transport)).toBe(1);
    expect(transport.sent).toHaveLength(1);
  });

  test("leaves no code behind where the mail never could leave", async () => {
    const { address, code } = await asked();
    await buryJobs(jobs);
    const { results } = await env.DB.prepare("SELECT * FROM dead_letters").all();
    expect(JSON.stringify(results)).toContain("history-code");
    expect(JSON.stringify(results)).not.toContain(code);
    expect(JSON.stringify(results)).not.toContain(address);
  });

  test("sends nothing where mails to the address are held back", async () => {
    const { address } = await asked();
    await workspace.owner.call("POST", "/api/suppressions", { address });
    const transport = countingTransport();
    await deliverJobs(jobs, transport);
    expect(transport.sent).toEqual([]);
  });

  test.each(["", "ada", "a b@corp.example", `${"a".repeat(255)}@corp.example`])(
    "refuses %j, which is no address",
    async (email) => {
      expect(await outcome(ask(await boot(), email))).toBe("invalid");
    },
  );

  test("needs a token and a page of the workspace", async () => {
    const page = await boot();
    expect(await outcome(ask({ token: `${page.token}x` }, "ada@corp.example"))).toBe("bad_token");
    const request = new Request(`${HOST}/v1/auth/code`, {
      method: "POST",
      headers: { origin: "https://evil.example" },
      body: JSON.stringify({ token: page.token, email: "ada@corp.example" }),
    });
    expect(await outcome(worker.fetch(request))).toBe("origin_not_allowed");
    expect(jobs).toEqual([]);
  });
});

describe("a right code", () => {
  test("gives the browser the person's thread, in a workspace that enforces proofs too", async () => {
    await workspace.owner.call("PUT", "/api/identity/mode", { mode: "enforce" });
    const { address, conversation, page, code } = await asked();
    const answer = await prove(page, address.toUpperCase(), code);
    expect(answer.status).toBe(200);
    const auth: AuthResponse = await answer.json();
    expect(auth).toMatchObject({ isAnotherPerson: false });
    expect(auth.visitor).not.toBe(page.visitor);
    const next = await boot(auth.token);
    expect(next).toMatchObject({ visitor: auth.visitor, conversation: { id: conversation } });
    // A lost answer does no harm: with the browser's secret the old token leads there as well.
    expect((await boot(page.token, SECRET)).token).toBe(auth.token);
    await workspace.owner.call("PUT", "/api/identity/mode", { mode: "off" });
  });

  test("lets the browser read the thread and go on in it, and the person is verified", async () => {
    const { address, conversation, page, code } = await asked();
    const { token, visitor }: AuthResponse = await (await prove(page, address, code)).json();
    const { webSocket } = await worker.fetch(`${HOST}/v1/page`, {
      headers: { upgrade: "websocket", origin, "sec-websocket-protocol": `parley.1, ${token}` },
    });
    if (webSocket === null) throw new Error("no socket");
    const socket = new TestSocket(webSocket);
    expect(
      await socket.ask({ t: "message", stream: "s", n: 1, text: "I am here now" }),
    ).toMatchObject({ t: "ack", conversation, seq: 2 });
    const card = await peersOf(env).visitor(workspace.me.workspace.id, visitor).card();
    expect(card?.identifiers).toEqual([{ kind: "email", value: address, isVerified: true }]);
    // Their next mail is in the same person's hands.
    const inbox = inboxOf(workspace.me.workspace.id);
    await arrive(written({ from: address, to: inbox, subject: "Another", text: "More" }), inbox);
    expect(
      (await peersOf(env).visitor(workspace.me.workspace.id, visitor).card())?.conversations,
    ).toHaveLength(2);
  });

  test("works once", async () => {
    const { address, page, code } = await asked();
    expect(await outcome(prove(page, address, code))).toBe("ok");
    expect(await outcome(prove(page, address, code))).toBe("code_used");
    const now = await boot(page.token, SECRET);
    expect(await outcome(prove(now, address, code))).toBe("wrong_code");
  });

  test("works when it comes again because nobody knows what became of it", async () => {
    const { address, page, code } = await asked();
    const prepare = env.DB.prepare.bind(env.DB);
    vi.spyOn(env.DB, "prepare").mockImplementation((text) => {
      if (text.includes("SET used_at")) throw new Error("killed");
      return prepare(text);
    });
    expect(await outcome(prove(page, address, code))).toBe("overloaded");
    vi.restoreAllMocks();
    expect(await outcome(prove(page, address, code))).toBe("ok");
    expect(await outcome(prove(page, address, code))).toBe("code_used");
  });

  test("twice at once leads to one right", async () => {
    const { address, page, code } = await asked();
    const answers = await Promise.all([prove(page, address, code), prove(page, address, code)]);
    const bodies = await Promise.all(answers.map((one) => one.json<Partial<AuthResponse>>()));
    const devices = bodies.flatMap(({ device }) => device ?? []);
    expect(new Set(devices).size).toBe(1);
  });

  test("is nothing in another browser, for another address or in another workspace", async () => {
    const { address, page, code } = await asked();
    expect(await outcome(prove(await boot(), address, code))).toBe("wrong_code");
    expect(await outcome(prove(page, freshAddress(), code))).toBe("wrong_code");
    const token = await signDeviceToken(env.PARLEY_SECRET, {
      workspace: other.me.workspace.id,
      device: page.device,
      visitor: page.visitor,
    });
    expect(await outcome(prove({ token }, address, code))).toBe("wrong_code");
    expect(await outcome(prove(page, address, code))).toBe("ok");
  });

  test("of a browser that has asked too does not work here", async () => {
    const { address, page, code } = await asked();
    const eve = await boot();
    expect(await outcome(ask(eve, address))).toBe("ok");
    const evesCode = newestCode();
    expect(await outcome(prove(page, address, evesCode))).toBe("wrong_code");
    expect(await outcome(prove(eve, address, code))).toBe("wrong_code");
  });

  test("that was asked for with a secret works with it under every right that the browser has by then, and without it under none", async () => {
    const { address, conversation } = await begunByMail(workspace);
    jobs.length = 0;
    const page = await boot();
    const [asker, elsewhere] = ["secret-of-who-asks-1", "secret-of-who-asks-2"];
    const { token } = page;
    expect(await outcome(post("/v1/auth/code", { token, email: address, asker }))).toBe("ok");
    const code = newestCode();
    // Something else is proven in this browser before the code is typed.
    const mailbox = await asked();
    const renewed: AuthResponse = await (
      await prove(mailbox.page, mailbox.address, mailbox.code)
    ).json();
    const tried = (more: object) =>
      post("/v1/auth", { token: renewed.token, next: SECRET, email: address, code, ...more });
    expect(await outcome(tried({}))).toBe("wrong_code");
    expect(await outcome(tried({ asker: elsewhere }))).toBe("wrong_code");
    expect(await outcome(post("/v1/auth", { token, email: address, code }))).toBe("wrong_code");
    const other: AuthResponse = await (await tried({ asker })).json();
    expect((await boot(other.token)).conversation?.id).toBeDefined();
    expect(await outcome(tried({ asker }))).not.toBe("ok");
    expect(conversation).toBeDefined();
  });

  test("ends with the browser's right", async () => {
    const { address, page, code } = await asked();
    await post("/v1/reset", { token: page.token });
    expect(await outcome(prove(page, address, code))).toBe("ended");
  });
});

describe("a code that does not work", () => {
  test("is told apart, and alike for an address of nobody", async () => {
    const known = await asked();
    const nobody = { address: freshAddress(), page: await boot(), code: "" };
    await ask(nobody.page, nobody.address);
    nobody.code = newestCode();
    for (const { address, page, code } of [known, nobody]) {
      for (let tries = 1; tries < CODE_MAX_TRIES; tries++)
        expect(await outcome(prove(page, address, wrong(code)))).toBe("wrong_code");
      expect(await outcome(prove(page, address, wrong(code)))).toBe("too_many_tries");
      expect(await outcome(prove(page, address, code))).toBe("too_many_tries");
      setClockOffset(CODE_LIFETIME_MS);
      expect(await outcome(prove(page, address, code))).toBe("code_expired");
      setClockOffset(0);
    }
  });

  test("may be wrong all times but one", async () => {
    const { address, page, code } = await asked();
    for (let tries = 1; tries < CODE_MAX_TRIES; tries++) await prove(page, address, wrong(code));
    expect(await outcome(prove(page, address, code))).toBe("ok");
  });

  test("tried by many at once is tried no more often", async () => {
    const { address, page, code } = await asked();
    const tries = Array.from({ length: CODE_MAX_TRIES * 2 }, () =>
      outcome(prove(page, address, wrong(code))),
    );
    const answers = await Promise.all(tries);
    expect(answers.filter((one) => one === "wrong_code")).toHaveLength(CODE_MAX_TRIES - 1);
    expect(await outcome(prove(page, address, code))).toBe("too_many_tries");
  });

  test("has expired after ten minutes and not sooner", async () => {
    const first = await asked();
    setClockOffset(CODE_LIFETIME_MS + 5_000);
    expect(await outcome(prove(first.page, first.address, first.code))).toBe("code_expired");
    setClockOffset(0);
    const second = await asked();
    setClockOffset(CODE_LIFETIME_MS - 5_000);
    expect(await outcome(prove(second.page, second.address, second.code))).toBe("ok");
  });

  test("is replaced by the next one after a pause", async () => {
    const { address, page, code } = await asked();
    expect(await outcome(ask(page, address))).toBe("rate_limited");
    setClockOffset(CODE_PAUSE_MS + 5_000);
    expect(await outcome(ask(page, address))).toBe("ok");
    const next = newestCode();
    expect(await outcome(prove(page, address, code))).toBe("wrong_code");
    expect(await outcome(prove(page, address, next))).toBe("ok");
  });
});

/** As if `times` had been done a moment ago. */
async function done(kind: string, subject: string, times: number): Promise<void> {
  const key = await attemptKey(kind, subject);
  const statement = env.DB.prepare("INSERT INTO attempts (key, at, nonce) VALUES (?, ?, ?)");
  await env.DB.batch(
    Array.from({ length: times }, (_, nonce) =>
      statement.bind(key, Date.now() - 1_000, `${nonce}`),
    ),
  );
}

describe("codes are asked for", () => {
  const HERE = "192.0.2.7";
  const ADDRESS = "ada@corp.example";

  test("by one device only so often, whatever the addresses, and again after a while", async () => {
    const page = await boot();
    await done(
      "history-device",
      `${workspace.me.workspace.id} ${page.device}`,
      HISTORY_CODES.device - 1,
    );
    expect(await outcome(ask(page, freshAddress()))).toBe("ok");
    expect(await outcome(ask(page, freshAddress()))).toBe("too_many_codes");
    expect(await outcome(ask(await boot(), freshAddress()))).toBe("ok");
    setClockOffset(CODE_REQUESTS_WINDOW_MS + 5_000);
    expect(await outcome(ask(page, freshAddress()))).toBe("ok");
  });

  test("from one network only so often, whatever the addresses", async () => {
    await done("history-network", HERE, HISTORY_CODES.network - 1);
    expect(await outcome(ask(await boot(), freshAddress(), HERE))).toBe("ok");
    expect(await outcome(ask(await boot(), freshAddress(), HERE))).toBe("too_many_codes");
    expect(await outcome(ask(await boot(), freshAddress()))).toBe("ok");
  });

  test("for one address from one network only so often a day, and from elsewhere still", async () => {
    await done("history-here", `${ADDRESS} ${HERE}`, HISTORY_CODES.addressHere - 1);
    expect(await outcome(ask(await boot(), ADDRESS, HERE))).toBe("ok");
    expect(await outcome(ask(await boot(), ADDRESS, HERE))).toBe("too_many_codes");
    expect(await outcome(ask(await boot(), ADDRESS))).toBe("ok");
    expect(HISTORY_CODES.addressHere * 3).toBeLessThanOrEqual(HISTORY_CODES.address);
  });

  test("for one address only so often a day, over all networks and workspaces", async () => {
    await done("history", ADDRESS, HISTORY_CODES.address - 1);
    expect(await outcome(ask(await boot(), ADDRESS))).toBe("ok");
    expect(await outcome(ask(await boot(), ADDRESS))).toBe("too_many_codes");
    expect(await outcome(ask(await boot(), freshAddress()))).toBe("ok");
  });

  test("and tried from one network only so often", async () => {
    const { address, page, code } = await asked();
    await done("history-try", HERE, HISTORY_CODE_TRIES - 1);
    expect(await outcome(prove(page, address, wrong(code), HERE))).toBe("wrong_code");
    expect(await outcome(prove(page, address, code, HERE))).toBe("rate_limited");
    expect(await outcome(prove(page, address, code))).toBe("ok");
  });
});
