import { DurableObject } from "cloudflare:workers";

type Bindings = { OBJECT: DurableObjectNamespace };

/** A relay that is durable: a frame is parsed, stamped, inserted as one row, and then goes to the other sockets. */
export class Floor extends DurableObject<Bindings> {
  #seq: number;

  constructor(ctx: DurableObjectState, env: Bindings) {
    super(ctx, env);
    ctx.storage.sql.exec(
      "CREATE TABLE IF NOT EXISTS log (seq INTEGER PRIMARY KEY, entry TEXT NOT NULL)",
    );
    this.#seq = ctx.storage.sql
      .exec<{ seq: number }>("SELECT coalesce(max(seq), 0) AS seq FROM log")
      .one().seq;
  }

  override async fetch(): Promise<Response> {
    const pair = new WebSocketPair();
    this.ctx.acceptWebSocket(pair[1]);
    return new Response(null, { status: 101, webSocket: pair[0] });
  }

  override async webSocketMessage(socket: WebSocket, message: string): Promise<void> {
    const { text } = JSON.parse(message) as { text: string }; // only the load generator speaks to it
    const entry = { seq: ++this.#seq, at: Date.now(), text };
    this.ctx.storage.sql.exec(
      "INSERT INTO log (seq, entry) VALUES (?, ?)",
      entry.seq,
      JSON.stringify(entry),
    );
    const frame = JSON.stringify({ t: "entry", entry });
    for (const other of this.ctx.getWebSockets()) if (other !== socket) other.send(frame);
  }
}

export default {
  fetch: (request, env) => env.OBJECT.getByName(new URL(request.url).pathname).fetch(request),
} satisfies ExportedHandler<Bindings>;
