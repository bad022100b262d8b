import { DurableObject } from "cloudflare:workers";
import { parseWorkspaceOf } from "../../protocol/addresses.ts";
import type { VisitorId } from "../../protocol/ids.ts";
import { BOARD_MAX_VISITORS, PUSH_INTERVAL_MS } from "../../protocol/limits.ts";
import type { PresentVisitor } from "../../protocol/person.ts";
import type { ObjectBindings } from "../bindings.ts";
import type { PresenceContract } from "../contracts.ts";
import { peersOf } from "../peers.ts";
import { clockOffset, now } from "../runtime/clock.ts";
import { runMigrations } from "../runtime/migrations.ts";
import { PUSH_PATIENCE_MS } from "../runtime/outbox.ts";
import { withPatience } from "../runtime/patience.ts";
import { Timers } from "../runtime/timers.ts";
import schemaSql from "./schema.sql";

type Lease = { until: number; present: PresentVisitor };

/** How soon news that did not reach the board are told again. */
const RETRY_MS = 4_000;

/** One shard of a workspace's live board: visitors by hash, each on a lease that ends by itself. */
export class PresenceObject extends DurableObject<ObjectBindings> implements PresenceContract {
  readonly #leases = new Map<VisitorId, Lease>();
  readonly #timers: Timers;
  /** Changes that the Inbox has not heard of. */
  readonly #news = new Set<VisitorId>();
  /** Whether anybody looks. Unknown after waking, so the first change asks. */
  #isWatched = true;
  #watchedAt = 0;
  #toldAt = 0;

  constructor(ctx: DurableObjectState, env: ObjectBindings) {
    super(ctx, env);
    runMigrations(ctx.storage, [{ name: "leases", sql: schemaSql }]);
    this.#timers = new Timers((at) => void ctx.storage.setAlarm(at));
    // `present` was written by this class; ids in it are visitors'.
    for (const row of ctx.storage.sql.exec<{ until: number; present: string }>(
      "SELECT until, present FROM leases",
    )) {
      const present = JSON.parse(row.present) as PresentVisitor;
      this.#leases.set(present.id, { until: row.until, present });
    }
    void ctx.blockConcurrencyWhile(async () => {
      const alarmAt = await ctx.storage.getAlarm();
      if (alarmAt !== null) this.#timers.assume(alarmAt);
    });
  }

  async present(visitor: PresentVisitor, leaseUntil: number): Promise<void> {
    const held = this.#leases.get(visitor.id);
    if (held !== undefined && held.present.version > visitor.version) return;
    this.#leases.set(visitor.id, { until: leaseUntil, present: visitor });
    this.ctx.storage.sql.exec(
      "INSERT INTO leases (visitor, until, present) VALUES (?1, ?2, ?3) ON CONFLICT (visitor) DO UPDATE SET until = ?2, present = ?3",
      visitor.id,
      leaseUntil,
      JSON.stringify(visitor),
    );
    this.#timers.setNoLater("expire", leaseUntil - clockOffset() + 1);
    this.#tell(visitor.id);
  }

  async list() {
    this.#expire();
    const present = [...this.#leases.values()].map((lease) => lease.present);
    return { present: present.slice(0, BOARD_MAX_VISITORS), total: present.length };
  }

  async watch(): Promise<void> {
    this.#isWatched = true;
    this.#watchedAt++;
  }

  override async alarm(): Promise<void> {
    await this.#timers.run(async () => {
      this.#expire();
      const soonest = Math.min(...[...this.#leases.values()].map((lease) => lease.until));
      if (Number.isFinite(soonest)) this.#timers.setNoLater("expire", soonest - clockOffset() + 1);
      if (this.#news.size > 0) await this.#flush();
    });
  }

  #expire(): void {
    const at = now();
    for (const [id, { until }] of this.#leases) {
      if (until > at) continue;
      this.#leases.delete(id);
      this.ctx.storage.sql.exec("DELETE FROM leases WHERE visitor = ?", id);
      this.#tell(id);
    }
  }

  /** Tells the Inbox at most once a second, and only while somebody looks. */
  #tell(id: VisitorId): void {
    if (!this.#isWatched) return;
    this.#news.add(id);
    const next = this.#toldAt + PUSH_INTERVAL_MS;
    if (Date.now() >= next) this.ctx.waitUntil(this.#flush());
    else this.#timers.setNoLater("tell", next);
  }

  async #flush(): Promise<void> {
    const ids = [...this.#news];
    this.#news.clear();
    this.#toldAt = Date.now();
    const present = ids.flatMap((id) => this.#leases.get(id)?.present ?? []);
    const gone = ids.filter((id) => !this.#leases.has(id));
    const workspace = parseWorkspaceOf(this.ctx.id.name ?? "");
    try {
      const watchedAt = this.#watchedAt;
      const telling = peersOf(this.env).inbox(workspace).visitorsChanged(present, gone);
      const isWatched = await withPatience(telling, PUSH_PATIENCE_MS);
      // Somebody may have begun to look while this was on its way.
      if (watchedAt === this.#watchedAt) this.#isWatched = isWatched;
    } catch (error) {
      for (const id of ids) this.#news.add(id);
      this.#timers.setNoLater("tell", Date.now() + RETRY_MS);
      console.warn("telling the board failed", error instanceof Error ? error.message : error);
    }
  }
}
