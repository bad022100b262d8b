/** Two soft notes, made in code. Browsers allow sound only after the page was touched once. */

let context: AudioContext | null = null;

function wake(): void {
  context ??= new AudioContext();
  if (context.state === "suspended") void context.resume();
}

export function allowSoundAfterFirstTouch(): () => void {
  const options = { once: true, capture: true };
  addEventListener("pointerdown", wake, options);
  addEventListener("keydown", wake, options);
  return () => {
    removeEventListener("pointerdown", wake, options);
    removeEventListener("keydown", wake, options);
  };
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
