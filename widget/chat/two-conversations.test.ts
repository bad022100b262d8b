import fc from "fast-check";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { VisibleEntry } from "../../protocol/entries.ts";
import { asId, type ConversationId } from "../../protocol/ids.ts";
import type { Answer, Core, Frame, Line } from "../core.ts";
import { createMemory } from "../memory.ts";
import { createConversation } from "./conversation.ts";
import { messagesOf } from "./rows.ts";

const NEWER = asId("cnv", "cnv_2");
const OLDER = asId("cnv", "cnv_1");
const GONE = asId("cnv", "cnv_0");

type Asked = {
  t: string;
  stream?: string;
  n?: number;
  text?: string;
  after?: number;
  conversation?: ConversationId;
};

/**
 * A server of two conversations, of which the newer one is open. A page's message goes where it says, and the one that
 * was written in last is told to be the open one. Lines can be cut; answers come when the test says.
 */
function fakeServer() {
  const logs = new Map<ConversationId, VisibleEntry[]>([
    [NEWER, []],
    [OLDER, []],
  ]);
  const up = { page: true, conversation: false };
  let shown: ConversationId | undefined;
  let questions: { frame: Asked; via: keyof typeof up; answered: (answer: Answer) => void }[] = [];
  let deliver: (frame: Frame) => void = () => {};
  let lost: (code: number) => void = () => {};
  const ask = (via: keyof typeof up) => (frame: object, answered: (answer: Answer) => void) => {
    if (up[via]) questions.push({ frame: frame as Asked, via, answered });
    return up[via];
  };
  const logOf = (id: ConversationId | undefined) => (id && logs.get(id)) || [];

  function commit(id: ConversationId, { stream, n, text = "" }: Asked) {
    const key = `${stream}:${n}`;
    const log = logOf(id);
    let entry = log.find((each) => each.key === key);
    if (entry === undefined) {
      entry = {
        seq: log.length + 1,
        at: 1,
        type: "message",
        author: { kind: "visitor" },
        text,
        key,
      };
      log.push(entry);
      server.core.conversation = { id } as Core["conversation"];
      if (up.conversation && shown === id) deliver({ t: "entry", entry });
    }
    return { seq: entry.seq, at: entry.at };
  }

  function answer({ frame, via }: (typeof questions)[number]): Answer {
    const id = via === "page" ? (frame.conversation ?? server.core.conversation?.id) : shown;
    if (frame.t === "resume")
      return { t: "entries", id: "", entries: logOf(id).slice(frame.after), more: false };
    if (frame.t !== "message") return { t: "ack", id: "", ticket: `${frame.conversation}` };
    if (!id || !logs.has(id)) return { t: "error", id: "", code: "not_found", message: "" };
    return {
      t: "ack",
      id: "",
      ...commit(id, frame),
      ...(via === "page" ? { conversation: id } : {}),
    };
  }

  function drop(via: keyof typeof up) {
    up[via] = false;
    const unanswered = questions.filter((question) => question.via === via);
    questions = questions.filter((question) => question.via !== via);
    for (const { answered } of unanswered) answered(undefined);
  }

  const server = {
    textsIn: (id: ConversationId) => logOf(id).map(({ text }) => text),
    asked: () => questions.map(({ frame, via }) => [frame.text ?? frame.t, via]),
    core: {
      page: { open: () => {}, close: () => {}, ask: ask("page") },
      options: {},
      token: "token-1",
      visitor: "vis_1",
      conversation: { id: NEWER },
      createLine: (...[, pass, receive, onLost]: Parameters<Core["createLine"]>): Line => {
        deliver = receive;
        lost = onLost;
        return {
          open: () => {
            if (up.conversation) return;
            pass((ticket) => {
              if (up.conversation) return;
              shown = asId("cnv", ticket);
              up.conversation = true;
              const through = logOf(shown).length;
              deliver({
                t: "hello",
                conversation: shown,
                status: "open",
                through,
                marks: { visitor: 0, team: 0 },
              });
            });
          },
          close: () => drop("conversation"),
          ask: ask("conversation"),
        };
      },
    } as unknown as Core,
    obey(isAnswerLost = false) {
      const [question] = questions;
      if (question === undefined) return false;
      const answered = answer(question);
      if (isAnswerLost) server.cut(question.via);
      else {
        questions = questions.filter((other) => other !== question);
        question.answered(answered);
      }
      return true;
    },
    settle() {
      while (server.obey());
    },
    cut(via: keyof typeof up) {
      if (!up[via]) return;
      drop(via);
      if (via === "conversation") lost(1006);
    },
    comeBack() {
      up.page = true;
    },
  };
  return server;
}

const newMemory = () =>
  createMemory("parley:pk", () => {
    throw new Error("in memory");
  });
const shownIn = (conversation: ReturnType<typeof createConversation>) =>
  messagesOf(conversation.entries(), conversation.outgoing(), 0).map(({ text }) => text);

