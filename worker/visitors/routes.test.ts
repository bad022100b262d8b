import { env, exports } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import {
  BATCH_MAX_FACTS,
  BOOT_BURST,
  FIRST_MESSAGE_BURST,
  FIRST_MESSAGE_RATE_PER_MINUTE,
  FRAME_MAX_BYTES,
  TICKET_LIFETIME_MS,
} from "../../protocol/limits.ts";
import type { BootResponse } from "../../protocol/visitor-frames.ts";
import { signDeviceToken, signTicket } from "../../domain/identity/tokens.ts";
import { asId } from "../../protocol/ids.ts";
import { peersOf } from "../../durable-objects/peers.ts";
import { now } from "../../durable-objects/runtime/clock.ts";
import type { Env } from "../env.ts";
import { seedDemo } from "../workspaces/demo.ts";
import { throttledNetwork } from "./request.ts";

const bindings = env as unknown as Env; // the test's env is the Worker's
// The type of `exports` is made from the Worker's own module, which tests do not import.
const worker = (exports as unknown as { default: Fetcher }).default;
const HOST = "http://parley.test";
const PAGE = "http://127.0.0.1:4000";

beforeAll(() => seedDemo(bindings));

let networks = 0;
function bootBody(more: object = {}) {
  const facts = [{ type: "page", n: 1, at: Date.now(), url: `${PAGE}/shop`, title: "Shop" }];
  return { key: "pk_demo", client: {}, stream: "load", sentAt: Date.now(), facts, ...more };
}
function post(
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return worker.fetch(`${HOST}${path}`, {
    method: "POST",
    headers: {
      origin: PAGE,
      "content-type": "text/plain",
      "cf-connecting-ip": `10.0.${++networks}.1`,
      ...headers,
    },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}
async function boot(more: object = {}): Promise<BootResponse> {
  const answer = await post("/v1/boot", bootBody(more));
  expect(answer.status).toBe(200);
  return answer.json();
}
async function codeOf(answer: Response): Promise<[number, string]> {
  const body: { error: { code: string } } = await answer.json();
  return [answer.status, body.error.code];
}
function openSocket(path: string, protocols: string, origin = PAGE): Promise<Response> {
  return worker.fetch(`${HOST}${path}`, {
    headers: { upgrade: "websocket", origin, "sec-websocket-protocol": protocols },
  });
}

describe("boot", () => {
  test("a new page gets a device, a visitor and the workspace's settings; the next page is the same person", async () => {
    const first = await boot();
    expect(first).toMatchObject({
      conversation: null,
      through: 1,
      rejected: [],
      settings: { position: "right" },
    });
    const second = await boot({ token: first.token, stream: "load2" });
    expect(second).toMatchObject({ visitor: first.visitor, device: first.device });
  });

  test("a token that is forged, of another workspace or of an ended device is answered with a new person", async () => {
    const first = await boot();
    const foreign = await signDeviceToken(bindings.PARLEY_SECRET, {
      workspace: asId("wsp", "wsp_other"),
      device: first.device,
      visitor: first.visitor,
    });
    for (const token of [`${first.token}x`, "nonsense", foreign]) {
      expect((await boot({ token })).visitor).not.toBe(first.visitor);
    }
    expect((await post("/v1/reset", { token: first.token })).status).toBe(200);
    expect((await boot({ token: first.token })).visitor).not.toBe(first.visitor);
  });

  test.each([
    ["an unknown key", { key: "pk_nobody" }, {}, [401, "unknown_key"]],
    ["a foreign origin", {}, { origin: "https://evil.test" }, [403, "origin_not_allowed"]],
    [
      "a look-alike origin",
      {},
      { origin: "http://127.0.0.1.evil.test:4000" },
      [403, "origin_not_allowed"],
    ],
    ["an opaque origin", {}, { origin: "null" }, [403, "origin_not_allowed"]],
    ["a missing field", { stream: undefined }, {}, [400, "invalid"]],
    [
      "more facts than the limit",
      {
        facts: Array.from({ length: BATCH_MAX_FACTS + 1 }, (_, i) => ({
          type: "time",
          n: i + 1,
          at: 0,
          ms: 0,
        })),
      },
      {},
      [400, "invalid"],
    ],
    ["a body above the limit", { pad: "x".repeat(FRAME_MAX_BYTES) }, {}, [413, "too_large"]],
  ])("%s is refused", async (_, more, headers, expected) => {
    expect(await codeOf(await post("/v1/boot", bootBody(more), headers))).toEqual(expected);
  });

  test.each([
    ["not JSON", "{", "bad_json"],
    ["a byte order mark", `\uFEFF${JSON.stringify(bootBody())}`, "bad_json"],
    ["an absurd depth", "[".repeat(20_000) + "]".repeat(20_000), "too_deep"],
  ])("%s is refused", async (_, body, code) => {
    expect(await codeOf(await post("/v1/boot", body))).toEqual([
      code === "too_large" ? 413 : 400,
      code,
    ]);
  });

  test("a network that makes visitors without end is slowed, and people with a token are not", async () => {
    const from = { "cf-connecting-ip": "192.0.2.77" };
    const { token } = await boot();
    // The bucket refills while it is being emptied, so the first refusal comes a little after the burst.
    let answer = await post("/v1/boot", bootBody(), from);
    let taken = 0;
    for (; answer.status === 200 && taken < BOOT_BURST * 2; taken++) {
      answer = await post("/v1/boot", bootBody(), from);
    }
    const slowed = answer;
    expect(taken).toBeGreaterThanOrEqual(BOOT_BURST);
    expect(slowed.headers.get("retry-after")).toBeTruthy();
    expect(await codeOf(slowed)).toEqual([429, "rate_limited"]);
    expect((await post("/v1/boot", bootBody({ token }), from)).status).toBe(200);
    // Whoever is there already may write: that is another bucket.
    const network = await throttledNetwork(
      new Request(HOST, { headers: from }),
      bindings.PARLEY_SECRET,
    );
    const throttle = peersOf(bindings).throttle(asId("wsp", "wsp_demo"), network);
    const write = () =>
      throttle.take("first-message", FIRST_MESSAGE_BURST, FIRST_MESSAGE_RATE_PER_MINUTE);
    expect(await write()).toBe(true);
  });
});

describe("events", () => {
  test("are taken once, and need a token that still holds", async () => {
    const { token } = await boot();
    const batch = {
      token,
      stream: "load",
      sentAt: Date.now(),
      facts: [{ type: "track", n: 2, at: Date.now(), name: "A" }],
    };
    expect(await (await post("/v1/events", batch)).json()).toEqual({ through: 2, rejected: [] });
    expect(await (await post("/v1/events", batch)).json()).toEqual({ through: 2, rejected: [] });
    expect(await codeOf(await post("/v1/events", { ...batch, token: "x" }))).toEqual([
      401,
      "bad_token",
    ]);
    expect(await codeOf(await post("/v1/events", batch, { origin: "https://evil.test" }))).toEqual([
      403,
      "origin_not_allowed",
    ]);
    await post("/v1/reset", { token });
    expect(await codeOf(await post("/v1/events", batch))).toEqual([401, "ended"]);
  });
});

describe("what a page tells", () => {
  test.each(["/v1/events", "/v1/reset"])("to %s is nothing without its token", async (path) => {
    expect(await codeOf(await post(path, {}))).toEqual([400, "invalid"]);
    expect(await codeOf(await post(path, "{"))).toEqual([400, "bad_json"]);
  });
});

test("a right is ended by whoever has it, from a page of the site, and by nobody else", async () => {
  const { token, visitor } = await boot();
  const foreign = await post("/v1/reset", { token }, { origin: "https://evil.test" });
  expect(await codeOf(foreign)).toEqual([403, "origin_not_allowed"]);
  expect(await codeOf(await post("/v1/reset", { token: `${token}x` }))).toEqual([401, "bad_token"]);
  expect((await boot({ token })).visitor).toBe(visitor);
  // Asked twice, because an answer was lost, it is the same.
  for (const _ of [1, 2]) expect((await post("/v1/reset", { token })).status).toBe(200);
  expect((await boot({ token })).visitor).not.toBe(visitor);
});

describe("sockets", () => {
  test("a page's socket needs a valid token, our subprotocol and an allowed origin", async () => {
    const { token } = await boot();
    expect((await openSocket("/v1/page", `parley.1, ${token}`)).status).toBe(101);
    expect((await openSocket("/v1/page", `parley.1, ${token}x`)).status).toBe(401);
    expect((await openSocket("/v1/page", token)).status).toBe(400);
    expect((await openSocket("/v1/page", `parley.1, ${token}`, "https://evil.test")).status).toBe(
      403,
    );
    expect((await worker.fetch(`${HOST}/v1/page`)).status).toBe(400);
  });

  test("a ticket opens a conversation for a minute, below, at and above", async () => {
    const { device } = await boot();
    const ticketOf = (age: number) =>
      signTicket(bindings.PARLEY_SECRET, {
        workspace: asId("wsp", "wsp_demo"),
        conversation: asId("cnv", "cnv_nothinghere"),
        device,
        issuedAt: now() - age,
      });
    // No such conversation: the object answers 404, which proves that the ticket was good.
    expect((await openSocket("/v1/conversation", `parley.1, ${await ticketOf(0)}`)).status).toBe(
      404,
    );
    expect(
      (
        await openSocket(
          "/v1/conversation",
          `parley.1, ${await ticketOf(TICKET_LIFETIME_MS - 2_000)}`,
        )
      ).status,
    ).toBe(404);
    expect(
      (await openSocket("/v1/conversation", `parley.1, ${await ticketOf(TICKET_LIFETIME_MS + 1)}`))
        .status,
    ).toBe(401);
  });

  test("headers that name a device or an operator are never taken from outside", async () => {
    const { token } = await boot();
    const answer = await worker.fetch(`${HOST}/v1/page`, {
      headers: {
        upgrade: "websocket",
        origin: PAGE,
        "sec-websocket-protocol": `parley.1, ${token}`,
        "x-parley-session": "ses-forged",
        "x-parley-operator": encodeURIComponent(JSON.stringify({ id: "opr_forged" })),
      },
    });
    const socket = answer.webSocket;
    if (socket === null) throw new Error("no socket");
    const hello = new Promise<string>((resolve) =>
      socket.addEventListener("message", (event) => resolve(String(event.data)), { once: true }),
    );
    socket.accept();
    expect(JSON.parse(await hello)).toEqual({
      t: "hello",
      conversation: null,
      contact: {
        address: null,
        isProven: false,
        isDeclined: false,
        hasCode: false,
        isEverything: false,
      },
      moments: { shown: [], armed: [] },
    });
  });
});

test("the team's availability is told with boot, and may be kept for a quarter of a minute where it is asked for", async () => {
  const answer = await worker.fetch(`${HOST}/v1/team?key=pk_demo`);
  expect(answer.headers.get("cache-control")).toBe("public, max-age=15");
  const team = await answer.json();
  expect(team).toMatchObject({
    isOnline: false,
    faces: [{ name: "Olivia Marsh" }, { name: "Adam Finch" }],
  });
  expect((await boot()).team).toEqual(team);
});

test.each(["?key=pk_nobody", "?key=", ""])("nobody has a team by %j", async (query) => {
  expect(await codeOf(await worker.fetch(`${HOST}/v1/team${query}`))).toEqual([401, "unknown_key"]);
});

test("what is not there is not there, whatever the method", async () => {
  for (const [method, path] of [
    ["GET", "/v1/boot"],
    ["POST", "/v1/nothing"],
    ["DELETE", "/v1/events"],
    ["GET", "/v1/constructor"],
  ] as const) {
    expect(await codeOf(await worker.fetch(`${HOST}${path}`, { method }))).toEqual([
      404,
      "not_found",
    ]);
  }
});
