import PostalMime from "postal-mime";
import { decide } from "../domain/email/decision.ts";
import { splitMail } from "../domain/email/headers.ts";
import { readMail } from "../domain/email/reading.ts";
import { largestAttachment, WORST_MAILS } from "../domain/email/testing/worst-mails.ts";

/**
 * Reads mails in a process of its own: what the other parts leave in the memory would be swept at the mails' expense.
 * Told the rounds as its argument, it answers its parent with `MailFigures`.
 */

/** Milliseconds of CPU, round by round. */
export type MailFigures = { floors: number[]; readings: [name: string, ms: number[]][] };

process.send?.(await measure(Number(process.argv[2])));

async function measure(rounds: number): Promise<MailFigures> {
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
  return { floors, readings: [...readings] };
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
