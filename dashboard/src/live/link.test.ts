import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CLOSE } from "../../../protocol/errors.ts";
import { openLink, type LinkState } from "./link.ts";

/** A socket whose other end is the test. */
class FakeSocket extends EventTarget {
  static readonly OPEN = 1;
  static made: FakeSocket[] = [];
  readonly sent: string[] = [];
  readonly url: string;
  readyState = 0;
  constructor(url: URL) {
    super();
    this.url = String(url);
    FakeSocket.made.push(this);
  }
  send(text: string): void {
    this.sent.push(text);
  }
  close(): void {
    this.readyState = 3;
  }
  opens(): void {
    this.readyState = FakeSocket.OPEN;
    this.dispatchEvent(new Event("open"));
  }
  says(text: string): void {
    this.dispatchEvent(Object.assign(new Event("message"), { data: text }));
  }
  drops(code: number): void {
    this.readyState = 3;
    this.dispatchEvent(Object.assign(new Event("close"), { code }));
  }
}

const newest = (): FakeSocket => FakeSocket.made.at(-1) ?? new FakeSocket(new URL("ws://none"));

beforeEach(() => {
  vi.useFakeTimers();
  FakeSocket.made = [];
  const page = new EventTarget();
  vi.stubGlobal("WebSocket", FakeSocket);
  vi.stubGlobal("location", new URL("https://dashboard.test/inbox"));
  vi.stubGlobal("document", Object.assign(new EventTarget(), { visibilityState: "visible" }));
  vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
  vi.stubGlobal("removeEventListener", page.removeEventListener.bind(page));
  vi.stubGlobal("dispatchEvent", page.dispatchEvent.bind(page));
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

function open() {
  const states: LinkState[] = [];
  const frames: unknown[] = [];
  const onRefused = vi.fn();
  const link = openLink<unknown, object>({
    path: "/api/inbox/socket",
    onFrame: (frame) => frames.push(frame),
    onState: (state) => states.push(state),
    onRefused,
  });
  return { link, states, frames, onRefused };
}

test("frames go and come while it is open; a pong is not a frame", () => {
  const { link, states, frames } = open();
  expect(link.send({ t: "early" })).toBe(false);
  newest().opens();
  expect(newest().url).toBe("wss://dashboard.test/api/inbox/socket");
  expect(link.send({ t: "looking" })).toBe(true);
  newest().says("pong");
  newest().says('{"t":"hello"}');
  expect([newest().sent, frames, states]).toEqual([
    ['{"t":"looking"}'],
    [{ t: "hello" }],
    ["connecting", "open"],
  ]);
});

test("a lost socket comes back by itself, unless the right has ended", () => {
  const { states } = open();
  newest().opens();
  newest().drops(1006);
  vi.advanceTimersByTime(1_000);
  expect(FakeSocket.made).toHaveLength(2);
  newest().opens();
  newest().drops(CLOSE.ended);
  vi.advanceTimersByTime(600_000);
  expect(FakeSocket.made).toHaveLength(2);
  expect(states.at(-1)).toBe("ended");
});

test("after too many frames it pauses for seconds", () => {
  open();
  newest().opens();
  newest().drops(CLOSE.flooding);
  vi.advanceTimersByTime(3_900);
  expect(FakeSocket.made).toHaveLength(1);
  vi.advanceTimersByTime(4_200);
  expect(FakeSocket.made).toHaveLength(2);
});

test("a socket that stays silent after a ping is left behind", () => {
  const { states } = open();
  const silent = newest();
  silent.opens();
  vi.advanceTimersByTime(25_000);
  expect(silent.sent).toEqual(["ping"]);
  silent.says("pong");
  vi.advanceTimersByTime(25_000);
  expect(silent.sent).toEqual(["ping", "ping"]);
  vi.advanceTimersByTime(10_000);
  expect(states.at(-1)).toBe("waiting");
  vi.advanceTimersByTime(1_000);
  expect(FakeSocket.made).toHaveLength(2);
});

test("a connect that hangs is given up and tried again", () => {
  const { states } = open();
  vi.advanceTimersByTime(10_000);
  expect(states).toEqual(["connecting", "waiting"]);
  vi.advanceTimersByTime(500);
  expect(FakeSocket.made).toHaveLength(2);
  newest().opens();
  vi.advanceTimersByTime(20_000);
  expect(states.at(-1)).toBe("open");
});

test("sockets that never open make somebody ask whether the right still stands", () => {
  const { onRefused } = open();
  newest().drops(1006);
  expect(onRefused).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1_000);
  newest().drops(1006);
  expect(onRefused).toHaveBeenCalledOnce();
});

test("it comes back at once with the network, and never after it was closed", () => {
  const { link } = open();
  newest().opens();
  dispatchEvent(new Event("offline"));
  dispatchEvent(new Event("online"));
  expect(FakeSocket.made).toHaveLength(2);
  link.close();
  dispatchEvent(new Event("online"));
  vi.advanceTimersByTime(600_000);
  expect(FakeSocket.made).toHaveLength(2);
});
