import { useCallback, useEffect, useRef } from "react";

const RENEW_MS = 2_500;
const PAUSE_MS = 4_000;

/** Tells that somebody writes: at most once per few seconds, and that they stopped after a pause. */
export function useTypingSignal(tell: (isOn: boolean) => void): (isWriting: boolean) => void {
  const toldAt = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const latest = useRef(tell);
  useEffect(() => {
    latest.current = tell;
  });

  const signal = useCallback((isWriting: boolean): void => {
    clearTimeout(timer.current);
    if (!isWriting) {
      if (toldAt.current > 0) latest.current(false);
      toldAt.current = 0;
      return;
    }
    if (Date.now() - toldAt.current >= RENEW_MS) {
      toldAt.current = Date.now();
      latest.current(true);
    }
    timer.current = setTimeout(() => signal(false), PAUSE_MS);
  }, []);

  useEffect(() => () => signal(false), [signal]);
  return signal;
}
