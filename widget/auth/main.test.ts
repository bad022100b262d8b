import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Auth, Core, Part } from "../core.ts";
import start from "./main.ts";

type Sent = {
  body: Record<string, unknown>;
  answer(status: number, body: object): void;
  fail(): void;
};

let sent: Sent[];
let told: [string, unknown][];
let core: Core;
let auth: Auth;
let opened: number;

beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  told = [];
  opened = 0;
  vi.stubGlobal(
    "fetch",
    (_: string, { body }: { body: string }) =>
      new Promise((resolve, reject) => {
        sent.push({
          body: JSON.parse(body),
          answer: (status, json) => resolve({ status, json: async () => json }),
          fail: () => reject(new TypeError("offline")),
        });
      }),
  );
  vi.stubGlobal("dispatchEvent", ({ type, detail }: CustomEvent) => told.push([type, detail]));
  core = {
    host: "https://chat.test",
    key: "pk_1",
    token: "token-1",
    visitor: "vis_1",
    parts: [] as Part[],
    page: { open: () => void opened++ },
  } as unknown as Core;
  auth = start(core);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const changed = (isAnew?: boolean) => core.parts[0]?.changed(isAnew);
/** Lets everything that waits for an answer go on. */
const settle = () => vi.advanceTimersByTimeAsync(0);
const HERE = { token: "token-1", visitor: "vis_1", device: "dev_1", isAnotherPerson: false };

