import { useSyncExternalStore } from "react";

/** One clock for all who show running times: each pace ticks once for everybody. */
type Pace = { subscribe(listener: () => void): () => void; now(): number };

const paces = new Map<number, Pace>();

function startPace(everyMs: number): Pace {
  const listeners = new Set<() => void>();
  let now = Date.now();
  let timer: ReturnType<typeof setInterval> | null = null;
  return {
    subscribe(listener) {
      listeners.add(listener);
      timer ??= setInterval(() => {
        now = Date.now();
        for (const each of listeners) each();
      }, everyMs);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0 || timer === null) return;
        clearInterval(timer);
        timer = null;
      };
    },
    now() {
      // While nobody listened the clock stood still.
      if (timer === null && Date.now() - now >= everyMs) now = Date.now();
      return now;
    },
  };
}

/** The time, renewed every `everyMs` milliseconds while somebody shows it. */
export function useNow(everyMs: number): number {
  let pace = paces.get(everyMs);
  if (pace === undefined) {
    pace = startPace(everyMs);
    paces.set(everyMs, pace);
  }
  return useSyncExternalStore(pace.subscribe, pace.now);
}
