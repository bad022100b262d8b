import { existsSync, rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { build } from "../scripts/build.ts";
import { compare, readRounds } from "./comparison.ts";
import { conditionNumber } from "./conditions.ts";
import { readCounts } from "./counts.ts";
import { saveSegments } from "./definitions.ts";
import { measureEvaluation } from "./evaluation.ts";
import { firingLines } from "./firings.ts";
import { LoadGenerator } from "./load/client.ts";
import type { Way } from "./load/events.ts";
import {
  boundedLine,
  comparedLine,
  figureLine,
  tableOf,
  writeFigures,
  type Line,
} from "./report.ts";
import { mailLines } from "./mails.ts";
import { momentLines } from "./moments.ts";
import { measureSizes } from "./sizes.ts";
import { startFloor, startProduct, type Subject } from "./subjects.ts";

/**
 * `npm run bench`: what the product costs, against bare Workers in the same run. docs/performance.md says how to read
 * it. `--write` puts the figures there, `--only chat,events` measures these parts and leaves the others as they stand there.
 */

const PARTS = [
  "chat",
  "idle",
  "events",
  "evaluation",
  "moments",
  "firings",
  "counts",
  "sizes",
  "mails",
];

const { values } = parseArgs({
  options: {
    only: { type: "string", default: PARTS.join(",") },
    rounds: { type: "string", default: "7" },
    write: { type: "boolean", default: false },
  },
});
const parts = new Set(values.only.split(","));
for (const part of parts)
  if (!PARTS.includes(part)) throw new Error(`no part ${part}; there are ${PARTS.join(", ")}`);
const rounds = Number(values.rounds);

const CONVERSATIONS = 50;
const CHAT = { perSecond: 500, seconds: 3, rounds };
const VISITORS = 50;
/** Batches of ten events. */
const EVENTS = { perSecond: 400, seconds: 2, rounds };
const DEFINITIONS = [100, 1_000, 10_000];
/** By the number of definitions. */
const EVALUATION_BUDGETS_US: Record<number, number> = { 1_000: 10, 10_000: 25 };
const STATE_BUDGETS_KB: Record<number, number> = { 100: 4, 1_000: 4 };
/** Beside the ready-made ones, which every workspace begins with. */
const SEGMENTS = 100;
/** workerd lets an object sleep after ten seconds without a word. */
const ASLEEP_AFTER_MS = 12_000;
const IDLE_SECONDS = 10;

// An fsync would outweigh everything that is measured here, so the state lives in memory where that is possible.
const folder = await mkdtemp(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "parley-bench-"));
// Whoever ends this process: a browser's driver does so too when it is interrupted.
process.once("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
const load = new LoadGenerator();
const subjects: Subject[] = [];
let isEnding = false;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.on(signal, () => void end().then(() => process.exit(1)));

try {
  const needsBuild = [...parts].some((part) => part !== "evaluation" && part !== "mails");
  if (needsBuild && process.env["PARLEY_BUILT"] !== "1") await build();
  const startedAt = Date.now();
  const lines: Line[] = [];
  if (parts.has("chat") || parts.has("events")) lines.push(...(await compareWithFloors()));
  if (parts.has("evaluation")) lines.push(...evaluationLines());
  if (parts.has("moments")) lines.push(...(await popupLines()));
  if (parts.has("firings")) lines.push(...(await stormLines()));
  if (parts.has("counts")) lines.push(...(await countLines()));
  if (parts.has("sizes")) lines.push(...(await sizeLines()));
  if (parts.has("mails")) {
    console.log("mails …");
    lines.push(...(await mailLines(rounds)));
  }
  const table = tableOf(lines);
  const took = Math.round((Date.now() - startedAt) / 1_000);
  const about = `${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores (${cpus()[0]?.model.trim()}), Node ${process.versions.node}, ${rounds} rounds, ${took} seconds.`;
  console.log(`\n${table}\n\n${about}`);
  const isAll = PARTS.every((part) => parts.has(part));
  if (values.write) await writeFigures({ about, parts: isAll ? null : [...parts].join(), lines });
} finally {
  await end();
}

async function compareWithFloors(): Promise<Line[]> {
  const product = await started(startProduct(folder));
  const lines: Line[] = [];
  if (parts.has("chat")) lines.push(...(await chatLines(product)));
  if (parts.has("idle") && parts.has("chat")) lines.push(await idleLine(product));
  if (parts.has("events")) lines.push(...(await eventLines(product)));
  return lines;
}

async function chatLines(product: Subject): Promise<Line[]> {
  console.log("chat …");
  const floors = {
    hib: await started(startFloor("hib", folder)),
    sql: await started(startFloor("sql", folder)),
    ack: await started(startFloor("ack", folder)),
  };
  const open = (name: string, kind: "floor" | "product", { url }: Subject) =>
    load.open({ do: "openChat", name, kind, url, conversations: CONVERSATIONS });
  for (const [name, floor] of Object.entries(floors)) await open(name, "floor", floor);
  await open("product", "product", product);
  const read = await readRounds(load, { ...floors, product }, CHAT);
  const overSql = compare(read.sql, read.product);
  const line = "CPU per chat message, against";
  return [
    comparedLine(`${line} \`sql\``, "µs", overSql.cpuUs, 1.25),
    comparedLine("median delivery, against `sql`", "ms", overSql.p50Ms, 1.25),
    comparedLine(`${line} \`ack\``, "µs", compare(read.ack, read.product).cpuUs, null),
    comparedLine(`${line} \`hib\``, "µs", compare(read.hib, read.product).cpuUs, null),
  ];
}

/** The conversations of the chat rounds with everybody still connected and nobody saying anything. */
async function idleLine(product: Subject): Promise<Line> {
  console.log("idle …");
  await new Promise((resolve) => setTimeout(resolve, ASLEEP_AFTER_MS));
  const before = product.cpuMs();
  await new Promise((resolve) => setTimeout(resolve, IDLE_SECONDS * 1_000));
  const perMinute = ((product.cpuMs() - before) * 60) / IDLE_SECONDS / CONVERSATIONS;
  return figureLine(
    "CPU per idle conversation with an open page, per minute",
    perMinute,
    "ms",
    null,
  );
}

async function eventLines(product: Subject): Promise<Line[]> {
  const blob = await started(startFloor("blob", folder));
  const evaluating = await started(startProduct(folder, "segments"));
  await saveSegments(
    evaluating.url,
    Array.from({ length: SEGMENTS }, (_, i) => conditionNumber(i)),
  );
  const lines: Line[] = [];
  for (const way of ["http", "socket"] satisfies Way[]) {
    console.log(`events by ${way} …`);
    const open = (name: string, kind: "floor" | "product", { url }: Subject) =>
      load.open({ do: "openEvents", name, kind, way, url, visitors: VISITORS });
    const names = { blob: `blob-${way}`, product: `product-${way}`, evaluating: `segments-${way}` };
    await open(names.blob, "floor", blob);
    await open(names.product, "product", product);
    await open(names.evaluating, "product", evaluating);
    const read = await readRounds(
      load,
      { [names.blob]: blob, [names.product]: product, [names.evaluating]: evaluating },
      EVENTS,
    );
    const line = (what: string, name: string) => {
      const { cpuUs } = compare(read[names.blob] ?? [], read[name] ?? []);
      return comparedLine(`${what} by ${way}, against \`blob\``, "µs", cpuUs, 1.5);
    };
    lines.push(
      line("CPU per event", names.product),
      line(`CPU per event with ${SEGMENTS} more segments`, names.evaluating),
    );
  }
  return lines;
}

function evaluationLines(): Line[] {
  console.log("evaluation …");
  const figures = measureEvaluation(DEFINITIONS, rounds);
  return [
    ...figures.map(({ definitions, meanUs }) =>
      boundedLine(
        `evaluating one event, ${definitions.toLocaleString("en")} definitions, against asking all of them`,
        "µs",
        meanUs,
        EVALUATION_BUDGETS_US[definitions] ?? null,
      ),
    ),
    ...figures.map(({ definitions, stateBytes }) =>
      figureLine(
        `segment state of one visitor, ${definitions.toLocaleString("en")} definitions`,
        stateBytes / 1_024,
        "KB",
        STATE_BUDGETS_KB[definitions] ?? null,
      ),
    ),
  ];
}

async function popupLines(): Promise<Line[]> {
  console.log("moments …");
  return momentLines(await started(startProduct(folder, "moments")));
}

async function stormLines(): Promise<Line[]> {
  console.log("firings …");
  return firingLines(load, await started(startProduct(folder, "firings")), rounds);
}

async function countLines(): Promise<Line[]> {
  console.log("counts …");
  const counts = await readCounts(folder);
  return counts.map(({ name, figure, unit, budget }) => figureLine(name, figure, unit, budget));
}

async function sizeLines(): Promise<Line[]> {
  const sizes = await measureSizes();
  return sizes.map(({ name, bytes, budget }) =>
    figureLine(`brotli: ${name}`, bytes / 1_024, "KB", budget / 1_024),
  );
}

/** Starts a subject that is stopped with everything else. */
async function started(starting: Promise<Subject>): Promise<Subject> {
  const subject = await starting;
  subjects.push(subject);
  return subject;
}

async function end(): Promise<void> {
  if (isEnding) return;
  isEnding = true;
  await load.stop();
  await Promise.all(subjects.map((subject) => subject.stop()));
}
