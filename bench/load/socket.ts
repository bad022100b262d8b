type Frame = { [key: string]: unknown };

/** A client's socket that hands every frame to one listener, once it has found no answer to a command in it. */
export class ClientSocket {
  readonly #socket: WebSocket;
  readonly #asked = new Map<string, (frame: Frame) => void>();
  readonly #heard: (text: string) => void;
  #commands = 0;

  private constructor(socket: WebSocket, heard: (text: string) => void) {
    this.#socket = socket;
    this.#heard = heard;
    socket.addEventListener("message", ({ data }) => this.#take(String(data)));
  }

  /** @param url The subject's address with the socket's path, with `http:`. */
  static async open(
    url: URL,
    init: { protocols?: string[]; headers?: Record<string, string> } = {},
    heard: (text: string) => void = () => {},
  ): Promise<ClientSocket> {
    const address = new URL(url);
    address.protocol = "ws:";
    // Node's WebSocket takes headers too; the browsers' type of its constructor does not know them.
    const socket = new WebSocket(address, init as unknown as string[]);
    const client = new ClientSocket(socket, heard);
    await new Promise<void>((resolve, reject) => {
      socket.addEventListener("open", () => resolve());
      socket.addEventListener("error", () => reject(new Error(`no socket at ${address.href}`)));
    });
    return client;
  }

  send(text: string): void {
    this.#socket.send(text);
  }

  /** Sends a command under a new id and resolves with its answer. */
  ask(command: Frame): Promise<Frame> {
    const id = `c${++this.#commands}`;
    const answer = new Promise<Frame>((resolve) => this.#asked.set(id, resolve));
    this.send(JSON.stringify({ id, ...command }));
    return answer;
  }

  close(): void {
    this.#socket.close();
  }

  #take(text: string): void {
    if (this.#asked.size > 0) {
      const frame = JSON.parse(text) as Frame; // every subject sends objects
      const resolve = this.#asked.get(String(frame["id"]));
      if (resolve !== undefined) {
        this.#asked.delete(String(frame["id"]));
        return resolve(frame);
      }
    }
    this.#heard(text);
  }
}
