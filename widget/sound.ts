import type { Memory } from "./memory.ts";

export const MUTED = ":muted";
const RANG = ":rang";
/** Tabs that nobody sees leave it to the one that is seen. */
const HIDDEN_WAIT_MS = 400;

/** Sounds for a message once, in one tab of the browser, unless the person muted it. */
export function ring(memory: Memory, at: number): void {
  setTimeout(
    () => {
      // Browsers keep a page silent until the person has touched it.
      if (memory.recall(MUTED) || !navigator.userActivation?.hasBeenActive) return;
      if (Number(memory.recall(RANG) ?? 0) >= at) return;
      memory.keep(RANG, `${at}`);
      blip();
    },
    document.hidden ? HIDDEN_WAIT_MS : 0,
  );
}

/** Two short soft tones, a fourth apart. */
function blip(): void {
  const audio = new AudioContext();
  for (const [pitch, start] of [
    [587, 0],
    [784, 0.09],
  ] as const) {
    const at = audio.currentTime + start;
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0, at);
    volume.gain.linearRampToValueAtTime(0.06, at + 0.015);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.3);
    tone.connect(volume).connect(audio.destination);
    tone.start(at);
    tone.stop(at + 0.3);
    if (start) tone.addEventListener("ended", () => void audio.close());
  }
}
