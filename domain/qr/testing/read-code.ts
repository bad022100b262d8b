import { multiply } from "../reed-solomon.ts";
import { VERSIONS } from "../tables.ts";
import type { Matrix } from "../matrix.ts";

/**
 * Reads a QR code as a camera's program does once it has found the modules: format, mask, codewords, correction, text.
 * It goes by the figures of the standard and shares nothing with what draws but the tables and the multiplication.
 * @throws Where something is not as it has to be: nothing is corrected.
 */
export function readCode(matrix: Matrix): string {
  const side = matrix.length;
  const version = (side - 17) / 4;
  const figures = VERSIONS[version - 1];
  if (figures === undefined) throw new Error("no version has this size");
  const { blocks, correction } = figures;
  const at = (row: number, column: number): number => Number(matrix[row]?.[column] ?? false);
  const bitsOf = (places: [number, number][]): string =>
    places.map(([row, column]) => at(row, column)).join("");

  const [first, second] = formatPlaces(side).map(bitsOf);
  if (first === undefined || first !== second) throw new Error("the copies of the format differ");
  const mask = FORMATS.indexOf(first);
  if (mask < 0) throw new Error("no format of level M");
  if (at(side - 8, 8) !== 1) throw new Error("the dark module is missing");
  checkFinders(at, side);
  for (let place = 8; place < side - 8; place++)
    if (at(6, place) !== (place + 1) % 2 || at(place, 6) !== (place + 1) % 2)
      throw new Error("a timing pattern is broken");
  for (const [down, across] of alignmentsOf(side))
    for (const [row, line] of ALIGNMENT.entries())
      for (const [column, bit] of line.split("").entries())
        if (at(down - 2 + row, across - 2 + column) !== Number(bit))
          throw new Error("an alignment pattern is broken");

  let bits = "";
  let pair = 0;
  for (let right = side - 1; right >= 1; right -= right === 8 ? 3 : 2) {
    for (let step = 0; step < side; step++) {
      const row = pair % 2 === 0 ? side - 1 - step : step;
      for (const column of [right, right - 1])
        if (!isFunction(side, row, column))
          bits += at(row, column) ^ (isMasked(mask, row, column) ? 1 : 0);
    }
    pair++;
  }
  const words = (bits.match(/.{8}/g) ?? []).map((word) => Number.parseInt(word, 2));
  const data = blocks.map((): number[] => []);
  for (let word = 0; word < Math.max(...blocks); word++)
    for (const [index, length] of blocks.entries())
      if (word < length) data[index]?.push(words.shift() ?? 0);
  const whole = data.map((block) => [...block]);
  for (let word = 0; word < correction; word++)
    for (const block of whole) block.push(words.shift() ?? 0);
  for (const block of whole)
    for (let power = 0, root = 1; power < correction; power++, root = multiply(root, 2))
      if (block.reduce((sum, byte) => multiply(sum, root) ^ byte, 0) !== 0)
        throw new Error("a block does not fit its correction");

  const text = data
    .flat()
    .map((byte) => byte.toString(2).padStart(8, "0"))
    .join("");
  if (!text.startsWith("0100")) throw new Error("not in byte mode");
  const lengthEnd = version < 10 ? 12 : 20;
  const length = Number.parseInt(text.slice(4, lengthEnd), 2);
  const bytes = Array.from({ length }, (_, index) =>
    Number.parseInt(text.slice(lengthEnd + 8 * index, lengthEnd + 8 * index + 8), 2),
  );
  return new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(bytes));
}

/** The same code under another mask, as it would be drawn. */
export function maskedWith(matrix: Matrix, mask: number): Matrix {
  const side = matrix.length;
  const drawn = maskOf(matrix);
  const next = matrix.map((line, row) =>
    line.map((isDark, column) =>
      isFunction(side, row, column)
        ? isDark
        : isDark !== (isMasked(drawn, row, column) !== isMasked(mask, row, column)),
    ),
  );
  for (const copy of formatPlaces(side))
    for (const [index, [row, column]] of copy.entries()) {
      const line = next[row];
      if (line !== undefined) line[column] = FORMATS[mask]?.[index] === "1";
    }
  return next;
}

/** Which mask a code was drawn under. */
export function maskOf(matrix: Matrix): number {
  const [places = []] = formatPlaces(matrix.length);
  return FORMATS.indexOf(places.map(([row, column]) => Number(matrix[row]?.[column])).join(""));
}

/** Figure 25: bits 14 to 0, along row 8 and up column 8; and the other copy. */
function formatPlaces(side: number): [row: number, column: number][][] {
  return [
    [
      ...[0, 1, 2, 3, 4, 5, 7, 8].map((column): [number, number] => [8, column]),
      ...[7, 5, 4, 3, 2, 1, 0].map((row): [number, number] => [row, 8]),
    ],
    [
      ...[1, 2, 3, 4, 5, 6, 7].map((up): [number, number] => [side - up, 8]),
      ...[8, 7, 6, 5, 4, 3, 2, 1].map((left): [number, number] => [8, side - left]),
    ],
  ];
}

const ALIGNMENT = ["11111", "10001", "10101", "10001", "11111"];

function alignmentsOf(side: number): [row: number, column: number][] {
  const centres = VERSIONS[(side - 17) / 4 - 1]?.alignment ?? [];
  const [low, high] = [6, centres.at(-1) ?? 0];
  return centres.flatMap((down) =>
    centres.flatMap((across): [number, number][] => {
      const isFinder =
        (down === low && (across === low || across === high)) || (down === high && across === low);
      return isFinder ? [] : [[down, across]];
    }),
  );
}

/** Whether a module is none of the data's. */
function isFunction(side: number, row: number, column: number): boolean {
  const isCorner =
    (row < 9 && column < 9) || (row < 9 && column > side - 9) || (row > side - 9 && column < 9);
  const isTiming = row === 6 || column === 6;
  const isVersion =
    side >= 45 && ((row < 6 && column > side - 12) || (column < 6 && row > side - 12));
  const isAlignment = alignmentsOf(side).some(
    ([down, across]) => Math.abs(row - down) <= 2 && Math.abs(column - across) <= 2,
  );
  return isCorner || isTiming || isVersion || isAlignment;
}

/** Table C.1: the formats of level M by mask. */
const FORMATS = [
  "101010000010010",
  "101000100100101",
  "101111001111100",
  "101101101001011",
  "100010111111001",
  "100000011001110",
  "100111110010111",
  "100101010100000",
];

function isMasked(mask: number, i: number, j: number): boolean {
  switch (mask) {
    case 0:
      return (i + j) % 2 === 0;
    case 1:
      return i % 2 === 0;
    case 2:
      return j % 3 === 0;
    case 3:
      return (i + j) % 3 === 0;
    case 4:
      return ((i >> 1) + Math.trunc(j / 3)) % 2 === 0;
    case 5:
      return (i * j) % 6 === 0;
    case 6:
      return (((i * j) % 2) + ((i * j) % 3)) % 2 === 0;
    default:
      return (((i + j) % 2) + ((i * j) % 3)) % 2 === 0;
  }
}

const FINDER = ["1111111", "1000001", "1011101", "1011101", "1011101", "1000001", "1111111"];

function checkFinders(at: (row: number, column: number) => number, side: number): void {
  for (const [top, left] of [
    [0, 0],
    [0, side - 7],
    [side - 7, 0],
  ] as const)
    for (const [down, line] of FINDER.entries())
      for (const [right, bit] of line.split("").entries())
        if (at(top + down, left + right) !== Number(bit)) throw new Error("a finder is broken");
}
