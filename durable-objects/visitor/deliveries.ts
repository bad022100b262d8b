import type { DeliveryId, TriggerId } from "../../protocol/ids.ts";
import type { Delivery } from "../../protocol/triggers.ts";
import type { HeldDelivery } from "../contracts.ts";
import type { Migration } from "../runtime/migrations.ts";
import deliveriesSql from "./deliveries.sql";

export const DELIVERIES_MIGRATION: Migration = { name: "deliveries", sql: deliveriesSql };

/** Deliveries that one version of the visitor's is shared by: so many surely fit one job, whatever they hold. */
const VERSION_SHARED_MAX = 40;

/** What is kept of a delivery beside itself stays in the object. */
export function deliveryOf(held: HeldDelivery): Delivery {
  const { content: _content, alert: _alert, from: _from, into: _into, ...delivery } = held;
  return delivery;
}

/**
 * The table of deliveries, with the changes of the turn at hand. Changes are written by `write`, inside the transaction
 * of the journal's row; until then only this draft knows them.
 */
export class DeliveryDraft {
  readonly #sql: SqlStorage;
  readonly #changed = new Map<DeliveryId, HeldDelivery>();

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  get hasChanged(): boolean {
    return this.#changed.size > 0;
  }

  get(id: DeliveryId): HeldDelivery | null {
    return this.#changed.get(id) ?? readDelivery(this.#sql, id);
  }

  set(held: HeldDelivery): void {
    this.#changed.set(held.id, held);
  }

  /** Whether something that fired a trigger at an instant was decided and recorded. */
  hasDecided(trigger: TriggerId, firedAt: number): boolean {
    const found = this.#sql.exec(
      "SELECT 1 FROM deliveries WHERE body ->> '$.trigger' = ? AND body ->> '$.firedAt' = ? LIMIT 1",
      trigger,
      firedAt,
    );
    return found.toArray().length > 0;
  }

  /** Deliveries whose goal counted this order. */
  ofOrder(order: string): HeldDelivery[] {
    const ids = this.#sql
      .exec<{ id: string }>("SELECT id FROM deliveries WHERE body ->> '$.goalOrder' = ?", order)
      .toArray()
      .map(({ id }) => id as DeliveryId); // written only below
    const all = new Set([...ids, ...this.#changed.keys()]);
    return [...all].flatMap((id) => this.get(id) ?? []).filter((one) => one.goalOrder === order);
  }

  /** How many versions the changes take. What one turn changes may be more than one job carries. */
  get versions(): number {
    return Math.ceil(this.#changed.size / VERSION_SHARED_MAX);
  }

  /** @param first The first of the `versions` that the changes take. */
  write(first: number): void {
    for (const [index, held] of [...this.#changed.values()].entries()) {
      this.#sql.exec(
        "INSERT INTO deliveries (id, version, body) VALUES (?1, ?2, ?3) ON CONFLICT (id) DO UPDATE SET version = ?2, body = ?3",
        held.id,
        first + Math.floor(index / VERSION_SHARED_MAX),
        JSON.stringify(held),
      );
    }
  }
}

export function readDelivery(sql: SqlStorage, id: DeliveryId): HeldDelivery | null {
  const row = sql
    .exec<{ body: string }>("SELECT body FROM deliveries WHERE id = ?", id)
    .toArray()[0];
  return row === undefined ? null : parse(row.body);
}

/** Every delivery, in no order. */
export function allDeliveries(sql: SqlStorage): HeldDelivery[] {
  return sql
    .exec<{ body: string }>("SELECT body FROM deliveries")
    .toArray()
    .map(({ body }) => parse(body));
}

/** The newest deliveries by when they were decided. */
export function newestDeliveries(sql: SqlStorage, limit: number): Delivery[] {
  return sql
    .exec<{ body: string }>(
      "SELECT body FROM deliveries ORDER BY body ->> '$.decidedAt' DESC, id DESC LIMIT ?",
      limit,
    )
    .toArray()
    .map((row) => deliveryOf(parse(row.body)));
}

/** Deliveries that changed after a version, oldest change first. */
export function deliveriesAfter(
  sql: SqlStorage,
  version: number,
  limit: number,
): (Delivery & { stateVersion: number })[] {
  return sql
    .exec<{ version: number; body: string }>(
      "SELECT version, body FROM deliveries WHERE version > ? ORDER BY version, id LIMIT ?",
      version,
      limit,
    )
    .toArray()
    .map((row) => ({ ...deliveryOf(parse(row.body)), stateVersion: row.version }));
}

// Rows are written only above, from this type.
function parse(body: string): HeldDelivery {
  return JSON.parse(body) as HeldDelivery;
}
