import { createScheduledController } from "cloudflare:test";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { THREAD_MAILS_MAX } from "../../domain/email/limits.ts";
import { setClockOffset } from "../../durable-objects/runtime/clock.ts";
import { newId } from "../../protocol/ids.ts";
import { ORIGINALS_MAX_DAYS, ORIGINALS_MIN_DAYS } from "../../protocol/limits.ts";
import { noteOriginal, showOriginal } from "../d1/originals.ts";
import worker from "../index.ts";
import { failStatements } from "../testing/failing-database.ts";
import { begunByMail, mailedAnswer } from "../testing/mail-conversation.ts";
import { arrive, freshAddress, inboxOf, withHeader, written } from "../testing/mail-stage.ts";
import { env } from "../testing/operator-browser.ts";
import { newWorkspace, type WorkspaceFixture } from "../testing/workspace-fixture.ts";
import {
  deleteOutlivedOriginals,
  DELETION_STEP,
  DELETION_STEPS_MAX,
  noteUnknownOriginals,
  SEARCH_STEP,
  UNSHOWN_DAYS,
} from "./originals.ts";

/** How long mails are kept as they came. */

const DAY_MS = 24 * 3_600_000;
let workspace: WorkspaceFixture;
let other: WorkspaceFixture;
beforeAll(async () => {
  workspace = await newWorkspace("originals");
  other = await newWorkspace("elsewhere");
});
beforeEach(() => {
  vi.spyOn(console, "log").mockReturnValue();
});
afterEach(() => {
  vi.restoreAllMocks();
  setClockOffset(0);
});

async function keepFor(originalsDays: number, of = workspace): Promise<number> {
  const sender = { fromName: null, fromAddress: null, replyDomain: null, copyAfterMinutes: 5 };
  const body = { ...sender, originalsDays };
  const path = "/api/settings/email";
  return (await of.owner.fetch(path, { method: "PUT", body })).status;
}

async function download(
  of: WorkspaceFixture,
  conversation: string,
  what = "mail",
): Promise<number> {
  return (await of.owner.fetch(`/api/conversations/${conversation}/${what}?seq=1`)).status;
}

const run = async (atDays: number): Promise<number> =>
  deleteOutlivedOriginals(env, Date.now() + atDays * DAY_MS);

it("a mail is kept as long as its message, until its workspace says otherwise; then its download says that it is gone", async () => {
  const [mine, theirs] = [await begunByMail(workspace), await begunByMail(other)];
  expect(await run(4_000)).toBe(0);
  expect(await keepFor(90)).toBe(200);
  expect(await run(89)).toBe(0);
  expect(await download(workspace, mine.conversation)).toBe(200);
  expect(await run(91)).toBe(1);
  expect(await run(91)).toBe(0);
  expect(await download(workspace, mine.conversation)).toBe(410);
  // Whoever shows it in a frame can ask before, and is told in the frame if it has gone since.
  const path = `/api/conversations/${mine.conversation}/mail-page?seq=1`;
  expect((await workspace.owner.fetch(path, { method: "HEAD" })).status).toBe(410);
  const page = await workspace.owner.fetch(path);
  expect([page.status, page.headers.get("content-type")]).toEqual([
    410,
    "text/html; charset=utf-8",
  ]);
  expect(await page.text()).toContain("The original of this mail has been deleted.");
  expect(await download(other, theirs.conversation)).toBe(200);
  const entries = await workspace.owner.call<{ entries: { text?: string }[] }>(
    "GET",
    `/api/conversations/${mine.conversation}/entries`,
  );
  expect(entries.entries[0]?.text).toBe("I ordered it on Monday.");
});

it.each([
  [0, 200],
  [ORIGINALS_MIN_DAYS - 1, 400],
  [ORIGINALS_MIN_DAYS, 200],
  [ORIGINALS_MAX_DAYS, 200],
  [ORIGINALS_MAX_DAYS + 1, 400],
])("may be kept %i days: %i", async (days, status) => {
  expect(await keepFor(days)).toBe(status);
});

