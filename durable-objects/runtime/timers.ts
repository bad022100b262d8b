/**
 * Many named timers over the one alarm that an object has.
 *
 * Timers live in memory and are derived again from the object's state when it wakes: the constructor arms what is
 * owed. The physical alarm survives by itself. It is set only when none is known to be set or a sooner moment is
 * needed: setting it anew on every message would push it out for ever, and each setting is billed as a row.
 */
export class Timers {
  readonly #due = new Map<string, number>();
  readonly #arm: (at: number) => void;
  #armedAt = Number.POSITIVE_INFINITY;
  /** While the alarm's work is done, timers are only noted: the platform repeats an alarm that does not end. */
  #isTaken = false;

  /** @param arm Sets the physical alarm, in the machine's epoch milliseconds. */
  constructor(arm: (at: number) => void) {
    this.#arm = arm;
  }

  /** Told which physical alarm is set, by who has asked. Without it the first timer after waking sets one anew. */
  assume(alarmAt: number): void {
    this.#armedAt = Math.min(this.#armedAt, alarmAt);
  }

  /** Sets or moves a timer. `at` is in the same clock as `arm`. */
  set(name: string, at: number): void {
    this.#due.set(name, at);
    this.#armFor(at);
  }

  /** Sets a timer unless it is due sooner already. */
  setNoLater(name: string, at: number): void {
    if (at < (this.#due.get(name) ?? Number.POSITIVE_INFINITY)) this.set(name, at);
  }

  clear(name: string): void {
    this.#due.delete(name);
  }

  has(name: string): boolean {
    return this.#due.has(name);
  }

  /** Called by the alarm: takes the names that are due. Call `rearm` when their work is done. */
  take(now: number): string[] {
    this.#armedAt = Number.POSITIVE_INFINITY;
    this.#isTaken = true;
    const due = [...this.#due].filter(([, at]) => at <= now).map(([name]) => name);
    for (const name of due) this.#due.delete(name);
    return due;
  }

  /** Arms the alarm for the soonest timer that is left. */
  rearm(): void {
    this.#isTaken = false;
    if (this.#due.size > 0) this.#armFor(Math.min(...this.#due.values()));
  }

  #armFor(at: number): void {
    if (this.#isTaken || at >= this.#armedAt) return;
    this.#armedAt = at;
    this.#arm(at);
  }
}
