import { resolve } from "node:path";
import { build } from "./build.ts";
import { ROOT } from "./environment.ts";
import { startProduct, type Product } from "./product.ts";

/** `npm start`: builds and runs the whole product here. `--dev` adds hot reload for dashboard and widget. */

const port = portFrom("PORT", 8787);
const dashboardPort = portFrom("DASHBOARD_PORT", 8788);
const state = resolve(ROOT, process.env["PARLEY_STATE"] ?? ".wrangler/state");
const isDev = process.argv.includes("--dev");
const isVerbose = process.argv.includes("--verbose");

/** How often it is looked whether the shell that npm runs this in is still there. */
const PARENT_LOOK_MS = 500;

const stopping = new AbortController();
let starting: Promise<Product> | null = null;
let reload: { close(): Promise<void> } | null = null;
let isStopping = false;

async function stop(code: number): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  stopping.abort();
  await reload?.close();
  // What is being started has ended what it started, or is there to be stopped.
  await (await starting?.catch(() => null))?.stop();
  process.exit(code);
}
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.on(signal, () => void stop(0));
// npm passes a TERM on to its shell alone, which ends without telling us.
if (process.env["npm_lifecycle_event"] !== undefined) {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) void stop(0);
  }, PARENT_LOOK_MS).unref();
}

const log: string[] = [];
try {
  console.log("Building …");
  await build();
  console.log("Starting …");
  starting = startProduct({
    signal: stopping.signal,
    port,
    dashboardPort,
    state,
    withDashboard: !isDev,
    onOutput: (text) => {
      log.push(text);
      if (log.length > 200) log.shift();
      if (isVerbose) process.stdout.write(text);
    },
  });
  const product = await starting;
  if (isDev) {
    const { startReload } = await import("./reload.ts");
    reload = await startReload({ workerUrl: product.workerUrl, dashboardPort });
  }
  console.log(`
  Parley is running.

    Demo shop      ${product.workerUrl}/demo/
    Dashboard      ${product.dashboardUrl}
    Mailbox        ${product.workerUrl}/dev/mailbox   (sign-in codes arrive here)

    Sign in as     owner@demo.test  or  agent@demo.test
    Stop           Ctrl-C
`);
  const why = await product.ended;
  if (!isStopping) {
    console.error(`A part of the product ${why}.\n${log.join("")}`);
    await stop(1);
  }
} catch (error) {
  if (!isStopping) {
    console.error(error instanceof Error ? error.message : error);
    console.error(log.join(""));
    await stop(1);
  }
}

function portFrom(name: string, fallback: number): number {
  const value = process.env[name];
  if (value === undefined || value === "") return fallback;
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1 || number > 65_535) {
    console.error(`${name} must be a port between 1 and 65535, not "${value}".`);
    process.exit(1);
  }
  return number;
}
