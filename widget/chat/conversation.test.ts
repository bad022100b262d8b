import fc from "fast-check";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { VisibleEntry } from "../../protocol/entries.ts";
import { asId } from "../../protocol/ids.ts";
import type { OperatorCard } from "../../protocol/operators.ts";
import type { Answer, Core, Frame, Line } from "../core.ts";
import { createMemory, type Memory } from "../memory.ts";
import { createConversation } from "./conversation.ts";
import { messagesOf } from "./rows.ts";

const anna: OperatorCard = { id: asId("opr", "opr_anna"), name: "Anna", title: "", photo: null };
const CONVERSATION = asId("cnv", "cnv_1");
const POPUP = asId("dlv", "dlv_1");

type Asked = {
  t: string;
  id?: string;
  stream?: string;
  n?: number;
  text?: string;
  after?: number;
  through?: number;
  delivery?: string;
};

/** A server of one conversation behind two lines, which can be cut, and answers only when it is told to. */
function fakeServer() {
  const entries: VisibleEntry[] = [];
  const questions: {
    frame: Asked;
    via: "page" | "conversation";
    answered: (answer: Answer) => void;
  }[] = [];
  const up = { page: true, conversation: false };
  let connectConversation = () => {};
  let deliver: (frame: Frame) => void = () => {};
  let lost: (code: number) => void = () => {};
  let isLive = false;

  const ask =
    (via: "page" | "conversation") => (frame: object, answered: (answer: Answer) => void) => {
      if (up[via]) questions.push({ frame: frame as Asked, via, answered });
      return up[via];
    };
  const page: Line = { open: () => {}, close: () => {}, ask: ask("page") };

  function commit({ stream, n, text = "", delivery }: Asked) {
    const key = `${stream}:${n}`;
    let entry = entries.find((each) => each.key === key);
    if (!entry) {
      entry = {
        seq: entries.length + 1,
        at: 1,
        type: "message",
        author: { kind: "visitor" },
        text,
        key,
        ...(delivery ? { answers: asId("dlv", delivery) } : {}),
      };
      entries.push(entry);
      if (up.conversation && isLive) deliver({ t: "entry", entry });
    }
    return entry;
  }

  const server = {
    entries,
    questions,
    core: {
      page,
      options: {},
      token: "token-1",
      visitor: "vis_1",
      conversation: null,
      createLine: (...[, pass, receive, onLost]: Parameters<Core["createLine"]>): Line => {
        deliver = receive;
        lost = onLost;
        connectConversation = () => pass(() => server.greet());
        return {
          open: () => connectConversation(),
          close: () => server.cut("conversation"),
          ask: ask("conversation"),
        };
      },
    } as unknown as Core,
    greet() {
      if (up.conversation) return;
      up.conversation = true;
      isLive = false;
      deliver({
        t: "hello",
        conversation: CONVERSATION,
        status: "open",
        through: entries.length,
        marks: { visitor: 0, team: 0 },
      });
    },
    /** Does what the oldest question asks and answers it, or loses the answer with its socket. */
    obey(isAnswerLost = false) {
      const question = questions.shift();
      if (!question) return false;
      const { frame, via, answered } = question;
      const answer: Answer =
        frame.t === "ticket"
          ? { t: "ack", id: "", ticket: "ticket" }
          : frame.t === "resume"
            ? ((isLive = true),
              { t: "entries", id: "", entries: entries.slice(frame.after), more: false })
            : frame.t === "message"
              ? {
                  t: "ack",
                  id: "",
                  ...(({ seq, at }) => ({ seq, at }))(commit(frame)),
                  ...(via === "page" ? { conversation: CONVERSATION } : {}),
                }
              : { t: "ack", id: "" };
      if (isAnswerLost) {
        questions.unshift(question);
        server.cut(via);
      } else answered(answer);
      return true;
    },
    settle() {
      while (this.obey());
    },
    say(text: string) {
      const entry: VisibleEntry = {
        seq: entries.length + 1,
        at: 1,
        type: "message",
        author: { kind: "operator", operator: anna },
        text,
      };
      entries.push(entry);
      if (up.conversation && isLive) deliver({ t: "entry", entry });
    },
    cut(via: "page" | "conversation") {
      if (!up[via]) return;
      up[via] = false;
      const cut = questions.filter((question) => question.via === via);
      questions.splice(
        0,
        questions.length,
        ...questions.filter((question) => question.via !== via),
      );
      for (const { answered } of cut) answered(undefined);
      if (via === "conversation") lost(1006);
    },
    comeBack() {
      up.page = true;
    },
  };
  return server;
}

