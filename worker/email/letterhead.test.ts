import { evictDurableObject, runDurableObjectAlarm } from "cloudflare:test";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { COPY_QUIET_MS } from "../../domain/email/unread-copy.ts";
import { peersOf } from "../../durable-objects/peers.ts";
import { setClockOffset } from "../../durable-objects/runtime/clock.ts";
import { eventually } from "../../durable-objects/testing/eventually.ts";
import { OLIVIA } from "../../durable-objects/testing/sockets.ts";
import { VisitorObject } from "../../durable-objects/visitor/object.ts";
import { conversationName } from "../../protocol/addresses.ts";
import type { ConversationId } from "../../protocol/ids.ts";
import type { SendEmail } from "../../protocol/jobs.ts";
import { failStatements } from "../testing/failing-database.ts";
import { ChatAsker } from "../testing/chat-asker.ts";
import {
  answerIn,
  answeredByMail,
  begunByMail,
  mailedAnswer,
  type AnsweredByMail,
} from "../testing/mail-conversation.ts";
import {
  arrive,
  collectJobs,
  countingTransport,
  type CountingTransport,
  deliverJobs,
  freshAddress,
  written,
} from "../testing/mail-stage.ts";
import { env } from "../testing/operator-browser.ts";
import { newWorkspace, type WorkspaceFixture } from "../testing/workspace-fixture.ts";

/**
 * Every try of a job hands over the same words: a provider that drops repeats takes other words under the same key for
 * a mistake, and then nobody knows whether the mail went out.
 */

let workspace: WorkspaceFixture;
let jobs: SendEmail[];
let silent: CountingTransport;
beforeAll(async () => {
  workspace = await newWorkspace("letterhead");
});
beforeEach(async () => {
  await env.DB.prepare("DELETE FROM attempts").run();
  vi.spyOn(console, "error").mockReturnValue();
  jobs = collectJobs();
  silent = countingTransport({ outcome: { state: "unknown", cause: "timeout" } });
});
afterEach(() => {
  vi.restoreAllMocks();
  setClockOffset(0);
});

const SITE = ["https://shop.example.com"];
/** None of these is the address of one page. */
const NO_SITE = ["https://*.elsewhere.example"];

/** What somebody changes about a workspace between two tries. */
async function become(state: "unlinked" | "linked", fromName: string, own: string | null) {
  const { id } = workspace.me.workspace;
  await env.DB.batch([
    env.DB.prepare("UPDATE workspaces SET name = ?2, origins = ?3 WHERE id = ?1").bind(
      id,
      fromName,
      JSON.stringify(state === "linked" ? SITE : NO_SITE),
    ),
    env.DB.prepare("DELETE FROM mail_senders WHERE workspace_id = ?").bind(id),
    env.DB.prepare(
      `INSERT INTO mail_senders (workspace_id, from_address, from_verified_at, reply_domain, reply_verified_at, found)
       VALUES (?1, ?2, ?3, ?4, ?3, '{"from":[],"reply":[]}')`,
    ).bind(id, own && `hello@${own}`, own && 1, own && `re.${own}`),
  ]);
}

async function answered(options?: { isProven?: boolean }): Promise<AnsweredByMail> {
  const answered = await answeredByMail(workspace, options);
  ({ jobs } = answered);
  return answered;
}

async function copied(): Promise<void> {
  vi.spyOn(VisitorObject.prototype, "isHere").mockResolvedValue(false);
  const asker = await ChatAsker.withAddress(workspace, freshAddress());
  await asker.answer("It left us today.");
  setClockOffset(COPY_QUIET_MS);
  await asker.chat.refresh();
  await eventually(() => expect(jobs.length).toBe(1));
}

describe.each([
  ["an answer", async () => void (await answered())],
  ["an answer to nobody who is proven", async () => void (await answered({ isProven: false }))],
  ["a first answer to an address from the chat", copied],
])("%s", (_, owe) => {
  it.each([
    ["had no link", "unlinked", "linked"],
    ["had one", "linked", "unlinked"],
  ] as const)("whose first try %s says the same in every other", async (_, first, then) => {
    await become("linked", "Kettle", null);
    await owe();
    await become(first, "Kettle", "old-kettle.example");
    await deliverJobs(jobs, silent);
    await become(then, "Teapot", "new-kettle.example");
    await deliverJobs(jobs, silent, 2);
    await become(then, "Teapot", null);
    await deliverJobs(jobs, silent, 3);
    expect(silent.tries.length).toBe(3);
    expect(/\/c\/[0-9a-z]{42}/.test(silent.tries[0]?.text ?? "")).toBe(first === "linked");
    expect(silent.tries[0]?.from.email).toBe("hello@old-kettle.example");
    expect(silent.tries[0]?.replyTo).toMatch(/@re\.old-kettle\.example$/);
    for (const mail of silent.tries) expect(mail).toEqual(silent.tries[0]);
  });
});

