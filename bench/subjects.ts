import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { Bundles } from "../e2e/chaos/bundle.ts";
import { RunningServer } from "../e2e/chaos/running-server.ts";
import type { RunningWorker } from "../e2e/chaos/server.ts";
import { cpuMsOf, ownRuntimes } from "./cpu.ts";

/** The bare Workers in `floors/` that the product is compared with. */
export type FloorName = "hib" | "sql" | "ack" | "blob";

/** A Worker that runs alone in a workerd of its own, reached without anything in between. */
export type Subject = {
  url: string;
  /** CPU time that its runtime has used so far, in milliseconds. */
  cpuMs: () => number;
  /** Its objects sleep while the others have their round: how long under load until it works as if it had not. */
  leadInSeconds: number;
  /** How long after a round until everything that the round began is done. */
  settleSeconds: number;
  stop: () => Promise<void>;
};

type Tempo = Pick<Subject, "leadInSeconds" | "settleSeconds">;
const FLOOR_TEMPO: Tempo = { leadInSeconds: 0.5, settleSeconds: 0.2 };
/** The product coalesces what its objects tell each other, and so needs a moment to begin and to end. */
const PRODUCT_TEMPO: Tempo = { leadInSeconds: 2, settleSeconds: 1 };

/** Made once for all subjects. */
let bundles: Bundles | undefined;

/**
 * The product as `wrangler deploy` would upload it, with everything it is bound to and its demo workspace.
 * @param name Of its state's folder: each has its own.
 */
export async function startProduct(folder: string, name = "product"): Promise<Subject> {
  bundles ??= new Bundles(join(folder, "bundles"));
  const subject = await start(await bundles.of(null), join(folder, name), PRODUCT_TEMPO);
  const seeded = await fetch(new URL("/dev/seed", subject.url), { method: "POST" });
  if (!seeded.ok) throw new Error(`seeding the demo workspace failed: ${await seeded.text()}`);
  return subject;
}

export async function startFloor(name: FloorName, folder: string): Promise<Subject> {
  const worker = await bundleFloor(name, join(folder, "bundles", name));
  return start(worker, join(folder, name), FLOOR_TEMPO);
}

async function bundleFloor(name: FloorName, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const code = join(folder, "index.js");
  await build({
    entryPoints: [join(import.meta.dirname, "floors", `${name}.ts`)],
    outfile: code,
    bundle: true,
    format: "esm",
    target: "es2024",
    external: ["cloudflare:*"],
    logLevel: "warning",
  });
  const worker: RunningWorker = {
    folder,
    modules: [{ type: "ESModule", path: code }],
    // The server makes tables in every Worker's database; a floor's stays empty.
    migrations: ["SELECT 1"],
    options: {
      compatibilityDate: "2026-10-01",
      durableObjects: { OBJECT: { className: "Floor", useSQLite: true } },
      d1Databases: { DB: "floor" },
    },
  };
  const file = join(folder, "worker.json");
  await writeFile(file, JSON.stringify(worker));
  return file;
}

async function start(worker: string, state: string, tempo: Tempo): Promise<Subject> {
  const before = ownRuntimes();
  const server = await RunningServer.start(worker, state);
  const pid = ownRuntimes().find((candidate) => !before.includes(candidate));
  if (pid === undefined) throw new Error("no workerd was started");
  return { url: server.url, cpuMs: () => cpuMsOf(pid), ...tempo, stop: () => server.stop() };
}
