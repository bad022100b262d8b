/** Two soft notes, made in code. Browsers allow sound only after the page was touched once. */

let context: AudioContext | null = null;

export function allowSoundAfterFirstTouch(): () => void {
  const stop = new AbortController();
  function wake(): void {
    // Some keys, Escape and shortcuts among them, do not count as touching the page.
    if (!navigator.userActivation.hasBeenActive) return;
    context ??= new AudioContext();
    if (context.state === "suspended") void context.resume();
    stop.abort();
  }
  const options = { capture: true, signal: stop.signal };
  addEventListener("pointerup", wake, options);
  addEventListener("keydown", wake, options);
  return () => stop.abort();
}

export function playChime(): void {
  if (context?.state !== "running") return;
  playNote(context, 659.25, 0);
  playNote(context, 987.77, 0.11);
}

function playNote(audio: AudioContext, frequency: number, after: number): void {
  const start = audio.currentTime + after;
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  tone.type = "sine";
  tone.frequency.value = frequency;
  volume.gain.setValueAtTime(0.0001, start);
  volume.gain.exponentialRampToValueAtTime(0.16, start + 0.015);
  volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.45);
  tone.connect(volume).connect(audio.destination);
  tone.start(start);
  tone.stop(start + 0.5);
}
