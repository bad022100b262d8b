import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

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
          // The first sign-in of a file loads better-auth, module by module: seconds on a busy machine.
          testTimeout: 30_000,
          hookTimeout: 60_000,
          // Longer than a busy machine takes for anything that follows by itself.
          expect: { poll: { timeout: 20_000, interval: 20 } },
          deps: { optimizer: { ssr: { enabled: true, include: ["itty-durable"] } } },
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
          fileParallelism: false,
        },
      },
    ],
  },
});