it("a code for somebody who wrote before comes from the same sender in every try", async () => {
  await become("linked", "Kettle", "old-kettle.example");
  const { address: to } = await begunByMail(workspace);
  const { id } = workspace.me.workspace;
  const mail = { template: "history-code", workspace: id, workspaceName: "Kettle", code: "123456" };
  const job = { type: "SendEmail", id: "job_code", to, mail } as SendEmail;
  await deliverJobs([job], silent);
  await become("linked", "Teapot", null);
  await deliverJobs([job], silent, 2);
  expect(silent.tries.length).toBe(2);
  expect(silent.tries[0]?.from.email).toBe("hello@old-kettle.example");
  expect(silent.tries[1]).toEqual(silent.tries[0]);
});

it("what two tries at the same time find is what one of them has found", async () => {
  await become("linked", "Kettle", null);
  await answered();
  // The second begins while the first is asking.
  const prepare = env.DB.prepare.bind(env.DB);
  let isFirst = true;
  vi.spyOn(env.DB, "prepare").mockImplementation((sql) => {
    const statement = prepare(sql);
    if (!sql.includes("SET letterhead") || !isFirst) return statement;
    isFirst = false;
    const { bind } = statement;
    statement.bind = (...values) => {
      const bound = bind.apply(statement, values);
      const { first } = bound;
      bound.first = async (...args: []) => {
        await become("unlinked", "Teapot", "new-kettle.example");
        await deliverJobs(jobs, silent, 2);
        return first.apply(bound, args);
      };
      return bound;
    };
    return statement;
  });
  await deliverJobs(jobs, silent);
  expect(silent.tries.length).toBe(2);
  expect(silent.tries[1]).toEqual(silent.tries[0]);
  expect(silent.tries[0]?.from.email).toBe("hello@new-kettle.example");
});

it("a try that ends before that is kept has not used up the day's mail of an address that is not proven", async () => {
  await answered({ isProven: false });
  const failing = failStatements("SET letterhead");
  await deliverJobs(jobs, silent);
  failing.mockRestore();
  expect(silent.tries).toEqual([]);
  await deliverJobs(jobs, silent, 2);
  expect(silent.tries.length).toBe(1);
});

describe("a job that is put on the queue again", () => {
  /** The job as it is put there the second time. */
  async function again(conversation: ConversationId): Promise<SendEmail | undefined> {
    const name = conversationName(workspace.me.workspace.id, conversation);
    const stub = env.CONVERSATION.getByName(name);
    await evictDurableObject(stub);
    setClockOffset(60_000);
    await peersOf(env).conversation(workspace.me.workspace.id, conversation).summary();
    await runDurableObjectAlarm(stub);
    // Those of other tests are put there again as well.
    const [first] = jobs;
    const same = () => jobs.filter(({ id }) => id === first?.id);
    await eventually(() => expect(same().length).toBeGreaterThan(1));
    return same()[1];
  }

  it("says the same where its address was proven meanwhile", async () => {
    const { address, conversation } = await answered({ isProven: false });
    await deliverJobs(jobs, silent);
    const to = silent.tries[0]?.replyTo ?? "";
    await arrive(written({ from: address, to, subject: "Re", text: "Thank you." }), to);
    const summary = await peersOf(env)
      .conversation(workspace.me.workspace.id, conversation)
      .summary();
    expect(summary?.mail?.isProven).toBe(true);
    expect(await again(conversation)).toEqual(jobs[0]);
  });

  it("quotes the same where another mail was accepted meanwhile", async () => {
    const { address, conversation, socket, to } = await mailedAnswer(workspace);
    jobs = collectJobs();
    const doubtful = { from: address, to, subject: "Re", text: "Is it?", isProven: false };
    expect(await arrive(written(doubtful), to)).toBeNull();
    const chat = peersOf(env).conversation(workspace.me.workspace.id, conversation);
    const seq = (await chat.log(0, 100)).findLast(({ type }) => type === "message")?.seq ?? 0;
    await answerIn(socket, "It is.");
    await eventually(() => expect(jobs.length).toBe(1));
    await chat.acceptMail(OLIVIA, seq);
    expect(jobs[0]?.mail).toMatchObject({ quote: { text: "I ordered it on Monday." } });
    expect(await again(conversation)).toEqual(jobs[0]);
  });
});
