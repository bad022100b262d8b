import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Bundles, type Fault } from "./bundle.ts";
import { runChaos, type ChaosOptions } from "./chaos.ts";
import type { ViolationKind } from "./findings.ts";

const folder = mkdtempSync(join(tmpdir(), "parley-bundle-"));
const bundles = new Bundles(folder);
afterAll(() => rm(folder, { recursive: true, force: true }));

const TIMEOUT_MS = 300_000;

test(
  "ten kills of workerd under load lose, double and reorder nothing, and D1 follows within ten seconds",
  async () => {
    const { seed, violations, acknowledged, projectionLagMs } = await runChaos({
      kills: 10,
      bundles,
    });
    expect(violations, `seed ${seed}`).toEqual([]);
    expect(acknowledged.messages).toBeGreaterThan(0);
    expect(acknowledged.events).toBeGreaterThan(0);
    expect(projectionLagMs).toBeLessThan(10_000);
  },
  TIMEOUT_MS,
);

type Seeded = [fault: Fault, violation: ViolationKind, run: Omit<ChaosOptions, "bundles">];

/** The last fault shows only when a kill comes while a job is on its way, which is a few milliseconds long. */
const SEEDED: Seeded[] = [
  ["ack-before-write", "lost", { kills: 10 }],
  ["no-dedupe", "duplicated", { kills: 6 }],
  [
    "cursor-before-effect",
    "projection",
    { kills: 20, visitors: 8, loadMs: 60, stopsAtHoles: true },
  ],
];

test.for(SEEDED)(
  "the kill test finds the fault %s: %s",
  { timeout: TIMEOUT_MS },
  async ([fault, violation, run]) => {
    const { seed, violations } = await runChaos({ ...run, fault, bundles });
    expect(
      violations.map(({ kind }) => kind),
      `seed ${seed}`,
    ).toContain(violation);
  },
);
