import { Floor as Durable } from "./sql.ts";

export { default } from "./sql.ts";

/** `sql`, and the sender is told that the message is safe: one more frame, which any product owes its sender. */
export class Floor extends Durable {
  override async webSocketMessage(socket: WebSocket, message: string): Promise<void> {
    await super.webSocketMessage(socket, message);
    socket.send(JSON.stringify({ t: "ack", at: Date.now() }));
  }
}
