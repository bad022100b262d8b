import { afterClose, reconnectDelay } from "./reconnect.ts";

/** One socket that is kept open: it pings, notices silence, and comes back by itself. */

export type LinkState = "connecting" | "open" | "waiting" | "ended";

export type Link<Out> = {
  /** False when the socket is not open; the caller keeps the frame. */
  send(frame: Out): boolean;
  /** Tries again now instead of waiting for the next try. */
  hurry(): void;
  close(): void;
};

export type LinkOptions<In> = {
  path: string;
  onFrame(frame: In): void;
  onState(state: LinkState): void;
  /** After tries that never opened: somebody should ask over HTTP whether the right still stands. */
  onRefused?(): void;
};

const PING_MS = 25_000;
const SILENCE_MS = 10_000;
const PAUSE_ATTEMPT = 4;
/** An open socket counts as healthy after this long, and the next loss is answered quickly. */
const SETTLED_MS = 5_000;

export function openLink<In, Out>(options: LinkOptions<In>): Link<Out> {
  let socket: WebSocket | null = null;
  let attempt = 0;
  let isClosed = false;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let pingTimer: ReturnType<typeof setTimeout> | undefined;
  let silenceTimer: ReturnType<typeof setTimeout> | undefined;
  let settleTimer: ReturnType<typeof setTimeout> | undefined;

  const url = new URL(options.path, location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";

  function connect(): void {
    clearTimeout(retryTimer);
    options.onState("connecting");
    const current = new WebSocket(url);
    socket = current;
    let wasOpen = false;
    silenceTimer = setTimeout(giveUp, SILENCE_MS);
    current.addEventListener("open", () => {
      if (socket !== current) return;
      wasOpen = true;
      clearTimeout(silenceTimer);
      settleTimer = setTimeout(() => (attempt = 0), SETTLED_MS);
      options.onState("open");
      schedulePing();
    });
    current.addEventListener("message", (event) => {
      if (socket !== current) return;
      heard();
      if (event.data === "pong") return;
      // The server's frames are trusted as the protocol's types: same origin, our own Worker.
      options.onFrame(JSON.parse(String(event.data)) as In);
    });
    current.addEventListener("close", (event) => {
      if (socket === current) lost(event.code, wasOpen);
    });
  }

  function lost(code: number, wasOpen: boolean): void {
    socket = null;
    stopTimers();
    if (isClosed) return;
    const next = afterClose(code);
    if (next === "stop") {
      isClosed = true;
      options.onState("ended");
      return;
    }
    if (next === "pause") attempt = Math.max(attempt, PAUSE_ATTEMPT);
    if (!wasOpen && attempt >= 1) options.onRefused?.();
    options.onState("waiting");
    retryTimer = setTimeout(connect, reconnectDelay(attempt++, Math.random()));
  }

  /** A connection attempt that hangs fires nothing at all, so it is left behind as well. */
  function giveUp(): void {
    const hanging = socket;
    lost(1006, false);
    hanging?.close();
  }

  /** A socket that went silent never fires `close` in time, so it is left behind. */
  function abandon(): void {
    const stale = socket;
    lost(1006, true);
    stale?.close();
  }

  function schedulePing(): void {
    clearTimeout(pingTimer);
    pingTimer = setTimeout(ping, PING_MS);
  }
  function ping(): void {
    if (socket?.readyState !== WebSocket.OPEN) return;
    socket.send("ping");
    clearTimeout(silenceTimer);
    silenceTimer = setTimeout(abandon, SILENCE_MS);
  }
  function heard(): void {
    clearTimeout(silenceTimer);
    schedulePing();
  }
  function stopTimers(): void {
    for (const timer of [retryTimer, pingTimer, silenceTimer, settleTimer]) clearTimeout(timer);
  }

  function hurry(): void {
    if (isClosed) return;
    if (socket === null) {
      attempt = 0;
      connect();
    } else ping();
  }
  const onVisible = (): void => {
    if (document.visibilityState === "visible") hurry();
  };
  const onOffline = (): void => {
    if (socket !== null) abandon();
  };
  addEventListener("online", hurry);
  addEventListener("offline", onOffline);
  document.addEventListener("visibilitychange", onVisible);

  connect();
  return {
    send(frame) {
      if (socket?.readyState !== WebSocket.OPEN) return false;
      socket.send(JSON.stringify(frame));
      return true;
    },
    hurry,
    close() {
      isClosed = true;
      stopTimers();
      removeEventListener("online", hurry);
      removeEventListener("offline", onOffline);
      document.removeEventListener("visibilitychange", onVisible);
      const last = socket;
      socket = null;
      last?.close(1000);
    },
  };
}
