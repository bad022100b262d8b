import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  auditEvents,
  auditLog,
  auditNextPage,
  auditViews,
  readTruth,
  type Truth,
} from "./audit.ts";
import type { Bundles, Fault } from "./bundle.ts";
import { Crowd } from "./crowd.ts";
import { Findings, type Violation } from "./findings.ts";
import { auditRows, hasHoles, ProjectionWatch } from "./projection-audit.ts";
import { pause, Random } from "./random.ts";
import { RunningServer } from "./running-server.ts";
import type { World } from "./world.ts";

export type ChaosOptions = {
  kills: number;
  bundles: Bundles;
  /** A fault built into the product, which the audit must find. */
  fault?: Fault | null;
  seed?: number;
  visitors?: number;
  operators?: number;
  /** Longest load before a kill, in milliseconds. */
  loadMs?: number;
  /** Ends the kills as soon as D1 shows an entry without the one before it; the audit then says the rest. */
  stopsAtHoles?: boolean;
  /** Told after every 50 kills. */
  onProgress?: (line: string) => void;
  signal?: AbortSignal;
};

export type ChaosReport = {
  seed: number;
  kills: number;
  conversations: number;
  acknowledged: { messages: number; notes: number; events: number };
  resends: number;
  lost: number;
  duplicated: number;
  reordered: number;
  gaps: number;
  /** How long after the faults' end D1 showed everything; null if it did not within the deadline. */
  projectionLagMs: number | null;
  /** Longest absence after a kill. */
  slowestRestartMs: number;
  violations: Violation[];
  /** Violations in all; of each kind only the first are described. */
  violationCount: number;
  /** The Worker's last words, for looking into a violation. */
  log: string[];
};

/**
 * Load before the next kill, in milliseconds: every order of magnitude is as likely as the others, because some
 * things are on their way for a moment only.
 */
const LOAD_LEAST_MS = 4;
const LOAD_MOST_MS = 400;
/** Share of kills that come while everybody is still reconnecting; the others wait for the first answer. */
const EARLY_KILLS = 0.2;
const FIRST_ANSWER_MAX_MS = 5_000;
/** Share of kills with which somebody leaves for good. */
const CHURN = 0.2;
/** Answers may be this long in coming once the faults have ended. */
const SETTLE_MS = 20_000;
/** From this many kills on, D1 is watched to the deadline in any case. */
const PATIENT_FROM_KILLS = 50;

/** Kills the product again and again under load, then holds everything it said against everything it has. */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const folder = await scratchFolder();
  let server: RunningServer | null = null;
  let crowd: Crowd | null = null;
  try {
    server = await RunningServer.start(await options.bundles.of(options.fault ?? null), folder);
    const running = server;
    options.signal?.addEventListener("abort", () => void running.stop(), { once: true });
    const seed = options.seed ?? Date.now() % 1_000_000_000;
    const random = new Random(seed);
    const world = newWorld(server, random);
    const seeded = await fetch(`${world.url}/dev/seed`, { method: "POST" });
    if (!seeded.ok) throw new Error(`seeding failed: ${await seeded.text()}`);
    crowd = await Crowd.gather(world, options.operators ?? 2, random);
    for (let i = 0; i < (options.visitors ?? 4); i++) crowd.arrive();

    let slowestRestartMs = 0;
    let kills = 0;
    while (kills < options.kills) {
      if (!random.happens(EARLY_KILLS)) await untilAnswered(world);
      await pause(
        LOAD_LEAST_MS * ((options.loadMs ?? LOAD_MOST_MS) / LOAD_LEAST_MS) ** random.next(),
      );
      options.signal?.throwIfAborted();
      if (random.happens(CHURN)) crowd.replaceOne();
      slowestRestartMs = Math.max(slowestRestartMs, await server.kill());
      kills++;
      if (kills % 50 === 0)
        options.onProgress?.(`${kills} kills · ${describe(count(crowd, world))}`);
      if (options.stopsAtHoles === true && (await hasHoles(server))) break;
    }
    const watch = new ProjectionWatch(server, performance.now());
    const projectionLagMs = await settleAndAudit(options, server, crowd, world, watch);
    const { findings } = world;
    return {
      seed,
      kills,
      conversations: crowd.threads.filter(({ visitor }) => visitor.conversation !== null).length,
      ...count(crowd, world),
      lost: findings.count("lost"),
      duplicated: findings.count("duplicated"),
      reordered: findings.count("reordered"),
      gaps: findings.count("gap"),
      projectionLagMs,
      slowestRestartMs,
      violations: findings.list,
      violationCount: findings.total,
      log: server.log,
    };
  } finally {
    const dispersed = crowd?.disperse();
    await server?.stop();
    await dispersed;
    await rm(folder, { recursive: true, force: true });
  }
}

