import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { startProduct } from "../scripts/product.ts";

declare module "vitest" {
  interface ProvidedContext {
    workerUrl: string;
    dashboardUrl: string;
    /** A folder for the sessions of those who have signed in. */
    sessions: string;
  }
}

/** Starts the built product once for all end-to-end tests, on free ports and with a state of its own. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const state = await mkdtemp(join(tmpdir(), "parley-e2e-"));
  const log: string[] = [];
  const product = await startProduct({
    port: await freePort(),
    dashboardPort: await freePort(),
    state,
    withDashboard: true,
    onOutput: (text) => log.push(text),
  }).catch((error: unknown) => {
    console.error(log.join(""));
    throw error;
  });
  project.provide("workerUrl", product.workerUrl);
  project.provide("dashboardUrl", product.dashboardUrl);
  const sessions = join(state, "sessions");
  await mkdir(sessions, { recursive: true });
  project.provide("sessions", sessions);
  return async () => {
    await product.stop();
    await rm(state, { recursive: true, force: true });
  };
}

/** A port that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
