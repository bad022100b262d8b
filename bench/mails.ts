import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { compareRounds } from "./comparison.ts";
import type { MailFigures } from "./mails-process.ts";
import { comparedLine, type Line } from "./report.ts";

/**
 * What it costs to read a mail that somebody wrote to make work. The floor is the parser alone, given an ordinary mail with
 * the largest attachment.
 */

/** How much more than the floor the worst of them may cost. */
const WORST_BUDGET = 8;
const ORDINARY_BUDGET = 3;

export async function mailLines(rounds: number): Promise<Line[]> {
  const child = fork(join(import.meta.dirname, "mails-process.ts"), [`${rounds}`]);
  const [told] = await Promise.race([
    once(child, "message"),
    once(child, "exit").then(([code]) => Promise.reject(new Error(`no mails were read: ${code}`))),
  ]);
  const { floors, readings } = told as MailFigures; // sent by our own module
  const compared = readings.map(([name, ms]) => [name, compareRounds(floors, ms)] as const);
  const [ordinary] = compared;
  const [worst] = compared.toSorted(([, a], [, b]) => b.ratio - a.ratio);
  if (ordinary === undefined || worst === undefined) throw new Error("no mails");
  for (const [name, { product, ratio }] of compared)
    console.log(`  ${name}: ${product.toFixed(0)} ms, ${ratio.toFixed(2)} ×`);
  const [name, figures] = worst;
  const line = comparedLine(
    "… the worst of the mails that were written for it",
    "ms",
    figures,
    WORST_BUDGET,
  );
  return [
    comparedLine(
      "CPU to read a mail with the largest attachment, against the parser alone",
      "ms",
      ordinary[1],
      ORDINARY_BUDGET,
    ),
    { ...line, product: `${line.product}, ${name}` },
  ];
}
