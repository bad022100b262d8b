import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import type { Env } from "./env.ts";
import worker from "./index.ts";
import { missingRequirements, SECRET_MIN } from "./requirements.ts";

const bindings = env as unknown as Env; // the test's env is the Worker's

const inProduction = {
  ENVIRONMENT: "production",
  EMAIL_TRANSPORT: "resend",
  RESEND_API_KEY: "re_test",
  DASHBOARD_URL: "https://dashboard.example.com",
  ASSETS: bindings.DB as unknown as Fetcher, // it only has to be there
};

test("a whole installation lacks nothing", () => {
  expect(missingRequirements(bindings)).toEqual([]);
  expect(missingRequirements({ ...bindings, ...inProduction })).toEqual([]);
});

test("links in mails may lead nowhere in development only", () => {
  expect(missingRequirements({ ...bindings, DASHBOARD_URL: "" })).toEqual([]);
});

test.each([
  ["DB", { DB: undefined }],
  ["PROJECTION", { PROJECTION: undefined }],
  ["EVALUATION", { EVALUATION: undefined }],
  ["EVALUATION_DEAD", { EVALUATION_DEAD: undefined }],
  ["MAIL_EVENTS", { MAIL_EVENTS: undefined }],
  ["MAIL_EVENTS_DEAD", { MAIL_EVENTS_DEAD: undefined }],
  ["ASSETS", { ...inProduction, ASSETS: undefined }],
  ["PARLEY_SECRET", { PARLEY_SECRET: undefined }],
  ["PARLEY_SECRET", { PARLEY_SECRET: "s".repeat(SECRET_MIN - 1) }],
  ["RESEND_API_KEY", { EMAIL_TRANSPORT: "resend" }],
  ["EMAIL", { EMAIL_TRANSPORT: "cloudflare", EMAIL: undefined }],
  ["EMAIL_TRANSPORT", { EMAIL_TRANSPORT: "pigeon" }],
  ["EMAIL_TRANSPORT", { ...inProduction, EMAIL_TRANSPORT: "mailbox" }],
  ["DASHBOARD_URL", { ...inProduction, DASHBOARD_URL: "" }],
  ["DASHBOARD_URL", { ...inProduction, DASHBOARD_URL: undefined }],
  ["DASHBOARD_URL", { ...inProduction, DASHBOARD_URL: "dashboard.example.com" }],
  ["DASHBOARD_URL", { ...inProduction, DASHBOARD_URL: "http://dashboard.example.com" }],
])("%s is named when it is missing", (name, change) => {
  const lacking = missingRequirements({ ...bindings, ...change } as Env);
  expect(lacking).toHaveLength(1);
  expect(lacking[0]).toMatch(new RegExp(`^${name}`));
});

test("the Worker refuses to start work, says what is missing, and never a value", async () => {
  const secret = "short-but-secret";
  const answer = await worker.fetch(
    new Request("http://parley.test/v1/team?key=pk_demo"),
    { ...bindings, PARLEY_SECRET: secret },
    {} as ExecutionContext,
  );
  expect(answer.status).toBe(503);
  const text = await answer.text();
  expect(text).toContain("PARLEY_SECRET");
  expect(text).not.toContain(secret);
});

test("a secret of exactly the least length is enough", () => {
  expect(missingRequirements({ ...bindings, PARLEY_SECRET: "s".repeat(SECRET_MIN) })).toEqual([]);
});
