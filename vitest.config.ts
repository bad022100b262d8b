import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

/** Test files run side by side on all of them: by itself Vitest leaves one core out, which is half of a small machine. */
const ALL_CORES = "100%";

/**
 * What Workers import of others, each bundled into one file before the tests: every test file has a runtime of its own,
 * which loads them anew and asks for their hundreds of modules one by one.
 */
const PACKAGES = [
  "better-auth",
  "better-auth/plugins/email-otp",
  "drizzle-orm",
  "drizzle-orm/d1",
  "drizzle-orm/sqlite-core",
  "fast-check",
  "hono",
  "hono/cookie",
  "hono/utils/cookie",
  "itty-durable",
  "liquidjs",
  "postal-mime",
  "zod",
];

/** `unit` runs in Node; `workerd` runs inside the real runtime with the bindings of wrangler.toml. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          environment: "node",
          include: [
            "protocol/**/*.test.ts",
            "domain/**/*.test.ts",
            "widget/**/*.test.ts",
            "dashboard/**/*.test.ts",
            "demo/**/*.test.ts",
            "bench/**/*.test.ts",
          ],
          // Properties over many texts take seconds on a busy machine.
          testTimeout: 30_000,
          maxWorkers: ALL_CORES,
        },
      },
      {
        plugins: [
          cloudflareTest(async () => ({
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: {
              bindings: {
                ENVIRONMENT: "development",
                EMAIL_TRANSPORT: "mailbox",
                EMAIL_REPLY_DOMAIN: "reply.parley.test",
                DASHBOARD_URL: "http://dashboard.test",
                PUBLIC_URL: "http://parley.test",
                PARLEY_SECRET: "a-secret-of-the-tests-with-enough-characters",
                PARLEY_FIRINGS: process.env["PARLEY_FIRINGS"] ?? "",
                PARLEY_MAILS: process.env["PARLEY_MAILS"] ?? "",
                PARLEY_SEED: process.env["PARLEY_SEED"] ?? "",
                PARLEY_PATH: process.env["PARLEY_PATH"] ?? "",
                PARLEY_STEPS: process.env["PARLEY_STEPS"] ?? "",
                TEST_MIGRATIONS: await readD1Migrations("migrations"),
              },
            },
          })),
        ],
        test: {
          name: "workerd",
          include: ["worker/**/*.test.ts", "durable-objects/**/*.test.ts"],
          setupFiles: ["worker/testing/migrated.ts"],
          // Objects, D1 and their alarms take seconds on a busy machine.
          testTimeout: 30_000,
          hookTimeout: 60_000,
          maxWorkers: ALL_CORES,
          // Longer than a busy machine takes for anything that follows by itself.
          expect: { poll: { timeout: 20_000, interval: 20 } },
          deps: {
            optimizer: {
              ssr: {
                enabled: true,
                include: PACKAGES,
                // What the runtime itself has.
                rolldownOptions: { external: [/^node:/, /^cloudflare:/] },
              },
            },
          },
        },
      },
      {
        test: {
          name: "process",
          environment: "node",
          include: ["scripts/**/*.test.ts", "e2e/chaos/**/*.test.ts"],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: "e2e",
          environment: "node",
          include: ["e2e/*.test.ts"],
          globalSetup: ["e2e/product.ts"],
          testTimeout: 90_000,
          hookTimeout: 120_000,
          expect: { poll: { timeout: 20_000, interval: 50 } },
          // Browsers mostly wait, so two of them share what one leaves; each worker has a product of its own.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
