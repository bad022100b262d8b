import { CLOSE, errorBody, type ErrorCode } from "../../protocol/errors.ts";
import { SOCKET_BURST, SOCKET_RATE_PER_SECOND } from "../../protocol/limits.ts";

/** The subprotocol that visitors' sockets agree on; the token or ticket travels beside it in the offer. */
export const SUBPROTOCOL = "parley.1";

type Bucket = { tokens: number; at: number };

/**
 * The hibernating sockets of one object, each with a small typed attachment that survives the object's sleep.
 *
 * Attachments are read once per waking and kept beside the socket; the platform's copy (at most 16,384 bytes) is
 * what a later waking finds. Pings are answered by the platform without waking the object.
 *
 * Closing only asks: a peer that does not answer goes on sending, and the platform goes on delivering. So whatever is
 * closed here is marked in its attachment, and nothing that comes from it is heard again.
 */
export class Sockets<Holder extends { key: string; isEnded?: true }> {
  readonly #ctx: DurableObjectState;
  readonly #holders = new WeakMap<WebSocket, Holder>();
  readonly #buckets = new WeakMap<WebSocket, Bucket>();

  constructor(ctx: DurableObjectState) {
    this.#ctx = ctx;
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
  }

  /**
   * Accepts an upgrade for a holder. Sockets of the same `key` beyond `max` close, oldest first.
   * @returns The 101 answer, and the server's end to greet.
   */
  accept(request: Request, holder: Holder, max: number): { response: Response; socket: WebSocket } {
    const older = this.#ctx.getWebSockets(holder.key);
    for (const extra of older.slice(0, Math.max(0, older.length - max + 1))) {
      this.shut(extra, CLOSE.replaced, "replaced");
    }
    const pair = new WebSocketPair();
    this.#ctx.acceptWebSocket(pair[1], [holder.key]);
    this.keep(pair[1], holder);
    const offered = request.headers.get("sec-websocket-protocol")?.split(/,\s*/) ?? [];
    const headers = offered.includes(SUBPROTOCOL)
      ? { "sec-websocket-protocol": SUBPROTOCOL }
      : undefined;
    const response = new Response(null, {
      status: 101,
      webSocket: pair[0],
      ...(headers === undefined ? {} : { headers }),
    });
    return { response, socket: pair[1] };
  }

  holder(socket: WebSocket): Holder {
    const held = this.#holders.get(socket);
    if (held !== undefined) return held;
    // Only `keep` writes attachments, and only holders.
    const holder = socket.deserializeAttachment() as Holder;
    this.#holders.set(socket, holder);
    return holder;
  }

  keep(socket: WebSocket, holder: Holder): void {
    this.#holders.set(socket, holder);
    socket.serializeAttachment(holder);
  }

  all(): WebSocket[] {
    return this.#ctx.getWebSockets();
  }

  /** Sockets that are not closing. */
  open(): WebSocket[] {
    return this.#ctx.getWebSockets().filter((socket) => this.#isOpen(socket));
  }

  ofKey(key: string): WebSocket[] {
    return this.#ctx.getWebSockets(key);
  }

  /** Whether a command is heard: not from a socket that was closed, nor on an empty bucket, which closes it. */
  admits(socket: WebSocket, now: number): boolean {
    if (!this.#isOpen(socket)) return false;
    let bucket = this.#buckets.get(socket);
    if (bucket === undefined) {
      bucket = { tokens: SOCKET_BURST, at: now };
      this.#buckets.set(socket, bucket);
    }
    bucket.tokens = Math.min(
      SOCKET_BURST,
      bucket.tokens + ((now - bucket.at) / 1_000) * SOCKET_RATE_PER_SECOND,
    );
    bucket.at = now;
    if (bucket.tokens < 1) {
      this.shut(socket, CLOSE.flooding, "too many frames");
      return false;
    }
    bucket.tokens--;
    return true;
  }

  /** Ends every socket of a key. */
  end(key: string, code: number = CLOSE.ended): void {
    for (const socket of this.ofKey(key)) this.shut(socket, code, "ended");
  }

  /** Closes a socket for good: whatever its peer sends after this is not heard. */
  shut(socket: WebSocket, code: number, reason: string): void {
    this.keep(socket, { ...this.holder(socket), isEnded: true });
    close(socket, code, reason);
  }

  #isOpen(socket: WebSocket): boolean {
    return socket.readyState === WebSocket.OPEN && this.holder(socket).isEnded !== true;
  }
}

/** Sends text; a socket that is closing already does not matter. */
export function send(socket: WebSocket, text: string): void {
  try {
    socket.send(text);
  } catch {
    // The peer is gone; its close event follows.
  }
}

export function refuse(socket: WebSocket, code: ErrorCode, id?: string, detail?: string): void {
  const { error } = errorBody(code, detail);
  send(socket, JSON.stringify({ t: "error", ...(id === undefined ? {} : { id }), ...error }));
}

function close(socket: WebSocket, code: number, reason: string): void {
  try {
    socket.close(code, reason);
  } catch {
    // Closed already.
  }
}

/** A hibernating object must answer the peer's Close itself, or the peer hangs in CLOSING. */
export function answerClose(socket: WebSocket, code: number): void {
  const isSendable = code === 1000 || (code >= 3000 && code <= 4999);
  close(socket, isSendable ? code : 1000, "");
}
