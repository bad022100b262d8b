import { DurableObject } from "cloudflare:workers";

type Bindings = { OBJECT: DurableObjectNamespace };

/** The barest relay: a frame goes to the other sockets as it came. Nothing is parsed, nothing is stored. */
export class Floor extends DurableObject<Bindings> {
  override async fetch(): Promise<Response> {
    const pair = new WebSocketPair();
    this.ctx.acceptWebSocket(pair[1]);
    return new Response(null, { status: 101, webSocket: pair[0] });
  }

  override async webSocketMessage(socket: WebSocket, message: string): Promise<void> {
    for (const other of this.ctx.getWebSockets()) if (other !== socket) other.send(message);
  }
}

export default {
  fetch: (request, env) => env.OBJECT.getByName(new URL(request.url).pathname).fetch(request),
} satisfies ExportedHandler<Bindings>;
