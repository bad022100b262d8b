/** How long an alert is held out to the operator, and how many at once; further ones only stand in the list. */
export const SHOWN_MS = 15_000;
export const SHOWN_MAX = 3;

/** Says whether one more may be shown now, so that a burst of alerts does not go on for minutes. */
export function createToastPace(): (now: number) => boolean {
  let shown: number[] = [];
  return (now) => {
    shown = shown.filter((at) => now - at < SHOWN_MS);
    if (shown.length >= SHOWN_MAX) return false;
    shown.push(now);
    return true;
  };
}
