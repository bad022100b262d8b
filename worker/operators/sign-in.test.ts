import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { InboxContract } from "../../durable-objects/contracts.ts";
import { peersOf } from "../../durable-objects/peers.ts";
import { CODE_LIFETIME_MS, CODE_MAX_TRIES, CODE_REQUESTS_MAX } from "../../protocol/limits.ts";
import type { SignInSession } from "../../protocol/operator-api.ts";
import { codeFor, DASHBOARD, env, mailsDuring, migrate, newOwner, OperatorBrowser } from "../testing/operator-browser.ts";
import { newWorkspace } from "../testing/workspace-fixture.ts";
import { operatorApi } from "./api.ts";

beforeAll(migrate);
afterEach(() => {
  vi.useRealTimers();
});

const ask = (email: string, browser = new OperatorBrowser()): Promise<string> =>
  codeFor(email, () => browser.call("POST", "/api/sign-in/code", { email }));
const tryCode = (email: string, code: string, browser = new OperatorBrowser()): Promise<Response> =>
  browser.fetch("/api/sign-in", { method: "POST", body: { email, code } });
const another = (code: string): string => (code === "111111" ? "222222" : "111111");

function passTime(ms: number): void {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + ms });
}

describe("signing in", () => {
  it("takes the emailed code, once", async () => {
    const code = await ask("once@example.com");
    expect(code).toMatch(/^\d{6}$/);
    const browser = new OperatorBrowser();
    expect((await tryCode("once@example.com", code, browser)).status).toBe(200);
    expect(await browser.call("GET", "/api/me")).toMatchObject({ email: "once@example.com", workspace: null });
    expect((await tryCode("once@example.com", code)).status).toBe(401);
  });

  it("takes the address in any spelling of its letters", async () => {
    const code = await ask("Spelling@Example.com ".trim().toLowerCase(), {
      call: (method: string, path: string) =>
        new OperatorBrowser().call(method, path, { email: " Spelling@EXAMPLE.com " }),
    } as OperatorBrowser);
    expect((await tryCode("SPELLING@example.com", code)).status).toBe(200);
  });

  it("refuses a wrong code, a code of somebody else, and no code at all, in the same words", async () => {
    const code = await ask("right@example.com");
    const answers = await Promise.all([
      tryCode("right@example.com", another(code)),
      tryCode("nobody@example.com", code),
      tryCode("never-asked@example.com", "123456"),
    ]);
    const words = new Set(await Promise.all(answers.map(async (answer) => `${answer.status} ${await answer.text()}`)));
    expect([...words]).toEqual(['401 {"error":{"code":"wrong_code","message":"This code is wrong or has expired."}}']);
    expect((await tryCode("right@example.com", code)).status).toBe(200);
  });

  it(`forgets a code after ${CODE_MAX_TRIES} wrong tries`, async () => {
    const code = await ask("guessed@example.com");
    for (let tries = 0; tries < CODE_MAX_TRIES; tries++) {
      expect((await tryCode("guessed@example.com", another(code))).status).toBe(401);
    }
    expect((await tryCode("guessed@example.com", code)).status).toBe(401);
  });

  it("takes a code to the end of its life and not longer", async () => {
    const email = "slow@example.com";
    const first = await ask(email);
    passTime(CODE_LIFETIME_MS - 5_000);
    expect((await tryCode(email, first)).status).toBe(200);
    vi.useRealTimers();
    const second = await ask(email);
    passTime(CODE_LIFETIME_MS + 1_000);
    expect((await tryCode(email, second)).status).toBe(401);
  });

  it("takes only the newest code", async () => {
    const first = await ask("twice@example.com");
    const second = await ask("twice@example.com");
    if (first !== second) expect((await tryCode("twice@example.com", first)).status).toBe(401);
    expect((await tryCode("twice@example.com", second)).status).toBe(200);
  });

  it("keeps no code in the database", async () => {
    const code = await ask("hashed@example.com");
    const { results } = await env.DB.prepare("SELECT * FROM verification").all();
    expect(JSON.stringify(results)).toContain("hashed@example.com");
    expect(JSON.stringify(results)).not.toContain(code);
    // Nor a hash that a list of all million codes would open.
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(code));
    const base64 = btoa(String.fromCharCode(...new Uint8Array(digest))).replace(/=+$/, "");
    expect(JSON.stringify(results)).not.toContain(base64.replaceAll("+", "-").replaceAll("/", "_"));
  });

  it("starts a new session each time, and reveals the browser it is in", async () => {
    const browser = new OperatorBrowser();
    const headers = { "user-agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/150.0 Safari/537.36" };
    const code = await ask("tokens@example.com");
    await browser.fetch("/api/sign-in", { method: "POST", body: { email: "tokens@example.com", code }, headers });
    const first = browser.cookies.get("parley_session");
    await browser.signIn("tokens@example.com");
    expect(browser.cookies.get("parley_session")).not.toBe(first);
    const { sessions } = await browser.call<{ sessions: SignInSession[] }>("GET", "/api/sessions");
    expect(sessions.map((session) => session.isThis).toSorted()).toEqual([false, true]);
    expect(sessions.map((session) => session.browser).toSorted()).toEqual(["Chrome on Linux", "Unknown browser"]);
  });
});

