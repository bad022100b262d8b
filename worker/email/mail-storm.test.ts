import { env as bindings } from "cloudflare:workers";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { examine } from "../testing/mail-storm/examination.ts";
import { MailLife } from "../testing/mail-storm/life.ts";
import type { MailFaults } from "../testing/mail-storm/weather.ts";
import { newWorkspace, type WorkspaceFixture } from "../testing/workspace-fixture.ts";

/**
 * Promise 5: a mail is sent once, or nobody knows, and never a second time by itself. Conversations by email in a storm:
 * objects, consumers and the provider die before and after each effect, queues lose jobs, and every job, mail and event
 * is delivered one to ten times in any order. `npm run mails` raises how many runs there are.
 */

const { PARLEY_MAILS, PARLEY_SEED } = bindings as { PARLEY_MAILS?: string; PARLEY_SEED?: string }; // vitest.config.ts
const RUNS = Number(PARLEY_MAILS || 10);
const FIRST_SEED = Number(PARLEY_SEED || 1);
const FAULTY_SEED = 1_000_000_000;
/** Runs in which a seeded fault has to show. */
const FAULTY_RUNS = 12;
const TOLD_EVERY = 100;

let workspace: WorkspaceFixture;
beforeAll(async () => {
  workspace = await newWorkspace("storm");
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** A workspace takes so many new conversations in a minute; the runs follow each other in time. */
let clock = Date.now();

async function live(seed: number, hasKeys: boolean, faults: MailFaults = {}) {
  vi.useFakeTimers({ toFake: ["Date"], now: (clock += 60_000) });
  const life = new MailLife(workspace, seed, hasKeys, faults);
  await life.begin();
  await life.storm();
  await life.calmDown();
  clock = Date.now();
  const wrong = await examine(workspace, life);
  const fates = [...(await life.fates()).values()].map(({ state }) => state);
  vi.restoreAllMocks();
  vi.useRealTimers();
  return { wrong, fates, arrived: life.office.arrived.size };
}

test("each mail arrives once where the provider knows keys, at most once where not, and has a fate", async () => {
  const counted = new Map<string, number>();
  let arrived = 0;
  for (let run = 0; run < RUNS; run++) {
    const seed = FIRST_SEED + run;
    const hasKeys = seed % 2 === 0;
    const lived = await live(seed, hasKeys);
    expect(lived.wrong, `seed ${seed}`).toEqual([]);
    arrived += lived.arrived;
    for (const fate of lived.fates) {
      const name = `${fate} ${hasKeys ? "with" : "without"} keys`;
      counted.set(name, (counted.get(name) ?? 0) + 1);
    }
    if ((run + 1) % TOLD_EVERY === 0) console.log(`${run + 1} runs, ${arrived} mails so far`);
  }
  const parts = [...counted]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([fate, times]) => `${times} ${fate}`);
  console.log(`${RUNS} runs, ${arrived} mails arrived, none twice: ${parts.join(", ")}`);
}, 36_000_000);

const nth = (n: number): (() => boolean) => {
  let count = 0;
  return () => ++count % n === 0;
};
const FAULTS: Record<string, { hasKeys: boolean; faults: () => MailFaults }> = {
  "a provider without keys that is asked again": {
    hasKeys: false,
    faults: () => ({ believesKeys: true }),
  },
  "a provider with keys that is not asked again": {
    hasKeys: true,
    faults: () => ({ believesKeys: false }),
  },
  "an end that the conversation does not hear": {
    hasKeys: true,
    faults: () => ({ deafFor: (job) => job.charCodeAt(job.length - 1) % 2 === 0 }),
  },
  "a job that is never put on the queue again": {
    hasKeys: true,
    faults: () => ({ forgetsJobs: true }),
  },
  "an address that is not held back": {
    hasKeys: true,
    faults: () => ({ skipped: (sql) => sql.includes("INTO suppressions") }),
  },
  "a mail whose end is not written down": {
    hasKeys: false,
    faults: () => ({ skipped: (sql) => sql.includes("UPDATE mails SET state = ?2") }),
  },
  "a mail that comes under another name each time": {
    hasKeys: true,
    faults: () => {
      const isOther = nth(2);
      return { nameOf: (key) => (isOther() ? `${key}-${Math.random()}` : key) };
    },
  },
};

test.each(Object.entries(FAULTS))(
  "the storm finds %s",
  async (_, { hasKeys, faults }) => {
    let found: string[] = [];
    for (let run = 0; run < FAULTY_RUNS && found.length === 0; run++)
      found = (await live(FAULTY_SEED + run, hasKeys, faults())).wrong;
    expect(found).not.toEqual([]);
  },
  120_000,
);
