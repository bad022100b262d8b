import { readFileSync, readlinkSync, rmSync } from "node:fs";
import { basename } from "node:path";
import {
  convertV4MiniflareOptions,
  Log,
  LogLevel,
  Miniflare,
  type V4WorkerOptionsShape,
} from "miniflare";

/**
 * A program of its own: the built Worker in miniflare, on a port of workerd itself. Told to kill, it kills workerd
 * with SIGKILL and nothing else; miniflare then starts a new workerd on the same state. It speaks with the test over
 * the channel it was started with, and ends when that closes, however the test ended.
 */

/** What to run, as `bundle.ts` wrote it. */
export type RunningWorker = {
  folder: string;
  modules: { type: "ESModule" | "Text"; path: string }[];
  migrations: string[];
  options: V4WorkerOptionsShape;
};

/** A row of D1. */
export type Row = Record<string, string | number | null>;

export type ServerRequest =
  | { id: number; do: "kill" }
  | { id: number; do: "query"; sql: string; values: (string | number | null)[] };
export type ServerEvent =
  | { event: "ready"; url: string }
  | { event: "answer"; id: number; rows: Row[] }
  | { event: "failed"; id: number; message: string }
  | { event: "log"; line: string };

const [file = "", state = ""] = process.argv.slice(2);
const worker = JSON.parse(readFileSync(file, "utf8")) as RunningWorker; // bundle.ts wrote it

let restarted = (): void => {};

const miniflare = new Miniflare(
  convertV4MiniflareOptions({
    host: "127.0.0.1",
    port: 0,
    cf: false,
    log: new Log(LogLevel.NONE),
    logRequests: false,
    unsafeObservability: false,
    unsafeLocalExplorer: false,
    resourcePersistencePath: state,
    unsafeHandleRuntimeRestart: () => restarted(),
    handleStructuredLogs: ({ level, message }) =>
      tell({ event: "log", line: `${level} ${message}` }),
    workers: [
      {
        ...worker.options,
        name: "parley",
        modulesRoot: worker.folder,
        modules: worker.modules,
        unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
        // Visitors say themselves which network they come from, as the throttle tells them apart by it.
        stripCfConnectingIp: false,
      },
    ],
  }),
);

process.on("disconnect", () => {
  killRuntimes();
  // The test is gone without having tidied up.
  rmSync(state, { recursive: true, force: true });
  process.exit();
});
process.on("SIGTERM", () => end());
process.on("message", (message) => void obey(message as ServerRequest)); // the test is the only one on this channel

try {
  await miniflare.ready;
  const database = await miniflare.getD1Database("DB");
  await database.batch(worker.migrations.map((statement) => database.prepare(statement)));
  tell({ event: "ready", url: (await miniflare.unsafeGetDirectURL("parley")).origin });
} catch (error) {
  console.error(error);
  end(1);
}

async function obey(request: ServerRequest): Promise<void> {
  const { id } = request;
  try {
    tell({
      event: "answer",
      id,
      rows: request.do === "kill" ? await kill() : await query(request),
    });
  } catch (error) {
    tell({ event: "failed", id, message: String(error) });
  }
}

/** Answers when the next workerd takes connections, on the same port. */
async function kill(): Promise<[]> {
  const [pid, ...others] = runtimes();
  if (pid === undefined || others.length > 0)
    throw new Error(`${others.length + 1} runtimes instead of one`);
  const isBack = new Promise<void>((resolve) => (restarted = resolve));
  process.kill(pid, "SIGKILL");
  await isBack;
  return [];
}

async function query({ sql, values }: Extract<ServerRequest, { do: "query" }>): Promise<Row[]> {
  // Asked for anew each time: a handle does not survive the runtime that it came from.
  const database = await miniflare.getD1Database("DB");
  const { results } = await database
    .prepare(sql)
    .bind(...values)
    .all<Row>();
  return results;
}

/** The workerd processes that this process has started. */
function runtimes(): number[] {
  const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, "utf8").trim();
  return children
    .split(" ")
    .filter((pid) => pid !== "" && basename(readlinkSync(`/proc/${pid}/exe`)) === "workerd")
    .map(Number);
}

function tell(event: ServerEvent): void {
  if (process.connected) process.send?.(event, () => {}); // a test that is gone needs no answer
}

function end(code = 0): void {
  killRuntimes();
  process.exit(code);
}

function killRuntimes(): void {
  for (const pid of runtimes()) process.kill(pid, "SIGKILL");
}