describe("asking for codes", () => {
  it("answers the same for known and unknown addresses, and mails both", async () => {
    await newOwner("known@example.com");
    const answers: string[] = [];
    const mails = await mailsDuring(async () => {
      for (const email of ["known@example.com", "unknown@example.com"]) {
        const response = await new OperatorBrowser().fetch("/api/sign-in/code", { method: "POST", body: { email } });
        answers.push(JSON.stringify([response.status, [...response.headers], await response.text()]));
      }
    });
    expect(answers[0]).toBe(answers[1]);
    expect(mails.map((mail) => mail.to)).toEqual(["known@example.com", "unknown@example.com"]);
    const { results } = await env.DB.prepare("SELECT * FROM user WHERE email = 'unknown@example.com'").all();
    expect(results).toEqual([]);
  });

  it(`sends at most ${CODE_REQUESTS_MAX} to one address in a while`, async () => {
    const request = { method: "POST", body: { email: "flooded@example.com" } };
    const statuses: number[] = [];
    const mails = await mailsDuring(async () => {
      const all = Array.from({ length: 30 }, () => new OperatorBrowser().fetch("/api/sign-in/code", request));
      for (const response of await Promise.all(all)) statuses.push(response.status);
    });
    expect(mails.length).toBe(CODE_REQUESTS_MAX);
    expect(statuses.filter((status) => status === 200).length).toBe(CODE_REQUESTS_MAX);
    expect(statuses.filter((status) => status === 429).length).toBe(30 - CODE_REQUESTS_MAX);
    // Another address is not held up.
    await ask("calm@example.com");
  });

  it.each(["", "nobody", "a@b", "a b@example.com", "a@example.com\r\nbcc: x@example.com", `${"a".repeat(300)}@example.com`])(
    "refuses %j",
    async (email) => {
      const response = await new OperatorBrowser().fetch("/api/sign-in/code", { method: "POST", body: { email } });
      expect(response.status).toBe(400);
    },
  );
});

describe("the session's cookie", () => {
  it("is bound to the host, hidden from scripts and kept off other sites' requests", async () => {
    const code = await ask("cookie@example.com");
    const response = await operatorApi.request(
      "https://dashboard.example.com/api/sign-in",
      {
        method: "POST",
        headers: { origin: "https://dashboard.example.com", "content-type": "application/json" },
        body: JSON.stringify({ email: "cookie@example.com", code }),
      },
      env,
    );
    const [cookie = "", ...more] = response.headers.getSetCookie();
    expect(more).toEqual([]);
    expect(cookie).toMatch(/^__Host-parley_session=/);
    for (const word of ["HttpOnly", "Secure", "SameSite=Lax", "Path=/"]) expect(cookie).toContain(word);
    expect(cookie).not.toMatch(/domain/i);
  });

  it("is refused without its prefix where it must have one", async () => {
    const browser = await new OperatorBrowser().signIn("prefix@example.com");
    const headers = { cookie: `parley_session=${browser.cookies.get("parley_session")}` };
    const production = { ...env, ENVIRONMENT: "production" };
    const response = await operatorApi.request(`${DASHBOARD}/api/me`, { headers }, production);
    expect(response.status).toBe(401);
  });

  it("lives on while it is used, and ends when it is not", async () => {
    const browser = await new OperatorBrowser().signIn("long@example.com");
    for (let week = 1; week <= 6; week++) {
      passTime(7 * 24 * 3_600_000);
      expect((await browser.fetch("/api/me")).status).toBe(200);
    }
    passTime(31 * 24 * 3_600_000);
    expect((await browser.fetch("/api/me")).status).toBe(401);
  });
});

