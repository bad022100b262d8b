import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "../scripts/environment.ts";
import type { Compared } from "./comparison.ts";
import { percentile } from "./median.ts";

/** One line of the table. `isKept` is null where there is no budget. */
export type Line = {
  what: string;
  reference: string;
  product: string;
  ratio: string;
  budget: string;
  isKept: boolean | null;
};

const HEADINGS = ["", "reference", "Parley", "ratio (least to greatest)", "budget", "kept"];

/** A comparison of two subjects, held against a ratio that ought not to be passed. */
export function comparedLine(
  what: string,
  unit: string,
  compared: Compared,
  budget: number | null,
): Line {
  const { reference, product, ratio, least, greatest } = compared;
  return {
    what,
    reference: `${short(reference)} ${unit}`,
    product: `${short(product)} ${unit}`,
    ratio: `${shortRatio(ratio)} (${shortRatio(least)} to ${shortRatio(greatest)})`,
    budget: budget === null ? "" : `≤ ${budget.toFixed(2)} ×`,
    isKept: budget === null ? null : ratio <= budget,
  };
}

/** A comparison of two subjects, of which the product's own figure is held against a budget. */
export function boundedLine(
  what: string,
  unit: string,
  compared: Compared,
  budget: number | null,
): Line {
  const { budget: allowed, isKept } = figureLine(what, compared.product, unit, budget);
  return { ...comparedLine(what, unit, compared, null), budget: allowed, isKept };
}

/** A figure that stands by itself. */
export function figureLine(
  what: string,
  figure: number,
  unit: string,
  budget: number | null,
): Line {
  return {
    what,
    reference: "",
    product: `${short(figure)} ${unit}`,
    ratio: "",
    budget: budget === null ? "" : `≤ ${short(budget)} ${unit}`,
    isKept: budget === null ? null : figure <= budget,
  };
}

/** Figures that scatter, by their median and 95th percentile. */
export function spreadLine(what: string, figures: readonly number[], unit: string): Line {
  const middle = `${short(percentile(figures, 0.5))} ${unit}`;
  const most = `95 % ≤ ${short(percentile(figures, 0.95))} ${unit}`;
  return { ...figureLine(what, 0, unit, null), product: `${middle}, ${most}` };
}

/** A table that reads the same on a terminal and in Markdown. */
export function tableOf(lines: Line[]): string {
  return tableOfRows(lines.map(cellsOf));
}

function cellsOf({ what, reference, product, ratio, budget, isKept }: Line): string[] {
  return [
    what,
    reference,
    product,
    ratio,
    budget,
    isKept === null ? "" : isKept ? "yes" : "**no**",
  ];
}

function tableOfRows(rows: string[][]): string {
  const widths = HEADINGS.map((heading, column) =>
    Math.max(3, heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const lineOf = (cells: string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  return [
    lineOf(HEADINGS),
    lineOf(widths.map((width) => "-".repeat(width))),
    ...rows.map(lineOf),
  ].join("\n");
}

/** What a run measured. `parts` are those that were asked for; null when that is all of them. */
export type Measured = { about: string; parts: string | null; lines: Line[] };

/**
 * The figures once a run is added. A run of everything replaces them; one of some parts replaces its own lines, adds
 * those that are new, and says under the whole run's line when it was made.
 */
export function withFigures(figures: string, { about, parts, lines }: Measured): string {
  if (parts === null) return `${about}\n\n${tableOf(lines)}`;
  const all = figures.split("\n").filter((line) => line !== "");
  const [, , ...rows] = all
    .filter((line) => line.startsWith("|"))
    .map((line) =>
      line
        .slice(1, -1)
        .split(" | ")
        .map((cell) => cell.trim()),
    );
  for (const cells of lines.map(cellsOf)) {
    const index = rows.findIndex(([what]) => what === cells[0]);
    rows.splice(index < 0 ? rows.length : index, index < 0 ? 0 : 1, cells);
  }
  const mark = `\`${parts}\`: `;
  const abouts = all.filter((line) => !line.startsWith("|") && !line.startsWith(mark));
  return [...abouts, mark + about, tableOfRows(rows)].join("\n\n");
}

const FILE = join(ROOT, "docs/performance.md");
const FIGURES = /(?<=<!-- figures -->\n)[^]*?(?=<!-- end of figures -->)/;

/** Adds a run's figures to those in docs/performance.md. */
export async function writeFigures(measured: Measured): Promise<void> {
  const page = await readFile(FILE, "utf8");
  if (!FIGURES.test(page)) throw new Error("docs/performance.md has no place for the figures");
  await writeFile(
    FILE,
    page.replace(FIGURES, (figures) => `\n${withFigures(figures, measured)}\n\n`),
  );
}

function short(figure: number): string {
  if (figure >= 100) return figure.toFixed(0);
  return figure >= 10 ? figure.toFixed(1) : figure.toFixed(2);
}

function shortRatio(ratio: number): string {
  return ratio >= 0.1 ? ratio.toFixed(2) : ratio.toPrecision(2);
}
