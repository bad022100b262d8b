import { withPatience } from "./patience.ts";

/** How long an alarm waits for its work. What takes longer goes on without it, so that the next alarm can come. */
export const ALARM_PATIENCE_MS = 10_000;
/** What an alarm has not done is due again after this, and after longer and longer while that goes on. */
export const UNDONE_PAUSE_MS = 4_000;
const UNDONE_PAUSE_MAX_MS = 600_000;
/** An alarm that has not come so long after its time is taken for lost, and set again when something is owed next. */
export const ALARM_LATE_MS = 10_000;
/** What is due again where an alarm did not know what it came for, as in an object that it has woken. */
const UNKNOWN = "unknown";

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
  readonly #now: () => number;
  #armedAt = Number.POSITIVE_INFINITY;
  #lostAfter = Number.POSITIVE_INFINITY;
  /** What the alarm was set for that has come last. */
  #cameFor = Number.NEGATIVE_INFINITY;
  /** While the alarm's work is done, timers are only noted: the platform repeats an alarm that does not end. */
  #isTaken = false;
  /** How many alarms in a row have not done their work. */
  #undone = 0;

  /** @param arm Sets the physical alarm, in the machine's epoch milliseconds. */
  constructor(arm: (at: number) => void, now: () => number = () => Date.now()) {
    this.#arm = arm;
    this.#now = now;
  }

  /** Told which physical alarm is set, by who has asked. Without it the first timer after waking sets one anew. */
  assume(alarmAt: number): void {
    if (alarmAt < this.#armedAt) this.#armed(alarmAt);
  }

  /** Sets or moves a timer. `at` is in the same clock as `arm`, which knows whole milliseconds. */
  set(name: string, at: number): void {
    const whole = Math.ceil(at);
    this.#due.set(name, whole);
    this.#armFor(whole);
  }

  /** Sets a timer unless it is due sooner already. */
  setNoLater(name: string, at: number): void {
    if (at < (this.#due.get(name) ?? Number.POSITIVE_INFINITY)) this.set(name, at);
    else this.#armFor(at);
  }

  clear(name: string): void {
    this.#due.delete(name);
  }

  has(name: string): boolean {
    return this.#due.has(name);
  }

  /**
   * All that an alarm does: takes the names that are due, has their work done, and arms what is left. When the work fails
   * or does not end, what was due and has no new time yet is due again. It never throws, for an alarm that throws is
   * repeated a few times and then never again, and it does not wait for ever, for until it ends there is no other one.
   */
  async run(work: (due: string[]) => Promise<void>): Promise<void> {
    const due = this.take(this.#now());
    const isDone = await withPatience(work(due), ALARM_PATIENCE_MS).then(
      () => true,
      (error: unknown) => {
        console.error("the alarm's work was not done", due.join(), String(error));
        return false;
      },
    );
    const pause = Math.min(UNDONE_PAUSE_MS * 2 ** this.#undone, UNDONE_PAUSE_MAX_MS);
    this.#undone = isDone ? 0 : this.#undone + 1;
    if (!isDone)
      for (const name of due.length > 0 ? due : [UNKNOWN])
        if (!this.#due.has(name)) this.set(name, this.#now() + pause);
    this.rearm();
  }

  /** Called by the alarm: takes the names that are due. Call `rearm` when their work is done. */
  take(now: number): string[] {
    this.#cameFor = this.#armedAt;
    this.#armedAt = this.#lostAfter = Number.POSITIVE_INFINITY;
    this.#isTaken = true;
    const due = [...this.#due].filter(([, at]) => at <= now).map(([name]) => name);
    for (const name of due) this.#due.delete(name);
    return due;
  }

  /** Arms the alarm for the soonest timer that is left. */
  rearm(): void {
    this.#isTaken = false;
    if (this.#due.size === 0) return;
    const soonest = Math.min(...this.#due.values());
    // Setting the moment again that an alarm has come for, a little early, is no news to the platform: it would never come.
    this.#armFor(soonest === this.#cameFor ? soonest + 1 : soonest);
  }

  #armFor(at: number): void {
    if (this.#isTaken) return;
    const isLost = this.#now() > this.#lostAfter;
    if (at >= this.#armedAt && !isLost) return;
    const soonest = isLost ? Math.min(at, ...this.#due.values()) : at;
    this.#armed(soonest);
    this.#arm(soonest);
  }

  #armed(at: number): void {
    this.#armedAt = at;
    this.#lostAfter = Math.max(at, this.#now()) + ALARM_LATE_MS;
  }
}
