import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { spawn, type ChildProcess } from "node:child_process";
import { QUIET_TOOLS, ROOT, WRANGLER } from "./environment.ts";
import { end, run } from "./processes.ts";

export type ProductOptions = {
  port: number;
  dashboardPort: number;
  /** Folder of everything that is kept: database, objects, files. */
  state: string;
  /** Where the dashboard is opened, if not on its own port. */
  dashboardUrl?: string;
  /** Start the Pages dashboard too. */
  withDashboard: boolean;
  onOutput?: (line: string) => void;
  /** When it is aborted before everything runs, what was started is ended and the start fails. */
  signal?: AbortSignal;
};

export type Product = {
  workerUrl: string;
  dashboardUrl: string;
  stop: () => Promise<void>;
  /** Resolves if a part of it ends by itself. */
  ended: Promise<string>;
};

/** Starts the built product on this machine: migrations, Worker, demo workspace, dashboard. */
export async function startProduct(options: ProductOptions): Promise<Product> {
  const { port, dashboardPort, state, signal } = options;
  await mkdir(state, { recursive: true });
  const workerUrl = `http://127.0.0.1:${port}`;
  const dashboardUrl = options.dashboardUrl ?? `http://127.0.0.1:${dashboardPort}`;
  const env = {
    ...QUIET_TOOLS,
    PARLEY_BUILT: "1",
    WRANGLER_REGISTRY_PATH: join(state, "registry"),
  };
  const secrets = await developmentSecrets(state);
  const children: ChildProcess[] = [];
  const stop = async () => void (await Promise.all(children.map(end)));
  try {
    await run(
      process.execPath,
      [WRANGLER, "d1", "migrations", "apply", "DB", "--local", "--persist-to", state],
      { ...env, CI: "1" },
      ROOT,
    );
    const worker = start(
      [
        "dev",
        "--ip",
        "127.0.0.1",
        "--port",
        String(port),
        "--persist-to",
        state,
        "--env-file",
        secrets,
        "--inspector-port",
        "0",
        "--show-interactive-dev-session=false",
        "--var",
        "ENVIRONMENT:development",
        "EMAIL_TRANSPORT:mailbox",
        "EMAIL_REPLY_DOMAIN:reply.parley.test",
        `DASHBOARD_URL:${dashboardUrl}`,
        `PUBLIC_URL:${workerUrl}`,
      ],
      ROOT,
    );
    await reachable(`${workerUrl}/dev/clock`, worker, signal);
    const seeded = await fetch(`${workerUrl}/dev/seed`, { method: "POST" });
    if (!seeded.ok) throw new Error(`seeding the demo workspace failed: ${await seeded.text()}`);
    if (options.withDashboard) {
      const dashboard = start(
        [
          "pages",
          "dev",
          "--ip",
          "127.0.0.1",
          "--port",
          String(dashboardPort),
          "--persist-to",
          state,
          "--inspector-port",
          "0",
          "--show-interactive-dev-session=false",
        ],
        join(ROOT, "dashboard"),
      );
      await reachable(`${dashboardUrl}/api/me`, dashboard, signal);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  const ended = Promise.race(
    children.map(
      (child) =>
        new Promise<string>((resolve) =>
          child.once("exit", (code) => resolve(`ended with ${code}`)),
        ),
    ),
  );
  return { workerUrl, dashboardUrl, stop, ended };

  function start(args: string[], cwd: string): ChildProcess {
    const child = spawn(process.execPath, [WRANGLER, ...args], {
      cwd,
      env: { ...process.env, ...env },
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    child.stdout.on("data", (chunk) => options.onOutput?.(String(chunk)));
    child.stderr.on("data", (chunk) => options.onOutput?.(String(chunk)));
    children.push(child);
    return child;
  }
}

/** A secret of this machine's own, made once and kept with the state. */
async function developmentSecrets(state: string): Promise<string> {
  const file = join(state, "development.env");
  const held = await readFile(file, "utf8").catch(() => "");
  if (!held.includes("PARLEY_SECRET=")) {
    await writeFile(file, `PARLEY_SECRET=${randomBytes(32).toString("hex")}\n`, { mode: 0o600 });
  }
  return file;
}

const READY_TIMEOUT_MS = 90_000;

/** Waits until something answers there, whatever it says. */
async function reachable(url: string, child: ChildProcess, signal?: AbortSignal): Promise<void> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  for (;;) {
    signal?.throwIfAborted();
    if (child.exitCode !== null)
      throw new Error(`the program behind ${url} ended with ${child.exitCode}`);
    const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) }).catch(() => null);
    await answer?.body?.cancel();
    if (answer !== null && answer.status < 500) return;
    if (Date.now() > deadline) throw new Error(`nothing answered at ${url}`);
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
}