it("what no message shows is deleted after a month, whatever the workspace has set", async () => {
  await keepFor(0);
  const raw = written({ from: freshAddress(), to: "x", subject: "Away", text: "I am away." });
  const notice = withHeader(raw, "Auto-Submitted: auto-replied");
  await arrive(notice, inboxOf(workspace.me.workspace.id));
  expect(await run(UNSHOWN_DAYS - 1)).toBe(0);
  expect(await run(UNSHOWN_DAYS + 1)).toBe(1);
});

it("what was sent back because too many came is deleted after a month, and what was taken before is not", async () => {
  const { address, to } = await mailedAnswer(other);
  const mails = Array.from({ length: THREAD_MAILS_MAX + 2 }, (_, n) =>
    written({ from: address, to, subject: "Re", text: `${n}` }),
  );
  for (const raw of mails) await arrive(raw, to);
  expect(await run(UNSHOWN_DAYS - 1)).toBe(0);
  // The mail that began the conversation counts.
  expect(await run(UNSHOWN_DAYS + 1)).toBe(3);
  expect(await run(4_000)).toBe(0);
});

it("what a message shows counts as shown where the note of it failed at first: the mail comes again", async () => {
  const inbox = inboxOf(other.me.workspace.id);
  const raw = written({ from: freshAddress(), to: inbox, subject: "Tea", text: "Hello" });
  const failing = failStatements("SET is_shown = 1");
  await expect(arrive(raw, inbox)).rejects.toThrow("D1 is away");
  failing.mockRestore();
  expect(await arrive(raw, inbox)).toBeNull();
  expect(await run(4_000)).toBe(0);
});

it("one that comes again is kept anew", async () => {
  await keepFor(30);
  const { raw } = await begunByMail(workspace);
  setClockOffset(20 * DAY_MS);
  await arrive(raw, inboxOf(workspace.me.workspace.id));
  expect(await run(40)).toBe(0);
  expect(await run(51)).toBe(1);
});

it("is deleted by the next run where one failed in the middle, before R2 or after", async () => {
  await keepFor(30);
  const { conversation } = await begunByMail(workspace);
  vi.spyOn(env.FILES, "delete").mockRejectedValueOnce(new Error("R2 is away"));
  await expect(run(31)).rejects.toThrow("R2 is away");
  expect(await download(workspace, conversation)).toBe(200);
  const failing = failStatements("DELETE FROM originals");
  await expect(run(31)).rejects.toThrow("D1 is away");
  failing.mockRestore();
  expect(await run(31)).toBe(1);
  expect(await run(31)).toBe(0);
  expect(await download(workspace, conversation)).toBe(410);
});

it("one that comes again while it is being deleted is known still, and deleted when its own time has come", async () => {
  await keepFor(30);
  const { raw } = await begunByMail(workspace);
  const remove = env.FILES.delete.bind(env.FILES);
  vi.spyOn(env.FILES, "delete").mockImplementationOnce(async (keys) => {
    await remove(keys);
    setClockOffset(31 * DAY_MS);
    await arrive(raw, inboxOf(workspace.me.workspace.id));
  });
  expect(await run(31)).toBe(1);
  expect(await run(60)).toBe(0);
  expect(await run(62)).toBe(1);
});

it("are deleted in bounded steps, and the rest by the next run", async () => {
  await keepFor(0);
  const { id } = workspace.me.workspace;
  const count = DELETION_STEP * DELETION_STEPS_MAX + 1;
  await env.DB.prepare(
    `INSERT INTO originals (workspace_id, name, kept_at, is_shown)
     WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2)
     SELECT ?1, 'many-' || i, 0, 0 FROM n`,
  )
    .bind(id, count)
    .run();
  expect(await run(0)).toBe(count - 1);
  expect(await run(0)).toBe(1);
});

