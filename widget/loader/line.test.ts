import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Answer, Frame, Line } from "../core.ts";

class FakeSocket extends EventTarget {
  static made: FakeSocket[] = [];
  readonly sent: string[] = [];
  isClosed = false;
  readonly url: string;
  readonly protocols: string[];
  constructor(url: string, protocols: string[]) {
    super();
    this.url = url;
    this.protocols = protocols;
    FakeSocket.made.push(this);
  }
  send(text: string) {
    this.sent.push(text);
  }
  close() {
    this.isClosed = true;
  }
  hear(data: string | object) {
    const text = typeof data === "string" ? data : JSON.stringify(data);
    this.dispatchEvent(Object.assign(new Event("message"), { data: text }));
  }
  fall(code: number) {
    this.dispatchEvent(Object.assign(new Event("close"), { code }));
  }
}

const newest = () => {
  const socket = FakeSocket.made.at(-1);
  if (!socket) throw new Error("no socket was opened");
  return socket;
};

let line: Line;
let heard: Frame[];
let lost: number[];

beforeEach(async () => {
  vi.resetModules();
  vi.useFakeTimers();
  FakeSocket.made = [];
  heard = [];
  lost = [];
  vi.stubGlobal("window", globalThis);
  vi.stubGlobal("WebSocket", FakeSocket);
  vi.stubGlobal("document", { currentScript: { src: "https://chat.test/widget.js", dataset: {} } });
  const { createLine } = await import("./line.ts");
  line = createLine(
    "page",
    (use) => use("token"),
    (frame) => heard.push(frame),
    (code) => lost.push(code),
  );
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("a line", () => {
  test("offers the version and the right as subprotocols, never in the address", () => {
    line.open();
    expect(newest().url).toBe("wss://chat.test/v1/page");
    expect(newest().protocols).toEqual(["parley.1", "token"]);
  });

  test("sends nothing before the server has said hello", () => {
    line.open();
    expect(line.ask({ t: "events" }, () => {})).toBe(false);
    newest().hear({ t: "hello", conversation: null });
    expect(line.ask({ t: "events" }, () => {})).toBe(true);
    expect(newest().sent.map((text) => JSON.parse(text))).toEqual([{ t: "events", id: "1" }]);
    expect(heard).toEqual([{ t: "hello", conversation: null }]);
  });

  test("gives each answer to its question, in whatever order they come", () => {
    line.open();
    newest().hear({ t: "hello", conversation: null });
    const answers: [string, Answer][] = [];
    line.ask({ t: "ticket" }, (answer) => answers.push(["first", answer]));
    line.ask({ t: "ticket" }, (answer) => answers.push(["second", answer]));
    newest().hear({ t: "ack", id: "2" });
    newest().hear({ t: "error", id: "1", code: "not_found", message: "" });
    expect(answers.map(([name, answer]) => [name, answer?.t])).toEqual([
      ["second", "ack"],
      ["first", "error"],
    ]);
  });

  test("answers every open question with nothing when the socket is lost", () => {
    line.open();
    newest().hear({ t: "hello", conversation: null });
    const answered = vi.fn<(answer: Answer) => void>();
    line.ask({ t: "events" }, answered);
    newest().fall(1006);
    expect(answered).toHaveBeenCalledExactlyOnceWith();
    expect(lost).toEqual([1006]);
  });

  test("takes a socket that stays silent for ten seconds after a ping for dead", () => {
    line.open();
    newest().hear({ t: "hello", conversation: null });
    vi.advanceTimersByTime(25_000);
    const dead = newest();
    expect(dead.sent).toEqual(["ping"]);
    dead.hear("pong");
    vi.advanceTimersByTime(25_000);
    expect(dead.sent).toEqual(["ping", "ping"]);
    vi.advanceTimersByTime(10_000);
    expect(dead.isClosed).toBe(true);
    expect(lost).toEqual([1006]);
    vi.advanceTimersByTime(1_000);
    expect(FakeSocket.made).toHaveLength(2);
    // What the dead one still says changes nothing.
    dead.fall(1006);
    expect(lost).toEqual([1006]);
  });

  test("is taken for dead in time however often it is tested", () => {
    line.open();
    newest().hear({ t: "hello", conversation: null });
    vi.advanceTimersByTime(1_000);
    for (let i = 0; i < 10; i++) {
      line.open();
      vi.advanceTimersByTime(1_000);
    }
    expect(FakeSocket.made[0]?.isClosed).toBe(true);
    expect(FakeSocket.made[0]?.sent).toEqual(["ping"]);
    expect(lost).toEqual([1006]);
  });

  test("gives up a socket that never says hello", () => {
    line.open();
    vi.advanceTimersByTime(10_000);
    expect(lost).toEqual([1006]);
  });

  test("comes back ever later while it fails, and soon again after a hello", () => {
    const waits: number[] = [];
    vi.spyOn(Math, "random").mockReturnValue(1);
    line.open();
    for (let i = 0; i < 4; i++) {
      const made = FakeSocket.made.length;
      newest().fall(1006);
      let waited = 0;
      while (FakeSocket.made.length === made) {
        vi.advanceTimersByTime(100);
        waited += 100;
      }
      waits.push(waited);
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000]);
    newest().hear({ t: "hello", conversation: null });
    newest().fall(1006);
    vi.advanceTimersByTime(1_000);
    expect(FakeSocket.made).toHaveLength(6);
  });

  test("pauses for seconds after it was told that it floods", () => {
    vi.spyOn(Math, "random").mockReturnValue(0);
    line.open();
    newest().hear({ t: "hello", conversation: null });
    newest().fall(4429);
    vi.advanceTimersByTime(7_900);
    expect(FakeSocket.made).toHaveLength(1);
    vi.advanceTimersByTime(200);
    expect(FakeSocket.made).toHaveLength(2);
  });

  test("stays closed when it was closed, and calls nobody about it", () => {
    line.open();
    newest().hear({ t: "hello", conversation: null });
    line.close();
    vi.advanceTimersByTime(600_000);
    expect(FakeSocket.made).toHaveLength(1);
    expect(lost).toEqual([]);
  });

  test("is tested, not doubled, when it is opened again", () => {
    line.open();
    newest().hear({ t: "hello", conversation: null });
    line.open();
    expect(FakeSocket.made).toHaveLength(1);
    expect(newest().sent).toEqual(["ping"]);
  });
});
