import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { QUIET_TOOLS, ROOT, WRANGLER } from "../../scripts/environment.ts";
import { run } from "../../scripts/processes.ts";
import type { RunningWorker } from "./server.ts";

/** A fault that a build can carry (`durable-objects/runtime/fault.ts`), or none. */
export const FAULTS = ["ack-before-write", "no-dedupe", "cursor-before-effect"] as const;
export type Fault = (typeof FAULTS)[number];

const BINDINGS = fileURLToPath(new URL("bindings.ts", import.meta.url));
const SECRET = "a-secret-of-the-kill-test-with-enough-characters";

/** Built Workers in one folder, each fault's made once. */
export class Bundles {
  readonly #folder: string;
  readonly #made = new Map<Fault | null, Promise<string>>();
  #options: Promise<RunningWorker["options"]> | null = null;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** A file that tells the server what to run: the Worker as `wrangler deploy` would upload it, and its bindings. */
  of(fault: Fault | null): Promise<string> {
    const made = this.#made.get(fault) ?? this.#make(fault);
    this.#made.set(fault, made);
    return made;
  }

  async #make(fault: Fault | null): Promise<string> {
    const folder = join(this.#folder, fault ?? "as-deployed");
    await mkdir(folder, { recursive: true });
    this.#options ??= readOptions(this.#folder);
    const define = fault === null ? [] : ["--define", `__FAULT__:${JSON.stringify(fault)}`];
    const env = {
      ...QUIET_TOOLS,
      PARLEY_SECRET: SECRET,
      ...(isBuilt() ? { PARLEY_BUILT: "1" } : {}),
    };
    await run(
      process.execPath,
      [WRANGLER, "deploy", "--dry-run", "--outdir", folder, ...define],
      env,
      ROOT,
    );
    const code = await readFile(join(folder, "index.js"), "utf8");
    const seeded = /^var FAULT = .*$/m.exec(code)?.[0];
    if (seeded === undefined || seeded.includes(`"${fault}"`) !== (fault !== null)) {
      throw new Error(`the build for ${fault ?? "deployment"} has: ${seeded ?? "no FAULT"}`);
    }
    const texts = (await readdir(folder)).filter((name) => name.endsWith(".sql"));
    const worker: RunningWorker = {
      options: await this.#options,
      folder,
      modules: [
        { type: "ESModule", path: join(folder, "index.js") },
        ...texts.map((name) => ({ type: "Text" as const, path: join(folder, name) })),
      ],
      migrations: await databaseStatements(),
    };
    const file = join(folder, "worker.json");
    await writeFile(file, JSON.stringify(worker));
    return file;
  }
}

/** Files that the widget's and the shop's build has left; without them wrangler is told to make them. */
function isBuilt(): boolean {
  return existsSync(join(ROOT, "dist/public"));
}

/** What wrangler.toml binds, with the settings of a development installation. */
async function readOptions(folder: string): Promise<RunningWorker["options"]> {
  const file = join(folder, "bindings.json");
  await run(process.execPath, [BINDINGS, file], { ...QUIET_TOOLS, PARLEY_SECRET: SECRET }, ROOT);
  return {
    ...(JSON.parse(await readFile(file, "utf8")) as RunningWorker["options"]), // bindings.ts wrote it
    bindings: {
      EMAIL_FROM: "Parley <parley@example.com>",
      ENVIRONMENT: "development",
      EMAIL_TRANSPORT: "mailbox",
      EMAIL_REPLY_DOMAIN: "reply.parley.test",
      DASHBOARD_URL: "http://127.0.0.1",
      PUBLIC_URL: "http://127.0.0.1",
      PARLEY_SECRET: SECRET,
    },
  };
}

/** The statements that make D1's tables, oldest migration first. */
async function databaseStatements(): Promise<string[]> {
  const folder = join(ROOT, "migrations");
  const names = (await readdir(folder)).filter((name) => name.endsWith(".sql")).toSorted();
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  return texts
    .flatMap((text) => text.split("--> statement-breakpoint"))
    .filter((text) => text.trim() !== "");
}
