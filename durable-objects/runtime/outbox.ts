import { PUSH_INTERVAL_MS } from "../../protocol/limits.ts";
import type { Timers } from "./timers.ts";

/** Back-off of a lagging destination: capped low for the first minute, then growing to ten minutes. */
const RETRY_FIRST_MS = 1_000;
const RETRY_EARLY_MAX_MS = 4_000;
const EARLY_MS = 60_000;
const RETRY_MAX_MS = 600_000;

/**
 * A push that has not ended by then is taken for lost: the next try makes it again. Should it end after all, what it tells
 * is taken all the same, so it has to be one that may be made twice at once.
 */
export const PUSH_PATIENCE_MS = 30_000;

/**
 * How far the pauses between pushes grow while changes keep coming: for what people look at, and for what is only
 * looked up.
 */
export const LIVE_PAUSE_MAX_MS = 2_000;
export const STORED_PAUSE_MAX_MS = 5_000;

/** When a destination that has lagged since `lagMs` is tried again, without jitter. */
export function retryDelayMs(attempt: number, lagMs: number): number {
  const grown = RETRY_FIRST_MS * 2 ** Math.min(attempt, 20);
  return Math.min(grown, lagMs < EARLY_MS ? RETRY_EARLY_MAX_MS : RETRY_MAX_MS);
}

type Destination = {
  /** Version that the destination is known to have. */
  confirmed: number;
  /** Version that it ought to have. */
  wanted: () => number;
  /** Brings the newest state there. Resolves with whether that alone proves the effect. */
  push: () => Promise<"confirmed" | "accepted">;
  /** How long the next push keeps its distance from the last one, and how long at most. */
  pauseMs: number;
  pauseMinMs: number;
  pauseMaxMs: number;
  pushedAt: number;
  attempt: number;
  lagsSince: number | null;
  /** When the push that is under way began. */
  pushingSince: number | null;
};

export type OutboxClock = { now: () => number; random: () => number };
const MACHINE: OutboxClock = { now: () => Date.now(), random: () => Math.random() };

/**
 * One cursor for each destination over an object's own log and state: the log is the outbox.
 *
 * A cursor moves only when the effect is confirmed. A change is pushed at once, and again no sooner than a second
 * later with whatever is newest then; while changes keep coming, that pause doubles up to the destination's longest.
 * A destination that stays behind is tried again with a growing pause. Losing a push, a queue or this object's memory
 * only delays.
 */
export class Outbox<Name extends string> {
  readonly #destinations = new Map<Name, Destination>();
  readonly #timers: Timers;
  readonly #clock: OutboxClock;
  readonly #moved: (name: Name, confirmed: number) => void;

  /** @param moved Told when a cursor moves, to let it ride in the next row. */
  constructor(
    timers: Timers,
    moved: (name: Name, confirmed: number) => void,
    clock: OutboxClock = MACHINE,
  ) {
    this.#timers = timers;
    this.#moved = moved;
    this.#clock = clock;
  }

