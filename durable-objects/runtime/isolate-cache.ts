import { waitUntil } from "cloudflare:workers";

/**
 * Values kept in an isolate for moments. A fresh one is answered at once; one that is a little older too,
 * while it is read anew in the background; an older one is waited for. So nothing answered is older than
 * `staleMs`, and steady traffic never waits.
 *
 * A read belongs to the request that began it: the platform does not let another request wait for it, so
 * a cold key may be read more than once at the same time.
 */
export class IsolateCache<Value> {
  readonly #freshMs: number;
  readonly #staleMs: number;
  readonly #maxKeys: number;
  readonly #isKept: (value: Value) => boolean;
  readonly #now: () => number;
  readonly #held = new Map<string, { value: Value; readAt: number; isRenewing: boolean }>();
  /** Grows with every `forget`, so that a read which began before does not bring the old value back. */
  #forgotten = 0;

  constructor(options: {
    freshMs: number;
    staleMs: number;
    /** Beyond these the value that was read longest ago makes room. */
    maxKeys: number;
    /** Other values are answered and not kept. */
    isKept?: (value: Value) => boolean;
    now?: () => number;
  }) {
    this.#freshMs = options.freshMs;
    this.#staleMs = options.staleMs;
    this.#maxKeys = options.maxKeys;
    this.#isKept = options.isKept ?? (() => true);
    this.#now = options.now ?? (() => Date.now());
  }

  async get(key: string, read: () => Promise<Value>): Promise<Value> {
    const held = this.#held.get(key);
    const age = held === undefined ? Infinity : this.#now() - held.readAt;
    if (held === undefined || age < 0 || age >= this.#staleMs) return this.#renew(key, read);
    if (age >= this.#freshMs && !held.isRenewing) {
      held.isRenewing = true;
      waitUntil(
        this.#renew(key, read).catch((error: unknown) => {
          held.isRenewing = false;
          console.error("cache not renewed", String(error));
        }),
      );
    }
    return held.value;
  }

  /** The next `get` reads anew, in this isolate. */
  forget(key: string): void {
    this.#forgotten++;
    this.#held.delete(key);
  }

  async #renew(key: string, read: () => Promise<Value>): Promise<Value> {
    const before = this.#forgotten;
    const readAt = this.#now();
    const value = await read();
    if (before === this.#forgotten) {
      this.#held.delete(key);
      if (this.#isKept(value)) this.#keep(key, value, readAt);
    }
    return value;
  }

  #keep(key: string, value: Value, readAt: number): void {
    // A Map keeps its keys in the order they were set: the first one was read longest ago.
    const oldest = this.#held.keys().next();
    if (this.#held.size >= this.#maxKeys && !oldest.done) this.#held.delete(oldest.value);
    this.#held.set(key, { value, readAt, isRenewing: false });
  }
}