describe("ending a session", () => {
  async function inboxSocket(browser: OperatorBrowser): Promise<{ closed: Promise<CloseEvent> }> {
    const { webSocket } = await browser.open("/api/inbox/socket");
    if (!webSocket) throw new Error("no socket");
    const closed = new Promise<CloseEvent>((resolve) => webSocket.addEventListener("close", resolve, { once: true }));
    webSocket.accept();
    return { closed };
  }

  it("by signing out closes its sockets everywhere before it answers, and only its own", async () => {
    const { owner, visitor, conversation, me } = await newWorkspace("ending");
    const elsewhere = await new OperatorBrowser().signIn(me.email);
    const closed: string[] = [];
    for (const path of ["inbox", `conversations/${conversation}`, `visitors/${visitor}`]) {
      for (const browser of [owner, elsewhere]) {
        const { webSocket } = await browser.open(`/api/${path}/socket`);
        webSocket?.addEventListener("close", ({ code }) => {
          closed.push(`${browser === owner ? "this" : "other"} ${path.split("/")[0]} ${code}`);
        });
        webSocket?.accept();
      }
    }
    await owner.call("POST", "/api/sign-out");
    await vi.waitFor(() => expect(closed.length).toBe(3));
    expect(closed.toSorted()).toEqual(["this conversations 4401", "this inbox 4401", "this visitors 4401"]);
    expect(owner.cookies.size).toBe(0);
    expect((await elsewhere.fetch("/api/me")).status).toBe(200);
  });

  it("makes its cookie worthless", async () => {
    const browser = await newOwner("stolen@example.com");
    const thief = new OperatorBrowser();
    for (const [name, value] of browser.cookies) thief.cookies.set(name, value);
    await browser.call("POST", "/api/sign-out");
    expect((await thief.fetch("/api/me")).status).toBe(401);
    expect((await thief.open("/api/inbox/socket")).status).toBe(401);
  });

  it("from another browser closes it there", async () => {
    const here = await newOwner("two@example.com");
    const there = await new OperatorBrowser().signIn("two@example.com");
    const { closed } = await inboxSocket(there);
    const { sessions } = await here.call<{ sessions: SignInSession[] }>("GET", "/api/sessions");
    const other = sessions.find((session) => !session.isThis);
    await here.call("DELETE", `/api/sessions/${other?.id}`);
    expect((await closed).code).toBe(4401);
    expect((await there.fetch("/api/me")).status).toBe(401);
    expect((await here.fetch("/api/me")).status).toBe(200);
    expect((await here.fetch(`/api/sessions/${other?.id}`, { method: "DELETE" })).status).toBe(404);
  });

  it("can be asked for again when an object failed halfway", async () => {
    const browser = await newOwner("retry@example.com");
    const { closed } = await inboxSocket(browser);
    const cookie = new Map(browser.cookies);
    const quiet = vi.spyOn(console, "error").mockReturnValue();
    const failing = vi.spyOn(env.INBOX, "getByName").mockImplementation(() => {
      throw new Error("the object is moving");
    });
    const failed = await browser.fetch("/api/sign-out", { method: "POST" });
    expect(failed.status).toBe(500);
    failing.mockRestore();
    quiet.mockRestore();
    // Nobody gets in any more, although the socket is still open.
    for (const [name, value] of cookie) browser.cookies.set(name, value);
    expect((await browser.fetch("/api/me")).status).toBe(401);
    await browser.call("POST", "/api/sign-out");
    expect((await closed).code).toBe(4401);
  });

  it("without a session is no error", async () => {
    expect(await new OperatorBrowser().call("POST", "/api/sign-out")).toEqual({});
  });

  it("while a socket is opening leaves none open", async () => {
    const browser = await newOwner("race@example.com");
    const me = await browser.call<{ workspace: { id: Parameters<ReturnType<typeof peersOf>["inbox"]>[0] } }>("GET", "/api/me");
    const inbox = peersOf(env).inbox(me.workspace.id);
    const getByName = env.INBOX.getByName.bind(env.INBOX);
    // The session ends between the check of the cookie and the opening of the socket.
    const spy = vi.spyOn(env.INBOX, "getByName").mockImplementation((name) => {
      const stub = getByName(name);
      const slow = {
        fetch: async (request: Request) => {
          await env.DB.prepare("DELETE FROM session").run();
          return stub.fetch(request);
        },
        endSession: (session: string) => (stub as unknown as InboxContract).endSession(session),
      };
      return slow as unknown as typeof stub; // only these two are used on this way
    });
    const response = await browser.open("/api/inbox/socket");
    spy.mockRestore();
    expect(response.status).toBe(401);
    expect((await inbox.team()).online).toEqual([]);
  });
});
