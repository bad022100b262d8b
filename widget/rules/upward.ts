/** How far back up, in pixels, within how long, and over how many steps: one step alone is the page jumping by itself. */
const FAR_PX = 300;
const FAST_MS = 500;
const STEPS_MIN = 3;

/** Notices a fast scroll back up, with which people on touch screens reach for the address bar. */
export function createUpward() {
  let last = 0;
  let turnedAt = 0;
  let turnedFrom = 0;
  let steps = 0;
  return {
    /** The page stands at `y` pixels; true when it got there by a fast way up. */
    moved(y: number, at: number): boolean {
      if (y >= last || at - turnedAt > FAST_MS) {
        turnedFrom = Math.max(y, last);
        turnedAt = at;
        steps = 0;
      }
      if (y < last) steps++;
      last = y;
      return steps >= STEPS_MIN && turnedFrom - y >= FAR_PX;
    },
  };
}
