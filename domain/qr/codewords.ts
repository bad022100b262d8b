import { correctionOf } from "./reed-solomon.ts";
import { lengthBits, VERSIONS } from "./tables.ts";

const BYTE_MODE = 0b0100;
const PADDING = [0xec, 0x11];

export type Codewords = { version: number; words: number[] };

/** A text in byte mode (UTF-8) as codewords of the smallest version that takes it; null when none here does. */
export function codewordsOf(text: string): Codewords | null {
  const bytes = new TextEncoder().encode(text);
  for (const [index, { blocks }] of VERSIONS.entries()) {
    const version = index + 1;
    const room = blocks.reduce((sum, length) => sum + length, 0);
    const bits = 4 + lengthBits(version) + 8 * bytes.length;
    if (bits <= 8 * room)
      return { version, words: interleave(version, pack(version, bytes, room)) };
  }
  return null;
}

/** Mode, length, text, terminator and padding (7.4.10). */
function pack(version: number, bytes: Uint8Array, room: number): number[] {
  const fields: [value: number, bits: number][] = [
    [BYTE_MODE, 4],
    [bytes.length, lengthBits(version)],
    ...Array.from(bytes, (byte): [number, number] => [byte, 8]),
  ];
  const bits = fields.flatMap(([value, length]) =>
    Array.from({ length }, (_, at) => (value >> (length - 1 - at)) & 1),
  );
  bits.push(...[0, 0, 0, 0].slice(0, 8 * room - bits.length));
  while (bits.length % 8 > 0) bits.push(0);
  const words = Array.from({ length: bits.length / 8 }, (_, at) =>
    bits.slice(8 * at, 8 * at + 8).reduce((word, bit) => 2 * word + bit, 0),
  );
  for (let at = 0; words.length < room; at++) words.push(PADDING[at % 2] ?? 0);
  return words;
}

/** Blocks with their correction, word by word in turn (7.6). */
function interleave(version: number, words: readonly number[]): number[] {
  const { blocks = [], correction = 0 } = VERSIONS[version - 1] ?? {};
  let from = 0;
  const data = blocks.map((length) => words.slice(from, (from += length)));
  return [...inTurn(data), ...inTurn(data.map((block) => correctionOf(block, correction)))];
}

function inTurn(blocks: readonly number[][]): number[] {
  const longest = Math.max(...blocks.map((block) => block.length));
  return Array.from({ length: longest }, (_, at) => at).flatMap((at) =>
    blocks.flatMap((block) => block[at] ?? []),
  );
}