beforeEach(() => {
  vi.stubGlobal("dispatchEvent", () => true);
  vi.useFakeTimers();
});

describe("a person with two conversations", () => {
  function started(memory = newMemory()) {
    const server = fakeServer();
    const conversation = createConversation(server.core, memory, () => {});
    conversation.hold();
    conversation.send("to the newer one");
    server.settle();
    return { server, conversation };
  }

  test("reads the other one and comes back, each with its own messages", () => {
    const { server, conversation } = started();
    expect(conversation.choose(OLDER)).toBe(true);
    expect(shownIn(conversation)).toEqual([]);
    conversation.send("to the older one");
    server.settle();
    expect(shownIn(conversation)).toEqual(["to the older one"]);
    // What was seen is there at once, and what came meanwhile soon after.
    expect(conversation.choose(NEWER)).toBe(true);
    expect(shownIn(conversation)).toEqual(["to the newer one"]);
    server.settle();
    expect(shownIn(conversation)).toEqual(["to the newer one"]);
    expect(conversation.choose(NEWER)).toBe(false);
    expect([server.textsIn(NEWER), server.textsIn(OLDER)]).toEqual([
      ["to the newer one"],
      ["to the older one"],
    ]);
  });

  test("stays in the one that they chose, whatever becomes the open one, until they come back to that", () => {
    const { server, conversation } = started();
    conversation.choose(OLDER);
    server.core.conversation = { id: GONE } as Core["conversation"];
    conversation.follow();
    expect(conversation.id()).toBe(OLDER);
    conversation.choose();
    expect(conversation.id()).toBe(GONE);
  });

  test("has what waits sent where it was written, though another one is shown", () => {
    const { server, conversation } = started();
    server.cut("conversation");
    server.cut("page");
    conversation.send("waits in the newer one");
    conversation.choose(OLDER);
    expect(shownIn(conversation)).toEqual([]);
    conversation.send("waits in the older one");
    server.comeBack();
    conversation.follow();
    server.settle();
    vi.advanceTimersByTime(10_000);
    server.settle();
    expect([server.textsIn(NEWER), server.textsIn(OLDER)]).toEqual([
      ["to the newer one", "waits in the newer one"],
      ["waits in the older one"],
    ]);
  });

  test("remembers over page loads where a message was written", () => {
    const memory = newMemory();
    const { server, conversation } = started(memory);
    conversation.choose(OLDER);
    server.cut("conversation");
    server.cut("page");
    conversation.send("before the page went");
    server.comeBack();
    vi.advanceTimersByTime(20);
    const next = createConversation(server.core, memory, () => {});
    next.follow();
    server.settle();
    expect(server.textsIn(OLDER)).toEqual(["before the page went"]);
  });

  test("has a message sent to the open one where the other one is theirs no longer", () => {
    const { server, conversation } = started();
    conversation.choose(GONE);
    server.cut("conversation");
    conversation.send("where to?");
    vi.advanceTimersByTime(10_000);
    server.settle();
    expect(server.textsIn(NEWER)).toEqual(["to the newer one", "where to?"]);
  });

  test("writes in each under a stream of its own, however much was written before", () => {
    const { server, conversation } = started();
    for (let i = 0; i < 100; i++) conversation.send(`${i}`);
    server.settle();
    conversation.choose(OLDER);
    server.settle();
    conversation.send("first here");
    expect(conversation.outgoing().map(({ n }) => n)).toEqual([1]);
  });

  test("finds each text once, in order, in the conversation it was written in, whatever is cut whenever", () => {
    const steps = [
      "send",
      "older",
      "newer",
      "obey",
      "lose",
      "cut page",
      "cut line",
      "back",
    ] as const;
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...steps), { maxLength: 60 }), (script) => {
        const server = fakeServer();
        const conversation = createConversation(server.core, newMemory(), () => {});
        const written = new Map<ConversationId, string[]>([
          [NEWER, []],
          [OLDER, []],
        ]);
        let count = 0;
        conversation.hold();
        const comeBack = () => {
          server.comeBack();
          conversation.follow();
        };
        const run: Record<(typeof steps)[number], () => void> = {
          send() {
            vi.advanceTimersByTime(1);
            const text = `own ${++count}`;
            written.get(conversation.id() ?? NEWER)?.push(text);
            conversation.send(text);
          },
          older: () => void conversation.choose(OLDER),
          newer: () => void conversation.choose(NEWER),
          obey: () => void server.obey(),
          lose: () => void server.obey(true),
          "cut page": () => server.cut("page"),
          "cut line": () => server.cut("conversation"),
          back: comeBack,
        };
        for (const step of script) run[step]();
        for (let i = 0; i < 5; i++) {
          comeBack();
          server.settle();
          vi.advanceTimersByTime(10_000);
        }
        for (const id of [NEWER, OLDER]) expect(server.textsIn(id)).toEqual(written.get(id));
        expect(shownIn(conversation)).toEqual(server.textsIn(conversation.id() ?? NEWER));
      }),
      { numRuns: 500 },
    );
  });
});
