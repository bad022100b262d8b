import { afterEach, describe, expect, it, vi } from "vitest";
import { CODE_LIFETIME_MS, CODE_MAX_TRIES, CODE_REQUESTS_MAX } from "../../protocol/limits.ts";
import type { SignInSession } from "../../protocol/operator-api.ts";
import {
  codeFor,
  DASHBOARD,
  env,
  mailsDuring,
  newOwner,
  OperatorBrowser,
} from "../testing/operator-browser.ts";
import { operatorApi } from "./api.ts";

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
    expect(await browser.call("GET", "/api/me")).toMatchObject({
      email: "once@example.com",
      workspace: null,
    });
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
    const words = new Set(
      await Promise.all(answers.map(async (answer) => `${answer.status} ${await answer.text()}`)),
    );
    expect([...words]).toEqual([
      '401 {"error":{"code":"wrong_code","message":"This code is wrong or has expired."}}',
    ]);
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
    const headers = {
      "user-agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/150.0 Safari/537.36",
    };
    const code = await ask("tokens@example.com");
    await browser.fetch("/api/sign-in", {
      method: "POST",
      body: { email: "tokens@example.com", code },
      headers,
    });
    const first = browser.cookies.get("parley_session");
    await browser.signIn("tokens@example.com");
    expect(browser.cookies.get("parley_session")).not.toBe(first);
    const { sessions } = await browser.call<{ sessions: SignInSession[] }>("GET", "/api/sessions");
    expect(sessions.filter((session) => session.isThis).length).toBe(1);
    expect(sessions.map((session) => session.browser).toSorted()).toEqual([
      "Chrome on Linux",
      "Unknown browser",
    ]);
  });
});

describe("asking for codes", () => {
  it("answers the same for known and unknown addresses, and mails both", async () => {
    await newOwner("known@example.com");
    const answers: string[] = [];
    const mails = await mailsDuring(async () => {
      for (const email of ["known@example.com", "unknown@example.com"]) {
        const response = await new OperatorBrowser().fetch("/api/sign-in/code", {
          method: "POST",
          body: { email },
        });
        answers.push(
          JSON.stringify([response.status, [...response.headers], await response.text()]),
        );
      }
    });
    expect(answers[0]).toBe(answers[1]);
    expect(mails.map((mail) => mail.to)).toEqual(["known@example.com", "unknown@example.com"]);
    const { results } = await env.DB.prepare(
      "SELECT * FROM user WHERE email = 'unknown@example.com'",
    ).all();
    expect(results).toEqual([]);
  });

  it(`sends at most ${CODE_REQUESTS_MAX} to one address in a while`, async () => {
    const request = { method: "POST", body: { email: "flooded@example.com" } };
    const statuses: number[] = [];
    const mails = await mailsDuring(async () => {
      const all = Array.from({ length: 30 }, () =>
        new OperatorBrowser().fetch("/api/sign-in/code", request),
      );
      for (const response of await Promise.all(all)) statuses.push(response.status);
    });
    expect(mails.length).toBe(CODE_REQUESTS_MAX);
    expect(statuses.filter((status) => status === 200).length).toBe(CODE_REQUESTS_MAX);
    expect(statuses.filter((status) => status === 429).length).toBe(30 - CODE_REQUESTS_MAX);
    // Another address is not held up.
    await ask("calm@example.com");
  });

  it.each([
    "",
    "nobody",
    "a@b",
    "a b@example.com",
    "a@example.com\r\nbcc: x@example.com",
    `${"a".repeat(300)}@example.com`,
  ])("refuses %j", async (email) => {
    const response = await new OperatorBrowser().fetch("/api/sign-in/code", {
      method: "POST",
      body: { email },
    });
    expect(response.status).toBe(400);
  });
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
    for (const word of ["HttpOnly", "Secure", "SameSite=Lax", "Path=/"])
      expect(cookie).toContain(word);
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