  /** Adds a destination with its stored cursor, and owes it a push if it lags. */
  add(
    name: Name,
    confirmed: number,
    wanted: () => number,
    push: Destination["push"],
    pauseMaxMs: number = PUSH_INTERVAL_MS,
    pauseMinMs: number = PUSH_INTERVAL_MS,
  ): void {
    this.#destinations.set(name, {
      confirmed,
      wanted,
      push,
      pauseMs: pauseMinMs,
      pauseMinMs,
      pauseMaxMs,
      pushedAt: 0,
      attempt: 0,
      lagsSince: null,
      pushingSince: null,
    });
    if (confirmed < wanted())
      this.#timers.setNoLater(timerOf(name), this.#clock.now() + PUSH_INTERVAL_MS);
  }

  isBehind(name: Name): boolean {
    const { confirmed, wanted } = this.#of(name);
    return confirmed < wanted();
  }

  /** Whether nothing is owed to anybody. */
  isSettled(): boolean {
    return [...this.#destinations.values()].every(({ confirmed, wanted }) => confirmed >= wanted());
  }

  /**
   * The state has changed for these destinations. Returns the pushes that leave at once; the rest is on timers.
   * A timer is set in every case, so that a push that is lost is made again.
   */
  changed(...names: Name[]): Promise<void>[] {
    const now = this.#clock.now();
    const leaving: Promise<void>[] = [];
    for (const name of names) {
      const destination = this.#of(name);
      destination.lagsSince ??= now;
      // A clock that was set back since must not keep the next push away.
      const next = Math.min(destination.pushedAt, now) + destination.pauseMs;
      if (now >= next && !isPushing(destination, now)) {
        leaving.push(this.#push(name, destination));
        this.#timers.setNoLater(timerOf(name), now + RETRY_EARLY_MAX_MS);
      } else {
        this.#timers.setNoLater(timerOf(name), Math.max(next, now + 1));
      }
    }
    return leaving;
  }

  /** Something is owed that is being brought already: only the timer is set that brings it should that fail. */
  owe(name: Name): void {
    const destination = this.#of(name);
    destination.lagsSince ??= this.#clock.now();
    this.#timers.setNoLater(timerOf(name), this.#clock.now() + RETRY_EARLY_MAX_MS);
  }

  /** The destination has everything up to this version. */
  confirm(name: Name, version: number): void {
    const destination = this.#of(name);
    if (version <= destination.confirmed) return;
    destination.confirmed = version;
    this.#moved(name, version);
    const isBehind = version < destination.wanted();
    destination.lagsSince = isBehind ? this.#clock.now() : null;
    destination.attempt = 0;
    if (!isBehind) this.#timers.clear(timerOf(name));
  }

  /** A part has arrived and the rest is owed still: pushes it without keeping a distance. */
  async pushRest(name: Name): Promise<void> {
    const destination = this.#of(name);
    const now = this.#clock.now();
    if (isPushing(destination, now) || !this.isBehind(name)) return;
    this.#timers.setNoLater(timerOf(name), now + RETRY_EARLY_MAX_MS);
    await this.#push(name, destination);
  }

  /** Runs what is due by timer; names that are not ours are left alone. */
  async run(due: string[]): Promise<void> {
    const pushes: Promise<void>[] = [];
    for (const [name, destination] of this.#destinations) {
      if (!due.includes(timerOf(name)) || destination.confirmed >= destination.wanted()) continue;
      const now = this.#clock.now();
      destination.lagsSince ??= now;
      const pause = retryDelayMs(destination.attempt++, now - destination.lagsSince);
      this.#timers.setNoLater(timerOf(name), now + pause * (0.75 + this.#clock.random() / 2));
      if (!isPushing(destination, now)) pushes.push(this.#push(name, destination));
    }
    await Promise.all(pushes);
  }

  async #push(name: Name, destination: Destination): Promise<void> {
    const version = destination.wanted();
    const now = this.#clock.now();
    if (destination.pushingSince !== null) console.warn(`push to ${name} was not answered`);
    const isHurried = now - destination.pushedAt < 2 * destination.pauseMs;
    destination.pauseMs = isHurried
      ? Math.min(2 * destination.pauseMs, destination.pauseMaxMs)
      : destination.pauseMinMs;
    destination.pushedAt = now;
    destination.pushingSince = now;
    try {
      if ((await destination.push()) === "confirmed") this.confirm(name, version);
    } catch (error) {
      // The timer set beside this push makes it again; nothing is lost by failing here.
      console.warn(`push to ${name} failed`, error instanceof Error ? error.message : error);
    } finally {
      // One that was taken for lost ends beside the next one.
      if (destination.pushingSince === now) destination.pushingSince = null;
    }
  }

  #of(name: Name): Destination {
    const destination = this.#destinations.get(name);
    if (destination === undefined) throw new Error(`no destination ${name}`);
    return destination;
  }
}

function isPushing({ pushingSince }: Destination, now: number): boolean {
  return pushingSince !== null && now - pushingSince < PUSH_PATIENCE_MS;
}

function timerOf(name: string): string {
  return `push:${name}`;
}
