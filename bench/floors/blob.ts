import { DurableObject } from "cloudflare:workers";

type Bindings = { OBJECT: DurableObjectNamespace<Floor> };
type Batch = { id?: string; facts: unknown[] };

/** A log of batches: whatever a batch holds is one row. Over HTTP through the Worker, or over the object's own socket. */
export class Floor extends DurableObject<Bindings> {
  #seq: number;

  constructor(ctx: DurableObjectState, env: Bindings) {
    super(ctx, env);
    ctx.storage.sql.exec(
      "CREATE TABLE IF NOT EXISTS log (seq INTEGER PRIMARY KEY, facts TEXT NOT NULL)",
    );
    this.#seq = ctx.storage.sql
      .exec<{ seq: number }>("SELECT coalesce(max(seq), 0) AS seq FROM log")
      .one().seq;
  }

  async append({ facts }: Batch): Promise<number> {
    const seq = ++this.#seq;
    this.ctx.storage.sql.exec(
      "INSERT INTO log (seq, facts) VALUES (?, ?)",
      seq,
      JSON.stringify(facts),
    );
    return seq;
  }

  override async fetch(): Promise<Response> {
    const pair = new WebSocketPair();
    this.ctx.acceptWebSocket(pair[1]);
    return new Response(null, { status: 101, webSocket: pair[0] });
  }

  override async webSocketMessage(socket: WebSocket, message: string): Promise<void> {
    const batch = JSON.parse(message) as Batch; // only the load generator speaks to it
    const seq = await this.append(batch);
    socket.send(JSON.stringify({ t: "ack", id: batch.id, through: seq }));
  }
}

export default {
  async fetch(request, env) {
    const log = env.OBJECT.getByName(new URL(request.url).pathname);
    if (request.method === "GET") return log.fetch(request);
    return Response.json({ through: await log.append(await request.json<Batch>()) });
  },
} satisfies ExportedHandler<Bindings>;
