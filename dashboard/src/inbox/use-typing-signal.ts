import { useEffect, useState } from "react";

const RENEW_MS = 2_500;
const PAUSE_MS = 4_000;

/** Tells that somebody writes: at most once per few seconds, and that they stopped after a pause. */
export function createTypingSignal(tell: (isOn: boolean) => void): (isWriting: boolean) => void {
  let toldAt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function stop(): void {
    clearTimeout(timer);
    if (toldAt > 0) tell(false);
    toldAt = 0;
  }

  return (isWriting) => {
    if (!isWriting) {
      stop();
      return;
    }
    if (Date.now() - toldAt >= RENEW_MS) {
      toldAt = Date.now();
      tell(true);
    }
    clearTimeout(timer);
    timer = setTimeout(stop, PAUSE_MS);
  };
}

/** The signal of one composer; `tell` stays the same for its life. */
export function useTypingSignal(tell: (isOn: boolean) => void): (isWriting: boolean) => void {
  const [signal] = useState(() => createTypingSignal(tell));
  useEffect(() => () => signal(false), [signal]);
  return signal;
}
