import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Core, Part } from "../core.ts";
import type { Words } from "../languages/choose.ts";
import { english } from "../languages/texts.ts";
import { CODE_LIFETIME_MS, CODE_PAUSE_MS } from "../limits.ts";
import { createMemory, type Memory } from "../memory.ts";
import type { createForm } from "./form.ts";
import start from "./main.ts";

/** What the form was told last, and what the person does in it. How it looks is seen in a real browser. */
const shown = vi.hoisted(() => ({
  acts: undefined as Parameters<typeof createForm>[1] | undefined,
  step: "",
  flaw: "",
  isBusy: false,
  pause: undefined as string | undefined,
}));
vi.mock("../colors.ts", () => ({ addStyles: () => {} }));
vi.mock("./form.ts", () => ({
  createForm(_: unknown, acts: Parameters<typeof createForm>[1]): ReturnType<typeof createForm> {
    shown.acts = acts;
    return {
      node: { remove: () => (shown.step = "gone") } as unknown as HTMLFormElement,
      showAddress: (typed?: string) => void (shown.step = `address ${typed ?? ""}`),
      showCode: () => void (shown.step = "code"),
      fail: (text) => void (shown.flaw = text),
      setBusy: (on) => void (shown.isBusy = on),
      wait: () => void (shown.step = "wait"),
      pause: (text) => void (shown.pause = text),
    };
  },
}));

