import PostalMime from "postal-mime";
import { decide } from "../domain/email/decision.ts";
import { splitMail } from "../domain/email/headers.ts";
import { readMail } from "../domain/email/reading.ts";
import { largestAttachment, WORST_MAILS } from "../domain/email/testing/worst-mails.ts";
import { compareRounds } from "./comparison.ts";
import { comparedLine, type Line } from "./report.ts";

/**
 * What it costs to read a mail that somebody wrote to make work, in this process. The floor is the parser alone, given
 * an ordinary mail with the largest attachment.
 */

/** How much more than the floor the worst of them may cost. */
const WORST_BUDGET = 8;
const ORDINARY_BUDGET = 3;

export async function mailLines(rounds: number): Promise<Line[]> {
  const floor = bytesOf(largestAttachment());
  const mails = Object.entries(WORST_MAILS).map(([name, make]) => [name, bytesOf(make())] as const);
  const floors: number[] = [];
  const readings = new Map(mails.map(([name]) => [name, [] as number[]]));
  // What comes first is for the compiler's sake.
  for (let round = -1; round < rounds; round++) {
    const parsed = await cpuMs(() => PostalMime.parse(floor));
    if (round >= 0) floors.push(parsed);
    for (const [name, bytes] of mails) {
      const read = await cpuMs(() => readAll(bytes));
      if (round >= 0) readings.get(name)?.push(read);
    }
  }
  const compared = [...readings].map(
    ([name, figures]) => [name, compareRounds(floors, figures)] as const,
  );
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

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new TextEncoder().encode(text));
}

async function readAll(bytes: Uint8Array): Promise<void> {
  const split = splitMail(bytes);
  const { headers } = split;
  decide({ headers, envelopeFrom: "", participant: null, isJudged: true, isOwn: () => false });
  await readMail(bytes, split);
}

async function cpuMs(work: () => Promise<unknown>): Promise<number> {
  const from = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1_000;
}
