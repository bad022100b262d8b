import { spawn } from "node:child_process";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { freePort } from "../e2e/product.ts";
import { ROOT } from "./environment.ts";

let cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const one of cleanUp.reverse()) await one();
  cleanUp = [];
});

/** Runs `npm start` as a stranger would, and tells when these words are printed. */
async function startAsAStranger(
  until = "Ctrl-C",
  [command, ...args]: [string, ...string[]] = [process.execPath, "scripts/start.ts"],
) {
  const state = await mkdtemp(join(tmpdir(), "parley-start-"));
  const port = await freePort();
  const dashboardPort = await freePort();
  const child = spawn(command, args, {
    cwd: ROOT,
    env: {
      ...process.env,
      npm_lifecycle_event: "start",
      PORT: String(port),
      DASHBOARD_PORT: String(dashboardPort),
      PARLEY_STATE: state,
      PARLEY_TEST_RUN: state,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
  cleanUp.push(async () => {
    child.kill("SIGKILL");
    for (const pid of await processesOf(state)) process.kill(pid, "SIGKILL");
    await rm(state, { recursive: true, force: true });
  });
  let output = "";
  child.stderr.on("data", (chunk) => (output += String(chunk)));
  await new Promise<void>((resolve, reject) => {
    child.stdout.on("data", (chunk) => {
      output += String(chunk);
      if (output.includes(until)) resolve();
    });
    void ended.then(() => reject(new Error(`ended before it ran:\n${output}`)));
  });
  return { child, ended, state, port, dashboardPort, output: () => output };
}

/** Processes that were started with a mark in their environment, whoever their parent is now. */
async function processesOf(mark: string): Promise<number[]> {
  const found: number[] = [];
  for (const entry of await readdir("/proc")) {
    if (!/^\d+$/.test(entry) || Number(entry) === process.pid) continue;
    const environment = await readFile(`/proc/${entry}/environ`, "utf8").catch(() => "");
    if (environment.includes(`PARLEY_TEST_RUN=${mark}`)) found.push(Number(entry));
  }
  return found;
}

test.each(["SIGTERM", "SIGINT"] as const)(
  "the product starts, says where it is, answers there, and %s leaves no process behind",
  async (signal) => {
    const { child, ended, state, port, dashboardPort, output } = await startAsAStranger();
    expect(output()).toContain(`http://127.0.0.1:${port}/demo/`);
    expect(output()).toContain("owner@demo.test");
    expect((await fetch(`http://127.0.0.1:${port}/demo/`)).status).toBe(200);
    expect((await fetch(`http://127.0.0.1:${port}/widget.js`)).status).toBe(200);
    expect((await fetch(`http://127.0.0.1:${dashboardPort}/`)).status).toBe(200);
    expect((await fetch(`http://127.0.0.1:${dashboardPort}/api/me`)).status).toBe(401);
    expect((await processesOf(state)).length).toBeGreaterThan(2);
    child.kill(signal);
    expect(await ended).toBe(0);
    expect(await processesOf(state)).toEqual([]);
  },
);

test("a TERM while it is still starting ends what has been started", async () => {
  const { child, ended, state } = await startAsAStranger("Starting");
  while ((await processesOf(state)).length < 3) await new Promise((wait) => setTimeout(wait, 20));
  child.kill("SIGTERM");
  expect(await ended).toBe(0);
  expect(await processesOf(state)).toEqual([]);
});

test("it ends when the shell does that npm runs it in", async () => {
  const { child, ended, state } = await startAsAStranger("Ctrl-C", [
    "sh",
    "-c",
    `"${process.execPath}" scripts/start.ts; true`,
  ]);
  child.kill("SIGTERM");
  await ended;
  await expect.poll(() => processesOf(state), { timeout: 30_000 }).toEqual([]);
});

test("a port that is none is refused with words", async () => {
  const child = spawn(process.execPath, ["scripts/start.ts"], {
    cwd: ROOT,
    env: { ...process.env, PORT: "eighty" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (chunk) => (said += String(chunk)));
  expect(await new Promise((resolve) => child.on("exit", resolve))).toBe(1);
  expect(said).toContain("PORT must be a port");
});
