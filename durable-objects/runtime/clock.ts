/**
 * The product's clock. In development `/dev/clock` offsets it; everywhere else the offset stays 0.
 * Read anew in every turn: locally the Worker and all objects share one isolate, so the offset reaches all.
 */
let offsetMs = 0;

/** Now, in epoch milliseconds, by the product's clock. */
export function now(): number {
  return Date.now() + offsetMs;
}

export function clockOffset(): number {
  return offsetMs;
}

/** Development only: sets how far the product's clock runs ahead of the machine's. */
export function setClockOffset(ms: number): void {
  offsetMs = ms;
}
