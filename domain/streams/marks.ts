import { STREAM_WINDOW } from "../../protocol/limits.ts";

/**
 * What has arrived of one numbered stream: everything up to `through`, and a bitmap of the 64 numbers after it.
 * Kept for ever, so a resend is dropped however late it comes.
 */
export type StreamMark = { through: number; ahead: [low: number, high: number] };

export const EMPTY_MARK: StreamMark = { through: 0, ahead: [0, 0] };

export type Admission =
  | { kind: "new"; mark: StreamMark }
  | { kind: "seen" }
  /** More than 64 ahead of the first missing number: refused, so that nothing is silently lost. */
  | { kind: "beyond" };

/** The mark of a stream that begins here with number `n`: what came before it is settled elsewhere. */
export function beginAt(n: number): StreamMark {
  return { through: n - 1, ahead: [0, 0] };
}

/** Whether number `n` (from 1) of a stream is new, and the mark once it is taken. */
export function admit(mark: StreamMark, n: number): Admission {
  const offset = n - mark.through - 1;
  if (offset < 0) return { kind: "seen" };
  if (offset >= STREAM_WINDOW) return { kind: "beyond" };
  if (hasBit(mark.ahead, offset)) return { kind: "seen" };
  if (offset > 0)
    return { kind: "new", mark: { through: mark.through, ahead: withBit(mark.ahead, offset) } };
  let through = n;
  let ahead = shifted(mark.ahead);
  while (hasBit(ahead, 0)) {
    through++;
    ahead = shifted(ahead);
  }
  return { kind: "new", mark: { through, ahead } };
}

function hasBit([low, high]: [number, number], at: number): boolean {
  return ((at < 32 ? low >>> at : high >>> (at - 32)) & 1) === 1;
}

function withBit([low, high]: [number, number], at: number): [number, number] {
  return at < 32 ? [(low | (1 << at)) >>> 0, high] : [low, (high | (1 << (at - 32))) >>> 0];
}

function shifted([low, high]: [number, number]): [number, number] {
  return low === 0 && high === 0 ? [0, 0] : [((low >>> 1) | ((high & 1) << 31)) >>> 0, high >>> 1];
}