const newMemory = (): Memory =>
  createMemory("parley:pk", () => {
    throw new Error("in memory");
  });
const shown = (conversation: ReturnType<typeof createConversation>) =>
  messagesOf(conversation.entries(), conversation.outgoing(), 0).map(({ text }) => text);

/** A chat that is open on a page which nobody has written on yet. */
function opened() {
  const server = fakeServer();
  const memory = newMemory();
  const conversation = createConversation(server.core, memory, () => {});
  conversation.hold();
  return { server, memory, conversation };
}

/** One in which "a" was written. */
function begun() {
  const chat = opened();
  chat.conversation.send("a");
  chat.server.settle();
  return chat;
}

beforeEach(() => {
  vi.stubGlobal("dispatchEvent", () => true);
  vi.useFakeTimers();
});

describe("a conversation", () => {
  test("begins with a message over the page's socket, then goes on over its own", () => {
    const { server, conversation } = opened();
    conversation.send("first");
    conversation.send("second");
    expect(server.questions.map(({ frame, via }) => [frame.t, via])).toEqual([["message", "page"]]);
    server.settle();
    expect(server.entries.map(({ text }) => text)).toEqual(["first", "second"]);
    expect(shown(conversation)).toEqual(["first", "second"]);
    conversation.send("third");
    expect(server.questions.map(({ frame, via }) => [frame.t, via])).toEqual([
      ["message", "conversation"],
    ]);
  });

  test("shows a message at once, and once when its entry comes too", () => {
    const { server, conversation } = opened();
    conversation.send("hello");
    expect(shown(conversation)).toEqual(["hello"]);
    server.obey(true);
    expect(server.entries).toHaveLength(1);
    server.comeBack();
    conversation.follow();
    server.settle();
    expect(server.entries).toHaveLength(1);
    expect(shown(conversation)).toEqual(["hello"]);
  });

  test("asks for what it missed, and takes nothing twice", () => {
    const { server, conversation } = begun();
    server.say("b");
    server.cut("conversation");
    server.say("c");
    server.say("d");
    server.greet();
    server.settle();
    expect(shown(conversation)).toEqual(["a", "b", "c", "d"]);
  });

  test("gives way to another one that has become the open one, once what is on its way is answered", () => {
    const { server, conversation } = begun();
    conversation.send("b");
    server.core.conversation = { id: asId("cnv", "cnv_2") } as Core["conversation"];
    conversation.follow();
    expect(conversation.id()).toBe(CONVERSATION);
    server.settle();
    conversation.follow();
    expect(conversation.id()).toBe("cnv_2");
    expect(conversation.entries()).toEqual([]);
    expect(server.entries.map(({ text }) => text)).toEqual(["a", "b"]);
  });

  test("keeps what is not sent when the same person's right goes on elsewhere", () => {
    const { server, conversation, memory } = opened();
    server.cut("page");
    conversation.send("a");
    conversation.leave();
    expect(shown(conversation)).toEqual(["a"]);
    expect(memory.names(":out:")).toHaveLength(1);
    server.comeBack();
    conversation.follow();
    server.settle();
    expect(server.entries.map(({ text }) => text)).toEqual(["a"]);
  });

  test("tells what was read only when it is news", () => {
    const { server, conversation } = begun();
    conversation.read(1);
    expect(server.questions).toEqual([]);
    server.say("b");
    conversation.read(2);
    conversation.read(2);
    expect(server.questions.map(({ frame }) => [frame.t, frame.through])).toEqual([["read", 2]]);
  });

  test("answers a delivery over the page's socket, after what was written before and before what is written next", () => {
    const { server, conversation } = begun();
    conversation.send("b");
    conversation.send("c", POPUP);
    conversation.send("d");
    const asked = () => server.questions.map(({ frame, via }) => [frame.text, via, frame.delivery]);
    expect(asked()).toEqual([["b", "conversation", undefined]]);
    server.obey();
    expect(asked()).toEqual([["c", "page", POPUP]]);
    server.settle();
    expect(shown(conversation)).toEqual(["a", "b", "c", "d"]);
    expect(conversation.entries()[2]).toMatchObject({ text: "c", answers: POPUP });
  });

  test("remembers over page loads what a message answers", () => {
    const server = fakeServer();
    const memory = newMemory();
    server.cut("page");
    createConversation(server.core, memory, () => {}).send("a", POPUP);
    server.comeBack();
    createConversation(server.core, memory, () => {}).follow();
    expect(server.questions.map(({ frame }) => [frame.text, frame.delivery])).toEqual([
      ["a", POPUP],
    ]);
  });

  test("forgets everything when the browser becomes another visitor", () => {
    const { server, conversation, memory } = begun();
    server.cut("page");
    server.cut("conversation");
    conversation.send("b");
    conversation.clear();
    expect(shown(conversation)).toEqual([]);
    expect(memory.names(":")).toEqual([]);
    expect(conversation.id()).toBeUndefined();
  });

  test("shows and sends nothing while nobody knows who is here, and goes on where it is the same person", () => {
    const { server, conversation } = begun();
    server.cut("page");
    server.cut("conversation");
    conversation.send("b");
    const { token } = server.core;
    server.core.token = undefined;
    conversation.leave();
    vi.advanceTimersByTime(1);
    conversation.send("c");
    server.comeBack();
    conversation.follow();
    expect(shown(conversation)).toEqual(["c"]);
    expect(server.questions).toEqual([]);
    server.core.token = token;
    conversation.follow();
    server.settle();
    conversation.follow();
    server.settle();
    expect(shown(conversation)).toEqual(["a", "b", "c"]);
  });

  test("loses, doubles and reorders nothing, whatever is cut whenever, over page loads too", () => {
    type Step =
      | "send"
      | "answer"
      | "obey"
      | "lose answer"
      | "cut page"
      | "cut conversation"
      | "come back"
      | "say"
      | "reload";
    const steps: Step[] = [
      "send",
      "answer",
      "obey",
      "lose answer",
      "cut page",
      "cut conversation",
      "come back",
      "say",
      "reload",
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...steps), { maxLength: 60 }), (script) => {
        const server = fakeServer();
        const memory = newMemory();
        let conversation = createConversation(server.core, memory, () => {});
        let written = 0;
        conversation.hold();
        const comeBack = () => {
          server.comeBack();
          conversation.follow();
        };
        const run: Record<Step, () => void> = {
          send: () => conversation.send(`own ${++written}`),
          answer: () => conversation.send(`own ${++written}`, POPUP),
          obey: () => void server.obey(),
          "lose answer": () => void server.obey(true),
          "cut page": () => server.cut("page"),
          "cut conversation": () => server.cut("conversation"),
          "come back": comeBack,
          say: () => {
            // An operator answers only where there is a conversation.
            if (server.entries.length > 0) server.say("theirs");
          },
          reload: () => {
            server.cut("page");
            server.cut("conversation");
            server.core.conversation =
              server.entries.length > 0
                ? ({ id: CONVERSATION, read: 0 } as Core["conversation"])
                : null;
            server.comeBack();
            vi.advanceTimersByTime(20);
            conversation = createConversation(server.core, memory, () => {});
            conversation.hold();
          },
        };
        for (const step of script) run[step]();
        for (let i = 0; i < 5; i++) {
          comeBack();
          server.settle();
          vi.advanceTimersByTime(10_000);
        }
        const own = server.entries
          .filter(({ author }) => author.kind === "visitor")
          .map(({ text }) => text);
        expect(own).toEqual(Array.from({ length: written }, (_, i) => `own ${i + 1}`));
        expect(shown(conversation)).toEqual(server.entries.map(({ text }) => text));
        expect(memory.names(":out:")).toEqual([]);
      }),
      {
        numRuns: 500,
        // What could not leave over the conversation's socket is not overtaken over the page's.
        examples: [
          [["send", "send", "answer", "obey", "obey", "obey", "cut conversation"] as Step[]],
        ],
      },
    );
  });
});
