import { asId, type DeliveryId, type OperatorId } from "../../protocol/ids.ts";
import type { Alert } from "../../protocol/inbox-frames.ts";
import { ALERTS_MAX } from "../../protocol/limits.ts";
import type { OperatorCard, OperatorStatus } from "../../protocol/operators.ts";
import type { SessionHold } from "../contracts.ts";

/** Rows of alerts, done ones included: a repeat of one that is older than these is shown again. */
const ALERT_ROWS_MAX = 10 * ALERTS_MAX;

export type HeldOperator = { card: OperatorCard; status: OperatorStatus };

/** The few rows of an Inbox: its operators, and what their sessions hold open elsewhere. */
export class InboxStore {
  readonly #sql: SqlStorage;
  readonly #operators = new Map<OperatorId, HeldOperator>();

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    for (const row of sql.exec<{ card: string; status: string }>(
      "SELECT card, status FROM operators",
    )) {
      const card = JSON.parse(row.card) as OperatorCard; // written only below
      this.#operators.set(card.id, { card, status: row.status === "away" ? "away" : "online" });
    }
  }

  operators(): HeldOperator[] {
    return [...this.#operators.values()];
  }

  /** True if the operator is new or different. */
  keepOperator(card: OperatorCard, status: OperatorStatus): boolean {
    const held = this.#operators.get(card.id);
    if (
      held !== undefined &&
      held.status === status &&
      JSON.stringify(held.card) === JSON.stringify(card)
    )
      return false;
    this.#operators.set(card.id, { card, status });
    this.#sql.exec(
      "INSERT INTO operators (id, card, status) VALUES (?1, ?2, ?3) ON CONFLICT (id) DO UPDATE SET card = ?2, status = ?3",
      card.id,
      JSON.stringify(card),
      status,
    );
    return true;
  }

  removeOperator(id: OperatorId): void {
    this.#operators.delete(id);
    this.#sql.exec("DELETE FROM operators WHERE id = ?", id);
  }

  isEnded(session: string): boolean {
    return this.#sql.exec("SELECT 1 FROM ended WHERE session = ?", session).toArray().length > 0;
  }

  hold(session: string, operator: OperatorId, { kind, id }: SessionHold): void {
    this.#sql.exec(
      "INSERT OR IGNORE INTO holds (session, operator, kind, id) VALUES (?, ?, ?, ?)",
      session,
      operator,
      kind,
      id,
    );
  }

  holds(session: string): SessionHold[] {
    return this.#sql
      .exec<{ kind: string; id: string }>("SELECT kind, id FROM holds WHERE session = ?", session)
      .toArray()
      .map(({ kind, id }) =>
        kind === "visitor"
          ? { kind, id: asId("vis", id) }
          : { kind: "conversation", id: asId("cnv", id) },
      );
  }

  sessionsOf(operator: OperatorId): string[] {
    return this.#sql
      .exec<{ session: string }>("SELECT DISTINCT session FROM holds WHERE operator = ?", operator)
      .toArray()
      .map((row) => row.session);
  }

  end(session: string, at: number): void {
    this.#sql.exec("INSERT OR IGNORE INTO ended (session, at) VALUES (?, ?)", session, at);
  }

  forgetHolds(session: string): void {
    this.#sql.exec("DELETE FROM holds WHERE session = ?", session);
  }

  /** True if the alert is new. Of very many only the newest are kept. */
  keepAlert(alert: Alert): boolean {
    const isNew =
      this.#sql.exec("SELECT 1 FROM alerts WHERE id = ?", alert.id).toArray().length === 0;
    if (!isNew) return false;
    this.#sql.exec("INSERT INTO alerts (id, alert) VALUES (?, ?)", alert.id, JSON.stringify(alert));
    this.#sql.exec("DELETE FROM alerts WHERE n <= (SELECT max(n) FROM alerts) - ?", ALERT_ROWS_MAX);
    return true;
  }

  /** Newest first. */
  alerts(): Alert[] {
    return this.#sql
      .exec<{ alert: string }>(
        "SELECT alert FROM alerts WHERE alert IS NOT NULL ORDER BY n DESC LIMIT ?",
        ALERTS_MAX,
      )
      .toArray()
      .map((row) => JSON.parse(row.alert) as Alert); // written only above
  }

  /** True if it was still there. */
  endAlert(id: DeliveryId): boolean {
    return (
      this.#sql
        .exec("UPDATE alerts SET alert = NULL WHERE id = ? AND alert IS NOT NULL RETURNING n", id)
        .toArray().length > 0
    );
  }
}