type Sent = { url: string; body: object; answer(status: number, body: object): void; fail(): void };
let sent: Sent[];
let stored: Record<string, string>;
let core: Core;
let memory: Memory;
let opened: number;
let left: number;
const told: string[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  stored = {};
  opened = left = told.length = 0;
  Object.assign(shown, { step: "", flaw: "", isBusy: false, pause: undefined });
  vi.stubGlobal(
    "fetch",
    (url: string, { body }: { body: string }) =>
      new Promise((resolve, reject) => {
        sent.push({
          url,
          body: JSON.parse(body),
          answer: (status, json) => resolve({ status, json: async () => json }),
          fail: () => reject(new TypeError("offline")),
        });
      }),
  );
  vi.stubGlobal("dispatchEvent", ({ type }: CustomEvent) => told.push(type));
  core = {
    host: "https://chat.test",
    key: "pk_1",
    token: "token-1",
    visitor: "vis_1",
    parts: [] as Part[],
    page: { open: () => void opened++ },
  } as unknown as Core;
  const storage = {
    getItem: (name: string) => stored[name] ?? null,
    setItem: (name: string, value: string) => void (stored[name] = value),
    removeItem: (name: string) => void delete stored[name],
  };
  memory = createMemory("parley:pk_1", () => storage as unknown as Storage);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function show() {
  const panel = {
    classList: { add() {}, remove() {} },
    append() {},
  } as unknown as HTMLElement;
  const words: Words = { texts: english, locale: "en" };
  start(core).show(panel, words, memory, () => void left++);
}
const acts = () => shown.acts ?? expect.unreachable("no form");
/** Lets everything that waits for an answer go on. */
const settle = () => vi.advanceTimersByTimeAsync(0);
async function askFor(email = "ada@corp.example") {
  show();
  void acts().address(email);
  sent.at(-1)?.answer(200, {});
  await settle();
}
const SECRET: unknown = expect.stringMatching(/^[\d-]{16,64}$/);
const refused = (code: string) => ({ error: { code, message: "" } });

describe("the address", () => {
  test("goes out with the token, and the code is asked for", async () => {
    await askFor(" ada@corp.example ");
    expect(sent).toMatchObject([
      {
        url: "https://chat.test/v1/auth/code",
        body: { token: "token-1", email: "ada@corp.example", asker: SECRET },
      },
    ]);
    expect(shown.step).toBe("code");
  });

  test("that is none goes nowhere", () => {
    show();
    void acts().address("ada");
    expect(shown.flaw).toBe("badAddress");
    expect(sent).toEqual([]);
  });

  test.each([
    ["too_many_codes", 429, "codesTooMany"],
    ["rate_limited", 429, "codePause"],
    ["invalid", 400, "badAddress"],
    ["overloaded", 503, "noAnswer"],
  ])("that is answered with %s stays to be tried again", async (code, status, flaw) => {
    show();
    void acts().address("ada@corp.example");
    expect(shown.isBusy).toBe(true);
    sent[0]?.answer(status, refused(code));
    await settle();
    expect(shown).toMatchObject({ flaw, isBusy: false, step: "address " });
    expect(stored).toEqual({});
  });

  test("without a connection, or before there is a token, is said to have failed", async () => {
    show();
    void acts().address("ada@corp.example");
    sent[0]?.fail();
    await settle();
    expect(shown).toMatchObject({ flaw: "noAnswer", isBusy: false });
    shown.flaw = "";
    core.token = undefined;
    void acts().address("ada@corp.example");
    await settle();
    expect(shown.flaw).toBe("noAnswer");
    expect(sent).toHaveLength(1);
  });

  test("can be corrected", async () => {
    await askFor();
    acts().other();
    expect(shown.step).toBe("address ada@corp.example");
    expect(stored).toEqual({});
  });

  test("is remembered over a reload for as long as its code works", async () => {
    await askFor();
    vi.advanceTimersByTime(CODE_LIFETIME_MS - 1);
    acts().back();
    show();
    expect(shown.step).toBe("code");
    acts().back();
    vi.advanceTimersByTime(1);
    show();
    expect(shown.step).toBe("address ");
  });
});

describe("another code", () => {
  test("can be asked for after a pause", async () => {
    await askFor();
    expect(shown.pause).toBe("New code in 30 s");
    vi.advanceTimersByTime(CODE_PAUSE_MS - 1_000);
    expect(shown.pause).toBe("New code in 1 s");
    vi.advanceTimersByTime(1_000);
    expect(shown.pause).toBeUndefined();
    void acts().again();
    expect(sent[1]?.body).toEqual(sent[0]?.body);
  });
});

describe("the code", () => {
  test("that leads elsewhere has the loader find out where, and the form goes when it has", async () => {
    await askFor();
    void acts().code(" 123 456 ");
    expect(sent[1]).toMatchObject({
      url: "https://chat.test/v1/auth",
      body: { token: "token-1", email: "ada@corp.example", code: "123456" },
    });
    sent[1]?.answer(200, { token: "token-2", visitor: "vis_2", isAnotherPerson: false });
    await settle();
    expect([opened, shown.step, told]).toEqual([1, "wait", ["parley:auth"]]);
    expect(Object.keys(stored)).toEqual(["parley:pk_1:found"]);
    core.parts[0]?.changed(true);
    expect([shown.step, left]).toEqual(["gone", 1]);
  });

  test("that leads to another person is remembered to have worked, and nothing else of this one but the way to the next right", async () => {
    await askFor();
    Object.assign(stored, { "parley:pk_1": "token-1", "parley:pk_1:draft": "secret" });
    const removeItem = (name: string) => void delete stored[name];
    vi.stubGlobal(
      "localStorage",
      Object.defineProperty(stored, "removeItem", { value: removeItem }),
    );
    void acts().code("123456");
    sent[1]?.answer(200, { visitor: "vis_2", isAnotherPerson: true });
    await settle();
    expect(Object.keys(stored).toSorted()).toEqual([
      "parley:pk_1",
      "parley:pk_1:found",
      "parley:pk_1:next",
    ]);
  });

  test("of whoever is here already ends the form at once", async () => {
    await askFor();
    void acts().code("123456");
    sent[1]?.answer(200, { token: "token-1", visitor: "vis_1", isAnotherPerson: false });
    await settle();
    expect([opened, shown.step, left]).toEqual([0, "gone", 1]);
  });

  test("of whoever gets another right here ends it too, and the loader hears of it", async () => {
    await askFor();
    void acts().code("123456");
    sent[1]?.answer(200, { token: "token-2", visitor: "vis_1", isAnotherPerson: false });
    await settle();
    expect([opened, shown.step, left]).toEqual([1, "gone", 1]);
  });

  test("is tried with the secret that it was asked for with, also under another right and after a reload", async () => {
    await askFor();
    const { asker } = { asker: undefined, ...sent[0]?.body };
    acts().back();
    core.token = "token-2";
    show();
    void acts().code("123456");
    expect(sent[1]?.body).toMatchObject({ token: "token-2", code: "123456", asker });
    sent[1]?.answer(401, refused("ended"));
    await settle();
    expect([shown.flaw, opened]).toEqual(["noAnswer", 1]);
  });

  test("with too few digits goes nowhere", async () => {
    await askFor();
    void acts().code("12345");
    expect(shown.flaw).toBe("badCode");
    expect(sent).toHaveLength(1);
  });

  test.each([
    ["wrong_code", "codeWrong"],
    ["code_expired", "codeExpired"],
    ["code_used", "codeUsed"],
    ["too_many_tries", "codeTries"],
  ])("that is answered with %s changes nothing", async (code, flaw) => {
    await askFor();
    void acts().code("123456");
    sent[1]?.answer(401, refused(code));
    await settle();
    expect(shown).toMatchObject({ flaw, step: "code" });
    expect([opened, told]).toEqual([0, []]);
  });
});

test("the form goes when a message is to be written instead", async () => {
  await askFor();
  start(core).hide();
  start(core).hide();
  expect([shown.step, left]).toEqual(["gone", 1]);
});

test("the form is one, and ends with the right of the browser", async () => {
  await askFor();
  show();
  expect(core.parts).toHaveLength(1);
  core.parts[0]?.changed();
  expect(shown.step).toBe("code");
  core.parts[0]?.changed(true);
  expect([shown.step, left]).toEqual(["gone", 1]);
  vi.advanceTimersByTime(CODE_PAUSE_MS);
  expect(vi.getTimerCount()).toBe(0);
});