it("the Worker's own hourly run does so", async () => {
  await keepFor(30);
  const { conversation } = await begunByMail(workspace);
  setClockOffset(31 * DAY_MS);
  const ended = createScheduledController({ scheduledTime: new Date(), cron: "23 * * * *" });
  await worker.scheduled(ended, env);
  expect(await download(workspace, conversation)).toBe(410);
});

describe("a mail in R2 that nobody has noted", () => {
  const put = async (name: string, of = workspace) => {
    await env.FILES.put(`mail/${of.me.workspace.id}/${name}.eml`, "From: a@b.example\r\n\r\nx");
    return name;
  };
  const lies = async (name: string, of = workspace) =>
    (await env.FILES.head(`mail/${of.me.workspace.id}/${name}.eml`)) !== null;
  /** Looks at everything once. */
  async function searched(step: number): Promise<number> {
    let count = 0;
    let isFirst = true;
    while (isFirst || (await (await env.FILES.get("searched/mail"))?.text()) !== "") {
      count += await noteUnknownOriginals(env, step);
      isFirst = false;
    }
    return count;
  }
  beforeEach(async () => {
    await env.FILES.put("searched/mail", "");
    await searched(SEARCH_STEP);
  });

  it("is found by and by, once, and kept as long as its workspace says from when it came", async () => {
    const names = await Promise.all([1, 2, 3, 4, 5].map((n) => put(`old-${n}`)));
    const theirs = await put("old-1", other);
    expect(await noteUnknownOriginals(env, 2)).toBeLessThanOrEqual(2);
    expect(await searched(2)).toBeGreaterThan(0);
    expect(await searched(2)).toBe(0);
    await keepFor(30);
    await run(29);
    expect(await lies("old-1")).toBe(true);
    await run(31);
    for (const name of names) expect(await lies(name), name).toBe(false);
    expect(await lies(theirs, other)).toBe(true);
    await run(4_000);
    expect(await lies(theirs, other)).toBe(true);
  });

  it("goes after a month where it was kept quiet", async () => {
    await keepFor(0);
    const { id } = workspace.me.workspace;
    const quiet = await put("old-quiet");
    const begun = await put("old-begun");
    for (const [original, outcome] of [
      [quiet, "automatic"],
      [begun, "conversation"],
    ] as const)
      await env.DB.prepare(
        "INSERT INTO arrived_mails (workspace_id, key, outcome, original, at) VALUES (?, ?, ?, ?, 0)",
      )
        .bind(id, `key-${original}`, outcome, original)
        .run();
    expect(await searched(SEARCH_STEP)).toBe(2);
    await run(UNSHOWN_DAYS + 1);
    expect([await lies(quiet), await lies(begun)]).toEqual([false, true]);
  });

  it("is noted by the hourly run, and what is noted already stays as it was", async () => {
    const { id } = workspace.me.workspace;
    await noteOriginal(env.DB, { workspace: id, name: await put("noted"), keptAt: Date.now() });
    await put("unnoted");
    await put("no-workspace", { me: { workspace: { id: "elsewhere" } } } as never);
    await worker.scheduled(
      createScheduledController({ scheduledTime: new Date(), cron: "23 * * * *" }),
      env,
    );
    const { results } = await env.DB.prepare(
      "SELECT name, is_shown FROM originals WHERE name IN ('noted', 'unnoted', 'no-workspace') ORDER BY name",
    ).all();
    expect(results).toEqual([
      { name: "noted", is_shown: 0 },
      { name: "unnoted", is_shown: 1 },
    ]);
    expect(await run(UNSHOWN_DAYS + 1)).toBe(1);
  });
});

it("a note of a mail that never came to lie in R2 is forgotten as any other", async () => {
  const name = newId("fil", Date.now());
  const { id } = workspace.me.workspace;
  await noteOriginal(env.DB, { workspace: id, name, keptAt: Date.now() });
  await showOriginal(env.DB, other.me.workspace.id, name);
  expect(await run(UNSHOWN_DAYS + 1)).toBe(1);
});
