export type Frame = Record<string, unknown>;

type Init = { protocols?: string[]; headers: Record<string, string> };

/** Node's WebSocket also takes headers, which browsers send by themselves; its type is the browsers'. */
const NodeWebSocket = WebSocket as unknown as new (url: string, init: Init) => WebSocket;

/** One socket, closed at some time by either side or by a kill. */
export class Wire {
  /** Resolves when the socket is gone, with the close code. */
  readonly closed: Promise<number>;
  #isClosed = false;
  readonly #socket: WebSocket;

  /** @param hear Told every frame, and its bytes as text. */
  constructor(url: string, init: Init, hear: (frame: Frame, text: string) => void) {
    this.#socket = new NodeWebSocket(url.replace(/^http/, "ws"), init);
    this.#socket.addEventListener("message", ({ data }) => {
      const text = String(data);
      hear(JSON.parse(text) as Frame, text); // the server sends objects only
    });
    this.#socket.addEventListener("error", () => {}); // a close follows
    this.closed = new Promise((resolve) => {
      this.#socket.addEventListener("close", ({ code }) => {
        this.#isClosed = true;
        resolve(code);
      });
    });
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  send(frame: Frame): void {
    if (this.isOpen) this.#socket.send(JSON.stringify(frame));
  }

  close(): void {
    this.#socket.close(1000);
  }
}
