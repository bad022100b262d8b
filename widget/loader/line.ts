import type { Answer, Frame, Line, Pass } from "../core.ts";
import { backOff } from "./back-off.ts";
import { guard } from "./events.ts";
import { host } from "./tag.ts";
import { JSON, WebSocket, clearTimeout, now, setTimeout } from "./natives.ts";

const PING_MS = 25_000;
const SILENCE_MS = 10_000;
/** Failures that a flooding close counts for: a pause of at least eight seconds. */
const FLOODING_FAILURES = 5;

/**
 * Keeps one socket open while it is wanted.
 * `pass` gives the right to connect; `lost` hears of every socket lost.
 */
export function createLine(
  path: string,
  pass: Pass,
  receive: (frame: Frame) => void,
  lost: (code: number) => void,
): Line {
  let socket: WebSocket | undefined;
  let isWanted = false;
  let isUp = false;
  let failures = 0;
  let heardAt = 0;
  let askedAt = 0;
  let lastId = 0;
  let timer: number | undefined;
  let waiting: Record<string, (answer?: Answer) => void> = {};

  const open = guard(() => {
    isWanted = true;
    if (socket) beat();
    else
      pass((right) => {
        if (!isWanted || socket) return;
        const opened = (socket = new WebSocket(`ws${host.slice(4)}/v1/${path}`, [
          "parley.1",
          right,
        ]));
        opened.addEventListener(
          "message",
          guard(({ data }: MessageEvent<string>) => {
            heardAt = now();
            if (data === "pong") return;
            const frame = JSON.parse(data) as Frame & { id?: string }; // the server's word is taken for its types
            if (frame.t === "hello") {
              isUp = true;
              failures = 0;
            }
            const id = frame.id as string; // nobody waits under the name of a missing one
            const answered = waiting[id];
            delete waiting[id];
            if (answered) answered(frame as Answer); // only answers carry the id of a question
            else receive(frame);
          }),
        );
        opened.addEventListener(
          "close",
          guard(({ code }: CloseEvent) => {
            if (opened === socket) drop(code);
          }),
        );
        beat();
      });
  });

  /** Expects a sign of life, then rests. What is expected already is not put off. */
  function beat() {
    if (heardAt < askedAt) return;
    askedAt = now();
    clearTimeout(timer);
    if (isUp) socket?.send("ping");
    timer = setTimeout(() => {
      if (heardAt < askedAt) drop(1006);
      else timer = setTimeout(beat, PING_MS - SILENCE_MS);
    }, SILENCE_MS);
  }

  const drop = guard((code: number) => {
    const unanswered = Object.values(waiting);
    clearTimeout(timer);
    socket?.close();
    socket = undefined;
    isUp = false;
    askedAt = 0;
    waiting = {};
    for (const answered of unanswered) answered();
    if (isWanted) lost(code);
    if (isWanted)
      timer = setTimeout(open, backOff((failures += code === 4429 ? FLOODING_FAILURES : 1)));
  });

  return {
    open,
    close() {
      isWanted = false;
      clearTimeout(timer);
      if (socket) drop(1000);
    },
    ask(frame, answered) {
      if (isUp) {
        waiting[++lastId] = answered;
        socket?.send(JSON.stringify({ ...frame, id: `${lastId}` }));
      }
      return isUp;
    },
  };
}
