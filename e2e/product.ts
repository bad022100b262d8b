import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { startProduct, type Product } from "../scripts/product.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** `GET /<worker>` there answers with the `Stage` of that worker's test files. */
    stages: string;
  }
}

/** A running product that the test files of one worker have to themselves, one after the other. */
export type Stage = {
  workerUrl: string;
  dashboardUrl: string;
  /** A folder for the sessions of those who have signed in. */
  sessions: string;
};

/**
 * Starts the built product for the end-to-end tests: one for each worker that runs them, when its first file asks, on
 * free ports and with a state of its own.
 */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "parley-e2e-"));
  const products: Promise<Product>[] = [];
  const stages = new Map<string, Promise<Stage>>();

  async function start(state: string): Promise<Stage> {
    const sessions = join(state, "sessions");
    await mkdir(sessions, { recursive: true });
    const log: string[] = [];
    const product = startProduct({
      port: await freePort(),
      dashboardPort: await freePort(),
      state,
      withDashboard: true,
      onOutput: (text) => log.push(text),
    });
    products.push(product);
    const { workerUrl, dashboardUrl } = await product.catch((error: unknown) => {
      console.error(log.join(""));
      throw error;
    });
    return { workerUrl, dashboardUrl, sessions };
  }

  const server = createServer(({ url = "" }, response) => {
    const stage = stages.get(url) ?? start(join(folder, url));
    stages.set(url, stage);
    stage.then(
      (ready) => response.end(JSON.stringify(ready)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  project.provide("stages", `http://127.0.0.1:${portOf(server)}`);
  return async () => {
    server.close();
    for (const started of await Promise.allSettled(products))
      if (started.status === "fulfilled") await started.value.stop();
    await rm(folder, { recursive: true, force: true });
  };
}

/** Below the ports that systems give to connections: one of those could be taken before a program has come to use it. */
const PORTS = { from: 10_000, to: 30_000 };
const given = new Set<number>();

/** A port that nobody listens on now, and that is given once. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = PORTS.from + Math.floor(Math.random() * (PORTS.to - PORTS.from));
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const isOurs = await new Promise<boolean>((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => resolve(true));
  });
  if (isOurs) await new Promise<void>((resolve) => server.close(() => resolve()));
  return isOurs;
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
