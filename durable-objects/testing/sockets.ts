import { operatorHeader } from "../runtime/operator-header.ts";
import { SOCKET_HEADERS } from "../contracts.ts";
import type { OperatorCard } from "../../protocol/operators.ts";
import { asId, newId, type DeviceId } from "../../protocol/ids.ts";

/** A socket to an object, as the Worker would open it, with everything it received. */
export class TestSocket {
  readonly received: Frame[] = [];
  closed: { code: number; reason: string } | null = null;
  readonly #socket: WebSocket;
  #waiters: (() => void)[] = [];
  #commands = 0;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener("message", (event) => {
      this.received.push(JSON.parse(String(event.data)) as Frame); // frames are ours, tests read them loosely
      this.#wake();
    });
    socket.addEventListener("close", (event) => {
      this.closed = { code: event.code, reason: event.reason };
      this.#wake();
    });
    socket.accept();
  }

  /** Sends a command under a new id and resolves with its answer. */
  async ask(command: Record<string, unknown>): Promise<Frame> {
    const id = `c${++this.#commands}`;
    this.send({ id, ...command });
    return this.until((frame) => frame["id"] === (command["id"] ?? id));
  }

  send(command: unknown): void {
    this.#socket.send(typeof command === "string" ? command : JSON.stringify(command));
  }

  sendBytes(bytes: Uint8Array): void {
    this.#socket.send(bytes);
  }

  close(): void {
    this.#socket.close(1000, "done");
  }

  /** The first frame that fits, received already or yet to come. */
  async until(fits: (frame: Frame) => boolean): Promise<Frame> {
    for (;;) {
      const found = this.received.find(fits);
      if (found !== undefined) return found;
      if (this.closed !== null)
        throw new Error(`closed with ${this.closed.code} before the frame came`);
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
    }
  }

  async untilClosed(): Promise<{ code: number; reason: string }> {
    while (this.closed === null) await new Promise<void>((resolve) => this.#waiters.push(resolve));
    return this.closed;
  }

  ofType(type: string): Frame[] {
    return this.received.filter((frame) => frame["t"] === type);
  }

  #wake(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) waiter();
  }
}

export type Frame = Record<string, unknown>;

type Fetcher = { fetch(request: Request): Promise<Response> };

export async function openSocket(
  object: Fetcher,
  headers: Record<string, string>,
): Promise<TestSocket> {
  const answer = await object.fetch(
    new Request("https://object/socket", { headers: { upgrade: "websocket", ...headers } }),
  );
  if (answer.webSocket === null) throw new Error(`no socket: ${answer.status}`);
  return new TestSocket(answer.webSocket);
}

export function openVisitorSocket(object: Fetcher, device: DeviceId): Promise<TestSocket> {
  return openSocket(object, {
    [SOCKET_HEADERS.device]: device,
  });
}

export function openOperatorSocket(
  object: Fetcher,
  operator: OperatorCard,
  session = "ses-1",
): Promise<TestSocket> {
  return openSocket(object, {
    [SOCKET_HEADERS.session]: session,
    [SOCKET_HEADERS.operator]: operatorHeader(operator),
  });
}

export const OLIVIA: OperatorCard = {
  id: asId("opr", "opr_olivia"),
  name: "Olivia",
  title: "Owner",
  photo: null,
};
export const ADAM: OperatorCard = {
  id: asId("opr", "opr_adam"),
  name: "Adam",
  title: "Advisor",
  photo: null,
};

/** A workspace, visitor, device and conversation that no other test has. */
export function freshIds() {
  const at = Date.now();
  return {
    workspace: newId("wsp", at),
    visitor: newId("vis", at),
    device: newId("dev", at),
    conversation: newId("cnv", at),
  };
}