async function settleAndAudit(
  options: ChaosOptions,
  server: RunningServer,
  crowd: Crowd,
  world: World,
  watch: ProjectionWatch,
): Promise<number | null> {
  const { findings } = world;
  world.phase = "settling";
  const deadline = performance.now() + SETTLE_MS;
  while (crowd.waiting().length > 0 && performance.now() < deadline) await pause(20);
  for (const name of crowd.waiting()) findings.add("unanswered", name);

  const threads = crowd.threads.filter(({ visitor }) => visitor.conversation !== null);
  const visitors = threads.map(({ visitor }) => visitor);
  // A run that has failed already is not worth waiting for.
  if (findings.total === 0) await watch.untilStill(visitors, options.kills >= PATIENT_FROM_KILLS);

  const [operator] = crowd.operators;
  if (operator === undefined) throw new Error("nobody is there to ask");
  const truths: Truth[] = [];
  for (const { visitor, rooms, isStillThere } of threads) {
    const truth = await readTruth(operator, visitor);
    truths.push(truth);
    auditLog(truth, findings);
    auditViews(truth, rooms, isStillThere, findings);
    await auditEvents(operator, truth, findings);
  }
  // What the operators' requests woke up has the rest of the time to get there.
  if (findings.total === 0 && watch.lagMs(truths) === null) await watch.untilStill(visitors, true);
  if (findings.total === 0) {
    for (const line of watch.behind(truths)) findings.add("projection", line);
    await auditRows(server, operator, truths, findings);
  }
  for (const truth of truths) await auditNextPage(truth, findings);
  return watch.lagMs(truths);
}

/** Until somebody has had an answer: how long that takes depends on the machine. */
async function untilAnswered(world: World): Promise<void> {
  const before = world.answers;
  const deadline = performance.now() + FIRST_ANSWER_MAX_MS;
  while (world.answers === before && performance.now() < deadline) await pause(5);
}

function newWorld(server: RunningServer, random: Random): World {
  return {
    url: server.url,
    untilUp: () => server.untilUp(),
    findings: new Findings(),
    phase: "load",
    canary: `for-operators-only-${random.word()}`,
    site: "http://127.0.0.1:4321",
    siteKey: "pk_demo",
    resends: 0,
    answers: 0,
  };
}

type Counts = Pick<ChaosReport, "acknowledged" | "resends">;

function count(crowd: Crowd, world: World): Counts {
  const acknowledged = { messages: 0, notes: 0, events: 0 };
  for (const { visitor } of crowd.threads) {
    for (const { type } of visitor.ledger.acknowledged())
      acknowledged[type === "note" ? "notes" : "messages"]++;
    for (const stream of visitor.streams) acknowledged.events += stream.through;
  }
  return { acknowledged, resends: world.resends };
}

export function describe({ acknowledged, resends }: Counts): string {
  const { messages, notes, events } = acknowledged;
  return `acknowledged ${messages} messages, ${notes} notes, ${events} events · ${resends} resends`;
}

/** In memory where there is such a folder: what is tested is recovery, and a disk would only slow it down. */
async function scratchFolder(): Promise<string> {
  return mkdtemp(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "parley-chaos-"));
}
