import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { codewordsOf } from "./codewords.ts";
import { qrCode, type Matrix } from "./matrix.ts";
import { correctionOf } from "./reed-solomon.ts";
import { sideOf, VERSIONS } from "./tables.ts";
import { maskedWith, maskOf, readCode } from "./testing/read-code.ts";

/** Bytes that a version takes: table 7, level M. */
const CAPACITIES = [14, 26, 42, 62, 84, 106, 122, 152, 180, 213];

function made(text: string): Matrix {
  const matrix = qrCode(text);
  if (matrix === null) throw new Error("it is too long");
  return matrix;
}

describe("the correction", () => {
  test("is that of the standard's example, 1-M (annex I.2)", () => {
    const data = [
      0x10, 0x20, 0x0c, 0x56, 0x61, 0x80, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11, 0xec,
      0x11,
    ];
    const correction = [0xa5, 0x24, 0xd4, 0xc1, 0xed, 0x36, 0xc7, 0x87, 0x2c, 0x55];
    expect(correctionOf(data, 10)).toEqual(correction);
  });
});

describe("the codewords", () => {
  test("are mode, length, text, terminator and padding, then the correction", () => {
    const words = codewordsOf("parley")?.words.slice(0, 16);
    expect(words?.map((word) => word.toString(16).padStart(2, "0")).join(" ")).toBe(
      "40 67 06 17 26 c6 57 90 ec 11 ec 11 ec 11 ec 11",
    );
  });

  test("fill the symbols that the standard has (table 1)", () => {
    const totals = VERSIONS.map(({ blocks, correction }) =>
      blocks.reduce((sum, length) => sum + length + correction, 0),
    );
    expect(totals).toEqual([26, 44, 70, 100, 134, 172, 196, 242, 292, 346]);
  });
});

describe("a code", () => {
  test.each(CAPACITIES.map((bytes, index) => [index + 1, bytes]))(
    "of version %i takes %i bytes and not one more",
    (version, bytes) => {
      expect(made("a".repeat(bytes))).toHaveLength(sideOf(version));
      expect(readCode(made("a".repeat(bytes)))).toBe("a".repeat(bytes));
      const longer = qrCode("a".repeat(bytes + 1));
      if (version === VERSIONS.length) expect(longer).toBeNull();
      else expect(longer).toHaveLength(sideOf(version + 1));
    },
  );

  test("reads as what it was made of", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (text) => {
        expect(readCode(made(text))).toBe(text);
      }),
      { numRuns: 20 },
    );
    for (const text of ["", "\u0000", "ümläut", "رمز", "🫖".repeat(20)])
      expect(readCode(made(text))).toBe(text);
  });

  test("tells its version from 7 on (annex D: 7 is 000111110010010100)", () => {
    const matrix = made("a".repeat(122));
    const side = matrix.length;
    const bits = Array.from({ length: 18 }, (_, at) => 17 - at);
    const upper = bits.map((at) => matrix[Math.floor(at / 3)]?.[side - 11 + (at % 3)]);
    const lower = bits.map((at) => matrix[side - 11 + (at % 3)]?.[Math.floor(at / 3)]);
    const words = (line: (boolean | undefined)[]) =>
      line.map((one) => (one === true ? 1 : 0)).join("");
    expect([words(upper), words(lower)]).toEqual(["000111110010010100", "000111110010010100"]);
  });

  test("is drawn under the mask that makes it the easiest to read, and every mask is the standard's", () => {
    const seen = new Set<number>();
    for (const text of [
      "0",
      "2",
      "3",
      "4",
      "10",
      "31",
      "257",
      "284",
      "484",
      "https://chat.test/c/1",
    ]) {
      const matrix = made(text);
      expect(readCode(matrix)).toBe(text);
      const drawn = [0, 1, 2, 3, 4, 5, 6, 7].map((mask) => maskedWith(matrix, mask));
      const penalties = drawn.map(penaltyOf);
      expect(penalties[maskOf(matrix)]).toBe(Math.min(...penalties));
      seen.add(maskOf(matrix));
    }
    expect(seen).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7]));
  });

  test("that was damaged is not taken for a good one", () => {
    const matrix = made("https://chat.example.com/");
    const line = matrix[12];
    if (line === undefined) throw new Error("it has more lines");
    line[12] = line[12] !== true;
    expect(() => readCode(matrix)).toThrow("does not fit");
  });
});

/** Section 7.8.3.1, table 11, counted module by module. */
function penaltyOf(matrix: Matrix): number {
  const side = matrix.length;
  const at = (row: number, column: number) => matrix[row]?.[column] === true;
  let penalty = 0;
  for (const isAcross of [true, false])
    for (let line = 0; line < side; line++) {
      const isDark = (place: number) => (isAcross ? at(line, place) : at(place, line));
      for (let from = 0; from < side;) {
        let to = from;
        while (to < side && isDark(to) === isDark(from)) to++;
        if (to - from >= 5) penalty += 3 + (to - from - 5);
        from = to;
      }
      for (let from = 0; from + 11 <= side; from++) {
        const eleven = Array.from({ length: 11 }, (_, on) => Number(isDark(from + on))).join("");
        if (eleven === "10111010000" || eleven === "00001011101") penalty += 40;
      }
    }
  let dark = 0;
  for (let row = 0; row < side; row++)
    for (let column = 0; column < side; column++) {
      if (at(row, column)) dark++;
      const four = [
        at(row, column),
        at(row, column + 1),
        at(row + 1, column),
        at(row + 1, column + 1),
      ];
      const isBlock = row + 1 < side && column + 1 < side && new Set(four).size === 1;
      if (isBlock) penalty += 3;
    }
  const percent = (100 * dark) / side ** 2;
  return penalty + 10 * Math.floor(Math.abs(percent - 50) / 5);
}