describe("a proof", () => {
  test("is made once, however often it is asked for", () => {
    expect(start(core)).toBe(auth);
    expect(core.parts).toHaveLength(1);
  });

  test("goes out with the token, as a JWT or as a user id with its HMAC", async () => {
    auth.auth("jwt-1");
    sent[0]?.answer(200, HERE);
    await settle();
    auth.auth(42, "abc");
    const next = expect.stringMatching(/^[\d-]{16,64}$/);
    expect(sent.map(({ body }) => body)).toEqual([
      { token: "token-1", next, jwt: "jwt-1" },
      { token: "token-1", next, userId: "42", hmac: "abc" },
    ]);
    expect(sent[0]?.body["next"]).not.toBe(sent[1]?.body["next"]);
    expect(told).toEqual([["parley:auth", { visitor: "vis_1" }]]);
    expect(opened).toBe(0);
  });

  test("waits for a token, such as after a reset", async () => {
    core.token = undefined;
    auth.auth("jwt-2");
    await settle();
    expect(sent).toEqual([]);
    core.token = "token-2";
    changed(true);
    expect(sent[0]?.body).toMatchObject({ token: "token-2", jwt: "jwt-2" });
  });

  test("is tried again when the server is away or too busy, and not when it is refused", async () => {
    auth.auth("jwt-1");
    sent[0]?.fail();
    await vi.advanceTimersByTimeAsync(500);
    sent[1]?.answer(503, { error: { code: "overloaded", message: "" } });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(sent).toHaveLength(3);
    sent[2]?.answer(401, { error: { code: "bad_proof", message: "exp: the proof has expired." } });
    await vi.advanceTimersByTimeAsync(600_000);
    expect(sent).toHaveLength(3);
    expect(told).toEqual([
      ["parley:error", { code: "bad_proof", message: "exp: the proof has expired." }],
    ]);
  });

  test("is forgotten with the right that ends before it is answered", async () => {
    auth.auth("jwt-1");
    core.token = undefined;
    changed(true);
    sent[0]?.answer(200, { ...HERE, visitor: "vis_9", isAnotherPerson: true });
    await settle();
    core.token = "token-2";
    changed(true);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(sent).toHaveLength(1);
    expect(told).toEqual([]);
    expect(opened).toBe(0);
  });

  test("is replaced by the one that is made after it", async () => {
    auth.auth("jwt-1");
    auth.auth("jwt-2");
    expect(sent).toHaveLength(1);
    sent[0]?.answer(200, HERE);
    await settle();
    expect(told).toEqual([]);
    expect(sent[1]?.body).toMatchObject({ jwt: "jwt-2" });
  });

  test("keeps its secret until it is answered, and has another one after that", async () => {
    const kept: Record<string, string> = {};
    vi.stubGlobal("localStorage", kept);
    auth.auth("jwt-1");
    sent[0]?.fail();
    await vi.advanceTimersByTimeAsync(500);
    sent[1]?.answer(503, { error: { code: "overloaded", message: "" } });
    await vi.advanceTimersByTimeAsync(1_000);
    const [first, ...others] = sent.map(({ body }) => body["next"]);
    expect(others).toEqual([first, first]);
    expect(kept["parley:pk_1:next"]).toBe(first);
    sent[2]?.answer(200, HERE);
    await settle();
    auth.auth("jwt-1");
    expect(sent[3]?.body["next"]).not.toBe(first);
  });

  test("that is another one than the one without an answer has another secret, and the browser keeps both", async () => {
    vi.stubGlobal("localStorage", {});
    auth.auth("jwt-1");
    sent[0]?.fail();
    await settle();
    auth.auth("jwt-2");
    const [first, second] = sent.map(({ body }) => body["next"]);
    expect(first).not.toBe(second);
    expect(localStorage["parley:pk_1:next"]).toBe([second, first].join(" "));
  });

  test("keeps its secret beside those of other tabs, the newest ones, and again when it is accepted", async () => {
    vi.stubGlobal("localStorage", { "parley:pk_1:next": "7 6 5 4 3 2 1 0" });
    auth.auth("jwt-1");
    const { next } = sent[0]?.body ?? {};
    expect(localStorage["parley:pk_1:next"]).toBe([next, 7, 6, 5, 4, 3, 2, 1].join(" "));
    // A page of another process has not seen it.
    localStorage["parley:pk_1:next"] = "8 7 6";
    sent[0]?.answer(200, { ...HERE, token: "token-2" });
    await settle();
    expect(localStorage["parley:pk_1:next"]).toBe([next, 8, 7, 6].join(" "));
  });

  test("that was replaced before it was accepted has still ended the right: the loader finds out", async () => {
    auth.auth("jwt-1");
    auth.auth("jwt-2");
    sent[0]?.answer(200, { ...HERE, token: "token-2" });
    await settle();
    expect([opened, sent.length, told]).toEqual([1, 1, []]);
    core.token = "token-2";
    changed();
    expect(sent[1]?.body).toMatchObject({ token: "token-2", jwt: "jwt-2" });
  });

  test("that leaves nobody to hear of it adds no listener", async () => {
    for (const jwt of ["jwt-1", "jwt-2", "jwt-3"]) {
      auth.auth(jwt);
      sent.at(-1)?.answer(200, HERE);
      await settle();
    }
    expect(core.parts).toHaveLength(1);
  });

  test("that leads elsewhere has the loader find out where", async () => {
    auth.auth("jwt-1");
    sent[0]?.answer(200, { ...HERE, token: "token-2", visitor: "vis_2" });
    await settle();
    expect(opened).toBe(1);
  });

  test("that gives this visitor another right has the loader find it out too, and the next proof waits for that", async () => {
    auth.auth("jwt-1");
    sent[0]?.answer(200, { ...HERE, token: "token-2" });
    await settle();
    expect(opened).toBe(1);
    auth.auth("jwt-2");
    changed();
    expect(sent).toHaveLength(1);
    core.token = "token-2";
    changed();
    expect(sent[1]?.body).toMatchObject({ token: "token-2", jwt: "jwt-2" });
  });

  test("under a right that another tab's proof has ended is made again under the one that follows", async () => {
    auth.auth("jwt-1");
    sent[0]?.answer(401, { error: { code: "ended", message: "" } });
    await vi.advanceTimersByTimeAsync(600_000);
    expect([sent.length, told, opened]).toEqual([1, [], 1]);
    core.token = "token-2";
    changed();
    expect(sent[1]?.body).toMatchObject({ token: "token-2", jwt: "jwt-1" });
  });

  test("is known by its secret to every page of this browser, and where nothing is kept to this one", async () => {
    auth.auth("jwt-1");
    expect(core.handover).toBe(sent[0]?.body["next"]);
    vi.stubGlobal("localStorage", {});
    sent[0]?.answer(200, HERE);
    await settle();
    auth.auth("jwt-2");
    expect(localStorage["parley:pk_1:next"].split(" ")[0]).toBe(sent[1]?.body["next"]);
  });

  test("of another person leaves nothing of the former one but the right and the way to the one that replaces it", async () => {
    const kept = {
      "parley:pk_1": "token-1",
      "parley:pk_1:draft": "secret",
      "parley:pk_1:unsent": "1",
      "parley:pk_2:draft": "other",
      shop: "cart",
    };
    vi.stubGlobal(
      "localStorage",
      Object.defineProperty(kept, "removeItem", {
        value(this: Record<string, string>, name: string) {
          delete this[name];
        },
      }),
    );
    auth.auth("jwt-1");
    sent[0]?.answer(200, { ...HERE, visitor: "vis_2", isAnotherPerson: true });
    await settle();
    expect(Object.keys(localStorage)).toEqual([
      "parley:pk_1",
      "parley:pk_2:draft",
      "shop",
      "parley:pk_1:next",
    ]);
  });
});
