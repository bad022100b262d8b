import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CODE_REQUESTS_WINDOW_MS } from "../../protocol/limits.ts";
import { attemptKey } from "../d1/attempts.ts";
import { codeFor, env } from "../testing/operator-browser.ts";
import { operatorApi } from "./api.ts";
import { CODE_REQUESTS, CODE_TRIES } from "./sign-in-limits.ts";

const DASHBOARD = "https://dashboard.example.com";
const production = { ...env, ENVIRONMENT: "production" };
const EMAIL = "olivia@example.com";
const HOME = "2001:db8:1:2::7";
const ELSEWHERE = "192.0.2.7";

beforeEach(async () => {
  await env.DB.prepare("DELETE FROM attempts").run();
});
afterEach(() => {
  vi.useRealTimers();
});

async function post(path: string, from: string, body: unknown): Promise<number> {
  const headers = {
    origin: DASHBOARD,
    "content-type": "application/json",
    "cf-connecting-ip": from,
  };
  const init = { method: "POST", headers, body: JSON.stringify(body) };
  return (await operatorApi.request(`${DASHBOARD}/api${path}`, init, production)).status;
}

const subjects = {
  "asking for codes": {
    kind: "code",
    most: CODE_REQUESTS,
    passes: 200,
    act: (from: string, email = EMAIL) => post("/sign-in/code", from, { email }),
  },
  "trying codes": {
    kind: "code-try",
    most: CODE_TRIES,
    passes: 401,
    act: (from: string, email = EMAIL) => post("/sign-in", from, { email, code: "000000" }),
  },
};

/** As if `times` had been done a moment ago. */
async function done(kind: string, subject: string, times: number): Promise<void> {
  const key = await attemptKey(kind, subject);
  await env.DB.batch(
    Array.from({ length: times }, (_, nonce) =>
      env.DB.prepare("INSERT INTO attempts (key, at, nonce) VALUES (?, ?, ?)").bind(
        key,
        Date.now() - 1_000,
        `${nonce}`,
      ),
    ),
  );
}

describe.each(Object.entries(subjects))("%s", (_, { kind, most, passes, act }) => {
  it("for one address is limited in one network, and goes on in another", async () => {
    await done(`${kind}-here`, `${EMAIL} ${ELSEWHERE}`, most.addressHere - 2);
    const statuses = [await act(ELSEWHERE), await act(ELSEWHERE), await act(ELSEWHERE)];
    expect(statuses).toEqual([passes, passes, 429]);
    expect(await act(HOME)).toBe(passes);
    expect(await act(ELSEWHERE, "other@example.com")).toBe(passes);
  });

  it("is limited in one network, whatever the addresses", async () => {
    await done(`${kind}-network`, "2001:db8:1:2::/64", most.network - 2);
    const statuses = [
      await act("2001:db8:1:2::1", "a@example.com"),
      await act("2001:db8:1:2:ffff::2", "b@example.com"),
      await act("2001:DB8:1:2::3", "c@example.com"),
    ];
    expect(statuses).toEqual([passes, passes, 429]);
    expect(await act("2001:db8:1:3::1", "c@example.com")).toBe(passes);
  });

  it("for one address is limited over all networks", async () => {
    await done(kind, EMAIL, most.address - 2);
    const statuses = [await act("192.0.2.1"), await act("192.0.2.2"), await act("192.0.2.3")];
    expect(statuses).toEqual([passes, passes, 429]);
    expect(await act("192.0.2.3", "other@example.com")).toBe(passes);
  });

  it("goes on after a while", async () => {
    await done(`${kind}-here`, `${EMAIL} ${ELSEWHERE}`, most.addressHere);
    expect(await act(ELSEWHERE)).toBe(429);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + CODE_REQUESTS_WINDOW_MS });
    expect(await act(ELSEWHERE)).toBe(passes);
  });

  it("from one network cannot use up what an address may have", async () => {
    for (let times = 0; times < most.addressHere + 5; times++) await act(ELSEWHERE);
    const { results } = await env.DB.prepare("SELECT nonce FROM attempts WHERE key = ?")
      .bind(await attemptKey(kind, EMAIL))
      .all();
    expect(results.length).toBe(most.addressHere);
    expect(most.addressHere * 5).toBeLessThan(most.address);
  });
});

it("tries that are too many do not reach the code, which works from where nobody guesses", async () => {
  const code = await codeFor(EMAIL, () => post("/sign-in/code", HOME, { email: EMAIL }));
  await done("code-try-here", `${EMAIL} ${ELSEWHERE}`, CODE_TRIES.addressHere);
  for (let times = 0; times < 10; times++) {
    expect(await post("/sign-in", ELSEWHERE, { email: EMAIL, code: "000000" })).toBe(429);
  }
  expect(await post("/sign-in", HOME, { email: EMAIL, code })).toBe(200);
});
