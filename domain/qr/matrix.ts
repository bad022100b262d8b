import { codewordsOf, type Codewords } from "./codewords.ts";
import { sideOf, VERSIONS } from "./tables.ts";

/** Modules by row, true for dark; without the quiet zone of four that belongs around them. */
export type Matrix = boolean[][];

/** A text as a QR code (ISO/IEC 18004:2015, byte mode, level M); null when it is longer than 213 bytes. */
export function qrCode(text: string): Matrix | null {
  const codewords = codewordsOf(text);
  if (codewords === null) return null;
  const drawn = Array.from({ length: 8 }, (_, mask) => draw(codewords, mask));
  const penalties = drawn.map(penaltyOf);
  return drawn[penalties.indexOf(Math.min(...penalties))] ?? null;
}

/** Which modules a mask turns over (7.8.2, table 10). */
const MASKS: ((row: number, column: number) => boolean)[] = [
  (i, j) => (i + j) % 2 === 0,
  (i) => i % 2 === 0,
  (_, j) => j % 3 === 0,
  (i, j) => (i + j) % 3 === 0,
  (i, j) => (Math.floor(i / 2) + Math.floor(j / 3)) % 2 === 0,
  (i, j) => ((i * j) % 2) + ((i * j) % 3) === 0,
  (i, j) => (((i * j) % 2) + ((i * j) % 3)) % 2 === 0,
  (i, j) => (((i + j) % 2) + ((i * j) % 3)) % 2 === 0,
];

function draw({ version, words }: Codewords, mask: number): Matrix {
  const side = sideOf(version);
  const modules = Array.from({ length: side }, () => Array<boolean | null>(side).fill(null));
  const put = (row: number, column: number, isDark: boolean): void => {
    const line = modules[row];
    if (line !== undefined && column >= 0 && column < side) line[column] = isDark;
  };
  const isFree = (row: number, column: number): boolean => modules[row]?.[column] === null;

  for (const [row, column] of [
    [3, 3],
    [3, side - 4],
    [side - 4, 3],
  ] as const)
    square(put, row, column, 4, [0, 1, 3]);
  for (const [row, column] of alignmentsOf(version)) square(put, row, column, 2, [0, 2]);
  for (let at = 8; at < side - 8; at++) {
    put(6, at, at % 2 === 0);
    put(at, 6, at % 2 === 0);
  }
  put(side - 8, 8, true);
  putFormat(put, side, mask);
  if (version >= 7) putVersion(put, side, version);

  const turned = MASKS[mask] ?? (() => false);
  let bit = 0;
  for (const [row, column] of pathOf(side, isFree)) {
    const isDark = (((words[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1) === 1;
    put(row, column, isDark !== turned(row, column));
    bit++;
  }
  return modules.map((line) => line.map((isDark) => isDark === true));
}

type Put = (row: number, column: number, isDark: boolean) => void;

/** Rings around a centre, dark at these distances from it. What lies outside of the code is left out. */
function square(put: Put, row: number, column: number, reach: number, dark: number[]): void {
  for (let down = -reach; down <= reach; down++)
    for (let right = -reach; right <= reach; right++)
      put(row + down, column + right, dark.includes(Math.max(Math.abs(down), Math.abs(right))));
}

/** Centres of the alignment patterns: all pairs but those in the corners of the finders. */
function alignmentsOf(version: number): [row: number, column: number][] {
  const centres = VERSIONS[version - 1]?.alignment ?? [];
  const last = centres.at(-1);
  return centres.flatMap((row) =>
    centres
      .filter(
        (column) =>
          !(row === 6 && column === 6) &&
          !(row === 6 && column === last) &&
          !(row === last && column === 6),
      )
      .map((column): [number, number] => [row, column]),
  );
}

/** Level M and the mask, with their own correction, twice (7.9). */
function putFormat(put: Put, side: number, mask: number): void {
  const format = withRest(mask, 10, 0x537) ^ 0x5412;
  for (let at = 0; at < 15; at++) {
    const isDark = ((format >> at) & 1) === 1;
    // Down column 8 and along row 8, leaving out the timing patterns.
    if (at < 8) put(at < 6 ? at : at + 1, 8, isDark);
    else put(8, at === 8 ? 7 : 14 - at, isDark);
    if (at < 8) put(8, side - 1 - at, isDark);
    else put(side - 15 + at, 8, isDark);
  }
}

/** The version, with its own correction, twice (7.10). */
function putVersion(put: Put, side: number, version: number): void {
  const information = withRest(version, 12, 0x1f25);
  for (let at = 0; at < 18; at++) {
    const isDark = ((information >> at) & 1) === 1;
    const [long, short] = [Math.floor(at / 3), side - 11 + (at % 3)];
    put(long, short, isDark);
    put(short, long, isDark);
  }
}

/** A number followed by the rest of its division by a polynomial (BCH, annexes C and D). */
function withRest(value: number, degree: number, polynomial: number): number {
  let rest = value;
  for (let step = 0; step < degree; step++)
    rest = (rest << 1) ^ ((rest >> (degree - 1)) * polynomial);
  return (value << degree) | rest;
}

/** Where the bits of data go: columns in pairs from the right, up and down in turn (7.7.3). */
function* pathOf(
  side: number,
  isFree: (row: number, column: number) => boolean,
): Generator<[row: number, column: number]> {
  let isUp = true;
  for (let right = side - 1; right > 0; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < side; step++) {
      const row = isUp ? side - 1 - step : step;
      for (const column of [right, right - 1]) if (isFree(row, column)) yield [row, column];
    }
    isUp = !isUp;
  }
}

/** How hard a code is to read (7.8.3.1): of the masks the one with the least is taken. */
function penaltyOf(matrix: Matrix): number {
  const side = matrix.length;
  const columns = Array.from({ length: side }, (_, at) => matrix.map((line) => line[at] === true));
  const lines = [...matrix, ...columns].map((line) =>
    line.map((isDark) => (isDark ? "1" : "0")).join(""),
  );
  let penalty = 0;
  for (const line of lines) {
    for (const [run] of line.matchAll(/0{5,}|1{5,}/g)) penalty += run.length - 2;
    for (const _ of line.matchAll(/(?=10111010000|00001011101)/g)) penalty += 40;
  }
  let dark = 0;
  for (const [row, line] of matrix.entries())
    for (const [column, isDark] of line.entries()) {
      if (isDark) dark++;
      const block = [line[column + 1], matrix[row + 1]?.[column], matrix[row + 1]?.[column + 1]];
      if (block.every((one) => one === isDark)) penalty += 3;
    }
  return penalty + 10 * Math.floor(Math.abs((dark * 20) / (side * side) - 10));
}
