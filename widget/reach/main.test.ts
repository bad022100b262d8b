import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Core, Part } from "../core.ts";
import type { Words } from "../languages/choose.ts";
import { english } from "../languages/texts.ts";
import start from "./main.ts";

/** The row that is shown, and what was said under its field; how it looks is seen in a real browser. */
type Row = { state: string; submit(value: string): unknown; flaw: string };
const made = vi.hoisted(() => ({ row: undefined as Row | undefined }));
vi.mock("../colors.ts", () => ({ addStyles: () => {} }));
vi.mock("./row.ts", () => ({
  createRow(_: object, { submit }: Pick<Row, "submit">, { state }: Pick<Row, "state">) {
    const row: Row = (made.row = { state, submit, flaw: "" });
    return {
      node: {},
      isTyping: () => false,
      focus() {},
      setBusy() {},
      fail: (text: string) => void (row.flaw = text),
    };
  },
}));

let asked: { url: string; body: Record<string, string>; answer(json: object): void }[];
let opened: number;
let kept: Record<string, string>;
let core: Core;
beforeEach(() => {
  asked = [];
  opened = 0;
  kept = {};
  vi.stubGlobal("localStorage", kept);
  vi.stubGlobal("dispatchEvent", () => {});
  vi.stubGlobal(
    "fetch",
    (url: string, { body }: { body: string }) =>
      new Promise((resolve) => {
        const answer = (json: object) => resolve({ status: 200, json: async () => json });
        asked.push({ url, body: JSON.parse(body), answer });
      }),
  );
  core = {
    host: "https://chat.test",
    key: "pk_1",
    token: "token-1",
    parts: [] as Part[],
    options: {},
    root: {},
    contact: { address: "ada@example.com", isProven: false, hasCode: true },
    page: { open: () => void opened++ },
    changed() {},
  } as unknown as Core;
});
afterEach(() => void vi.unstubAllGlobals());

const words: Words = { texts: english, locale: "en" };
const slot = {
  contains: () => false,
  replaceChildren() {},
  append() {},
} as unknown as HTMLElement;
const show = () => start(core).show(slot, words, true);

test("the code of an answer is proven with a secret by which every page of the browser comes to its next right", async () => {
  show();
  expect(made.row?.state).toBe("code");
  void made.row?.submit("123 456");
  const { url, body } = asked[0] ?? expect.unreachable("nothing was asked");
  expect(url).toBe("https://chat.test/v1/auth");
  expect(body).toEqual({
    token: "token-1",
    next: expect.stringMatching(/^[\d-]{16,64}$/),
    email: "ada@example.com",
    code: "123456",
  });
  expect(kept["parley:pk_1:next"]).toBe(body["next"]);
  asked[0]?.answer({ token: "token-2", visitor: "vis_1" });
  await vi.waitFor(() => expect(opened).toBe(1));
});

test("pressing twice asks once, and nothing is said to be wrong", async () => {
  show();
  void made.row?.submit("123456");
  await made.row?.submit("123456");
  expect([asked.length, made.row?.flaw]).toEqual([1, ""]);
});

test("a choice proves nothing, and takes no other secret's place", async () => {
  core.contact = { address: null, isProven: false } as Core["contact"];
  kept["parley:pk_1:next"] = "drawn before";
  show();
  expect(made.row?.state).toBe("question");
  void made.row?.submit("ada@example.com");
  expect(asked[0]?.url).toBe("https://chat.test/v1/contact");
  expect(asked[0]?.body).toEqual({ token: "token-1", address: "ada@example.com" });
  expect(kept["parley:pk_1:next"]).toBe("drawn before");
});
