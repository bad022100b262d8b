/** Numbers of ISO/IEC 18004:2015 for error correction level M, versions 1 to 10. */

type Version = {
  /** Error correction codewords of each block (table 9). */
  correction: number;
  /** Data codewords of each block, shorter ones first. */
  blocks: readonly number[];
  /** Centres of the alignment patterns, across and down (table E.1). */
  alignment: readonly number[];
};

const repeat = (count: number, length: number): number[] => Array<number>(count).fill(length);

/** By version, beginning with 1. */
export const VERSIONS: readonly Version[] = [
  { correction: 10, blocks: [16], alignment: [] },
  { correction: 16, blocks: [28], alignment: [6, 18] },
  { correction: 26, blocks: [44], alignment: [6, 22] },
  { correction: 18, blocks: repeat(2, 32), alignment: [6, 26] },
  { correction: 24, blocks: repeat(2, 43), alignment: [6, 30] },
  { correction: 16, blocks: repeat(4, 27), alignment: [6, 34] },
  { correction: 18, blocks: repeat(4, 31), alignment: [6, 22, 38] },
  { correction: 22, blocks: [...repeat(2, 38), ...repeat(2, 39)], alignment: [6, 24, 42] },
  { correction: 22, blocks: [...repeat(3, 36), ...repeat(2, 37)], alignment: [6, 26, 46] },
  { correction: 26, blocks: [...repeat(4, 43), ...repeat(1, 44)], alignment: [6, 28, 50] },
];

/** Bits that tell how long a text in byte mode is (table 3). */
export const lengthBits = (version: number): number => (version < 10 ? 8 : 16);

/** Modules on a side. */
export const sideOf = (version: number): number => 17 + 4 * version;
