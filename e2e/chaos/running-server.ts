import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { QUIET_TOOLS, ROOT } from "../../scripts/environment.ts";
import type { Row, ServerEvent, ServerRequest } from "./server.ts";

const SERVER = fileURLToPath(new URL("server.ts", import.meta.url));
const START_TIMEOUT_MS = 60_000;
const ANSWER_TIMEOUT_MS = 60_000;
const LOG_MAX = 400;

type WithoutId<R> = R extends unknown ? Omit<R, "id"> : never;

/** The product in a process of its own, that can be killed and comes back on the same state. */
export class RunningServer {
  readonly url: string;
  /** What the Worker logged last. */
  readonly log: string[];
  readonly #child: ChildProcess;
  readonly #waiting = new Map<
    number,
    { resolve: (rows: Row[]) => void; reject: (error: Error) => void }
  >();
  #requests = 0;
  #isUp = true;
  #waitingForUp: (() => void)[] = [];

  private constructor(child: ChildProcess, url: string, log: string[]) {
    this.#child = child;
    this.url = url;
    this.log = log;
    child.on("message", (message) => this.#hear(message as ServerEvent)); // server.ts is the only one on this channel
    child.on("exit", () => {
      for (const { reject } of this.#waiting.values()) reject(new Error("the server has ended"));
      this.#waiting.clear();
    });
  }

  /**
   * @param worker What to run, from `Bundles`.
   * @param state Folder of everything that is kept over kills.
   */
  static async start(worker: string, state: string): Promise<RunningServer> {
    const child = spawn(process.execPath, [SERVER, worker, state], {
      cwd: ROOT,
      env: { ...process.env, ...QUIET_TOOLS, NODE_OPTIONS: "" },
      // A group of its own, so that one signal reaches workerd too.
      detached: true,
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    endWithThisProcess(child);
    let output = "";
    child.stderr?.on("data", (chunk) => (output = (output + String(chunk)).slice(-10_000)));
    const log: string[] = [];
    const url = await new Promise<string>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`the server did not start\n${output}`)),
        START_TIMEOUT_MS,
      );
      child.once("exit", (code) => reject(new Error(`the server ended with ${code}\n${output}`)));
      child.on("message", (message) => {
        const event = message as ServerEvent; // server.ts is the only one on this channel
        // The runtime's own word on every alarm that a restart has moved says nothing of the product.
        if (event.event === "log" && !event.line.includes("NOSENTRY")) log.push(event.line);
        if (log.length > LOG_MAX) log.shift();
        if (event.event !== "ready") return;
        clearTimeout(timer);
        resolve(event.url);
      });
    }).catch((error: unknown) => {
      killGroup(child);
      throw error;
    });
    return new RunningServer(child, url, log);
  }

  /** Kills workerd now. Resolves when it is back, with how long it was away. */
  async kill(): Promise<number> {
    const at = performance.now();
    this.#isUp = false;
    await this.#ask({ do: "kill" });
    this.#isUp = true;
    for (const resolve of this.#waitingForUp.splice(0)) resolve();
    return performance.now() - at;
  }

  /** Resolves when there is something to connect to. */
  async untilUp(): Promise<void> {
    while (!this.#isUp) await new Promise<void>((resolve) => this.#waitingForUp.push(resolve));
  }

  /** Rows of D1, read beside the Worker. */
  query(sql: string, ...values: (string | number | null)[]): Promise<Row[]> {
    return this.#ask({ do: "query", sql, values });
  }

  async stop(): Promise<void> {
    const isGone = this.#child.exitCode !== null || this.#child.signalCode !== null;
    const gone = isGone
      ? null
      : new Promise<void>((resolve) => this.#child.once("exit", () => resolve()));
    killGroup(this.#child);
    await gone;
    this.#isUp = true;
    for (const resolve of this.#waitingForUp.splice(0)) resolve();
  }

  #ask(request: WithoutId<ServerRequest>): Promise<Row[]> {
    const id = ++this.#requests;
    return new Promise<Row[]>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`no answer to ${request.do}`)),
        ANSWER_TIMEOUT_MS,
      );
      timer.unref();
      const settled = () => {
        clearTimeout(timer);
        this.#waiting.delete(id);
      };
      this.#waiting.set(id, {
        resolve: (rows) => (settled(), resolve(rows)),
        reject: (error) => (settled(), reject(error)),
      });
      this.#child.send(
        { id, ...request },
        (error) => error && this.#waiting.get(id)?.reject(error),
      );
    });
  }

  #hear(event: ServerEvent): void {
    if (event.event === "answer") this.#waiting.get(event.id)?.resolve(event.rows);
    else if (event.event === "failed")
      this.#waiting.get(event.id)?.reject(new Error(event.message));
  }
}

const started = new Set<ChildProcess>();
process.once("exit", () => started.forEach(killGroup));

/** Nothing is left behind, whichever way this process ends. A KILL ends the channel, and the server with it. */
function endWithThisProcess(child: ChildProcess): void {
  started.add(child);
  child.once("exit", () => started.delete(child));
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // All of it is gone already.
  }
}
