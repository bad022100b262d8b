import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { peersOf } from "../../durable-objects/peers.ts";
import { newId, type JobId } from "../../protocol/ids.ts";
import { WEBHOOK_MAX_BYTES } from "../../protocol/limits.ts";
import type { Suppressions } from "../../protocol/email-api.ts";
import type { Env } from "../env.ts";
import { failStatements } from "../testing/failing-database.ts";
import {
  answerIn,
  answeredByMail,
  conversationsOf,
  fates,
  messages,
  type BegunByMail,
} from "../testing/mail-conversation.ts";
import {
  countingTransport,
  deliverJobs,
  freshAddress,
  inboxOf,
  written,
} from "../testing/mail-stage.ts";
import { env } from "../testing/operator-browser.ts";
import { signedHeaders } from "../testing/webhooks.ts";
import { newWorkspace, type WorkspaceFixture } from "../testing/workspace-fixture.ts";
import { eventually } from "../../durable-objects/testing/eventually.ts";
import { answerHook } from "./routes.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const hooked: Env = { ...env, RESEND_WEBHOOK_SECRET: SECRET, RESEND_API_KEY: "re_test" };

let workspace: WorkspaceFixture;
beforeAll(async () => {
  workspace = await newWorkspace("hooks");
});
afterEach(() => {
  vi.restoreAllMocks();
});

const bytesOf = (value: unknown): Uint8Array<ArrayBuffer> =>
  new Uint8Array(
    new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value)),
  );

async function post(
  value: unknown,
  options: { id?: string; headers?: Headers; fetcher?: typeof fetch } = {},
): Promise<Response> {
  const body = bytesOf(value);
  const id = options.id ?? crypto.randomUUID();
  const headers = options.headers ?? (await signedHeaders(SECRET, id, body, Date.now()));
  const request = new Request("http://parley.test/hooks/resend", { method: "POST", body, headers });
  return answerHook(request, hooked, options.fetcher);
}

let told = 0;
/** An event as Resend tells it; each one a moment after the one before. */
function resendEvent(type: string, job: JobId | null, data: object = {}) {
  return {
    type: `email.${type}`,
    created_at: new Date(Date.now() + ++told).toISOString(),
    data: {
      email_id: job ?? "somebody-elses",
      from: "Parley <parley@example.com>",
      to: ["ada@corp.example"],
      subject: "Re: Where is my teapot?",
      ...(job === null ? {} : { tags: { job } }),
      ...data,
    },
  };
}
const HARD = {
  bounce: { type: "Permanent", subType: "General", message: "550 5.1.1 No such user" },
};
const SOFT = { bounce: { type: "Transient", subType: "MailboxFull", message: "452 Full" } };

const log = ({ conversation }: BegunByMail) =>
  peersOf(env).conversation(workspace.me.workspace.id, conversation).log(0, 100);

async function answered(from?: string) {
  const answered = await answeredByMail(workspace, from === undefined ? {} : { from });
  const [job] = answered.jobs;
  if (job === undefined) throw new Error("no job");
  return { ...answered, job };
}

async function sent(from?: string) {
  const all = await answered(from);
  await deliverJobs(all.jobs, countingTransport());
  return all;
}

const isHeldBack = async (address: string): Promise<boolean> => {
  const { suppressions } = await workspace.owner.call<Suppressions>("GET", "/api/suppressions");
  return suppressions.some((one) => one.address === address);
};

describe("what Resend says of a mail", () => {
  it("stands on the message, once, however often it is told", async () => {
    const mail = await sent();
    const event = resendEvent("delivered", mail.job.id);
    for (let n = 0; n < 3; n++)
      expect((await post(event, { id: `same-${mail.job.id}` })).status).toBe(200);
    expect(fates(await log(mail))).toEqual(["queued", "sent", "delivered"]);
  });

  it("EOUT-09: comes in any order: what came back stays so", async () => {
    const mail = await sent();
    for (const event of [
      resendEvent("bounced", mail.job.id, HARD),
      resendEvent("delivered", mail.job.id),
      resendEvent("delivery_delayed", mail.job.id),
    ])
      for (let n = 0; n < 3; n++) expect((await post(event)).status).toBe(200);
    const entries = await log(mail);
    expect(fates(entries)).toEqual(["queued", "sent", "bounced"]);
    expect(entries.at(-1)).toMatchObject({ code: "550 5.1.1 No such user" });
  });

  it("may come before anybody here knows that the mail was sent", async () => {
    const mail = await answered();
    await post(resendEvent("delivered", mail.job.id, { tags: {} }));
    expect(fates(await log(mail))).toEqual(["queued"]);
    await deliverJobs(mail.jobs, countingTransport());
    expect(fates(await log(mail))).toEqual(["queued", "sent", "delivered"]);
  });

  it("that came early is not lost where the consumer fails right after the provider's answer", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    const mail = await answered();
    await post(resendEvent("delivered", mail.job.id, { tags: {} }));
    const failing = failStatements("FROM mails m JOIN mail_events");
    const transport = countingTransport({ hasKeys: false });
    expect(await deliverJobs(mail.jobs, transport)).toBe(0);
    failing.mockRestore();
    expect(await deliverJobs(mail.jobs, transport, 2)).toBe(1);
    expect(transport.sent.length).toBe(1);
    expect(fates(await log(mail))).toEqual(["queued", "sent", "delivered"]);
  });

  it("settles what was unknown, and the mail is not sent again", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    const mail = await answered();
    const silent = countingTransport({
      hasKeys: false,
      outcome: { state: "unknown", cause: "TimeoutError" },
    });
    await deliverJobs(mail.jobs, silent);
    await post(resendEvent("delivered", mail.job.id, { email_id: "re_other" }));
    await deliverJobs(mail.jobs, silent, 2);
    expect(silent.sent.length).toBe(1);
    expect(fates(await log(mail))).toEqual(["queued", "unknown", "delivered"]);
  });

  it("of a mail that was sent again counts for the newest one alone", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    const mail = await sent();
    await post(resendEvent("failed", mail.job.id, { failed: { reason: "reached_daily_quota" } }));
    const message = messages(await log(mail))[1]?.seq;
    const path = `/api/conversations/${mail.conversation}/mail-again`;
    await workspace.owner.call("POST", path, { message });
    await eventually(() => expect(mail.jobs.length).toBe(2));
    await post(resendEvent("bounced", mail.job.id, SOFT));
    await deliverJobs(mail.jobs.slice(1), countingTransport());
    await post(resendEvent("complained", mail.job.id));
    expect(fates(await log(mail))).toEqual(["queued", "sent", "dropped", "queued", "sent"]);
  });

  it("is told to the conversation by the next try when the first failed in the middle", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    const mail = await sent();
    const event = resendEvent("bounced", mail.job.id, HARD);
    vi.spyOn(env.CONVERSATION, "getByName").mockImplementationOnce(() => {
      throw new Error("lost");
    });
    expect((await post(event, { id: "crashed" })).status).toBe(503);
    expect((await post(event, { id: "crashed" })).status).toBe(200);
    expect(fates(await log(mail))).toEqual(["queued", "sent", "bounced"]);
  });

  it("EOUT-09: of a mail that nobody knows is kept, and asked for no more", async () => {
    expect((await post(resendEvent("bounced", null, HARD), { id: "foreign" })).status).toBe(200);
    const row = await env.DB.prepare(
      "SELECT fate, job FROM mail_events WHERE id = 'foreign'",
    ).first();
    expect(row).toEqual({ fate: "bounced", job: null });
    expect(await isHeldBack("ada@corp.example")).toBe(false);
  });

  it.each([
    ["of another kind", { type: "email.opened", data: { email_id: "x" } }],
    ["of no known shape", { type: "email.delivered", data: {} }],
    ["with a name of a prototype", { type: "constructor", data: { email_id: "x" } }],
    ["that is no JSON", "{"],
    ["nested too deep", `${"[".repeat(100)}${"]".repeat(100)}`],
  ])("%s changes nothing, and is asked for no more", async (_, value) => {
    expect((await post(value)).status).toBe(200);
  });
});

describe("an address that mails come back from", () => {
  it("gets no more mails, until somebody lifts it; the same event does not bring it back", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    const mail = await sent();
    const event = resendEvent("bounced", mail.job.id, HARD);
    for (let n = 0; n < 3; n++) await post(event, { id: `bounce-${mail.job.id}` });
    expect(await isHeldBack(mail.address)).toBe(true);

    await answerIn(mail.socket, "Are you there?");
    await eventually(() => expect(mail.jobs.length).toBe(2));
    const transport = countingTransport();
    await deliverJobs(mail.jobs.slice(1), transport);
    expect(transport.sent).toEqual([]);
    const entries = await log(mail);
    expect(entries.at(-1)).toMatchObject({ type: "mailed", state: "failed", code: "suppressed" });

    // By the clock of the provider the event lies before the lifting.
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 60_000 });
    const message = messages(entries)[2]?.seq;
    const path = `/api/conversations/${mail.conversation}/mail-again`;
    await workspace.owner.call("POST", path, { message, lift: true });
    await eventually(() => expect(mail.jobs.length).toBe(3));
    await post(event, { id: `bounce-${mail.job.id}` });
    expect(await isHeldBack(mail.address)).toBe(false);
    await deliverJobs(mail.jobs.slice(2), transport);
    expect(transport.sent.length).toBe(1);

    const again = mail.jobs[2]?.id ?? null;
    vi.setSystemTime(Date.now() + 60_000);
    await post(resendEvent("bounced", again, HARD));
    expect(await isHeldBack(mail.address)).toBe(true);
    vi.useRealTimers();
  });

  it("is held back also where its job was waiting for another try", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    const first = await sent();
    const second = await answered(first.address);
    const busy = countingTransport({
      outcome: { state: "rejected", permanent: false, code: "rate_limit_exceeded" },
    });
    expect(await deliverJobs(second.jobs, busy)).toBe(0);
    await post(resendEvent("complained", first.job.id));
    const transport = countingTransport();
    expect(await deliverJobs(second.jobs, transport, 2)).toBe(1);
    expect(transport.sent).toEqual([]);
    expect(fates(await log(second))).toEqual(["queued", "failed"]);
  });

  it("is not one whose mailbox is only full", async () => {
    const mail = await sent();
    await post(resendEvent("bounced", mail.job.id, SOFT));
    expect(await isHeldBack(mail.address)).toBe(false);
    expect(fates(await log(mail))).toEqual(["queued", "sent", "bounced"]);
  });

  it("is held back in its own workspace alone", async () => {
    const mail = await sent();
    await post(resendEvent("complained", mail.job.id));
    expect(await isHeldBack(mail.address)).toBe(true);
    const other = await newWorkspace("hooks-elsewhere");
    expect(await other.owner.call<Suppressions>("GET", "/api/suppressions")).toEqual({
      suppressions: [],
    });
    await other.owner.call("POST", "/api/suppressions/lift", { address: mail.address });
    expect(await isHeldBack(mail.address)).toBe(true);
  });

  it("can be put there by hand, and lifted, in any spelling", async () => {
    const address = freshAddress();
    await workspace.owner.call("POST", "/api/suppressions", { address: address.toUpperCase() });
    await workspace.owner.call("POST", "/api/suppressions", { address });
    const { suppressions } = await workspace.owner.call<Suppressions>("GET", "/api/suppressions");
    expect(suppressions.filter((one) => one.address === address)).toMatchObject([
      { why: "by_hand", by: "Owner", reason: null },
    ]);
    await workspace.owner.call("POST", "/api/suppressions/lift", { address });
    expect(await isHeldBack(address)).toBe(false);
  });
});

describe("the hook", () => {
  it("is not there without a secret, for other methods, and under other names", async () => {
    const init = { method: "POST", body: "{}" };
    const at = (path: string, options: RequestInit, bindings: Env): Promise<Response> =>
      answerHook(new Request(`http://parley.test${path}`, options), bindings);
    expect((await at("/hooks/resend", init, env)).status).toBe(404);
    expect((await at("/hooks/resend", {}, hooked)).status).toBe(404);
    expect((await at("/hooks/other", init, hooked)).status).toBe(404);
    expect((await at("/hooks/resend", init, hooked)).status).toBe(401);
  });

  it("EOUT-09: believes nothing whose signature is wrong or old", async () => {
    const mail = await sent();
    const event = resendEvent("bounced", mail.job.id, HARD);
    const other = await signedHeaders("whsec_AAAA", "x", bytesOf(event), Date.now());
    const old = await signedHeaders(SECRET, "x", bytesOf(event), Date.now() - 6 * 60_000);
    const early = await signedHeaders(SECRET, "x", bytesOf(event), Date.now() + 6 * 60_000);
    for (const headers of [other, old, early, new Headers()])
      expect((await post(event, { headers })).status).toBe(401);
    expect(fates(await log(mail))).toEqual(["queued", "sent"]);
  });

  it("reads no more than its limit", async () => {
    const fill = (length: number): string => `"${"x".repeat(length - 2)}"`;
    expect((await post(fill(WEBHOOK_MAX_BYTES - 1))).status).toBe(200);
    expect((await post(fill(WEBHOOK_MAX_BYTES))).status).toBe(200);
    expect((await post(fill(WEBHOOK_MAX_BYTES + 1))).status).toBe(413);
  });
});

describe("a mail that Resend takes in", () => {
  const inbox = (): string => inboxOf(workspace.me.workspace.id);
  const received = (id: string, to: string[], others: object = {}) => ({
    type: "email.received",
    created_at: new Date().toISOString(),
    data: { email_id: id, from: "Ada <ada@corp.example>", to, cc: [], ...others },
  });
  /** Resend's API, with one mail. */
  const resend = (raw: Uint8Array<ArrayBuffer>) => {
    const asked: string[] = [];
    const fetcher = async (input: unknown, init: RequestInit = {}): Promise<Response> => {
      const url = String(input);
      asked.push(`${url} ${new Headers(init.headers).get("authorization") ?? ""}`.trim());
      return url.startsWith("https://api.resend.com/")
        ? Response.json({
            id: "x",
            raw: { download_url: "https://cdn.example/raw", expires_at: "" },
          })
        : new Response(raw);
    };
    return { asked, fetcher };
  };

  it("takes the way of every mail, once, but is never verified", async () => {
    const address = freshAddress();
    const raw = written({ from: address, to: inbox(), subject: "Tea", text: "Hello" });
    const { asked, fetcher } = resend(raw);
    for (let n = 0; n < 3; n++)
      expect(
        (await post(received("in-1", ["sales@shop.example", inbox()]), { fetcher })).status,
      ).toBe(200);
    expect(asked.slice(0, 2)).toEqual([
      "https://api.resend.com/emails/receiving/in-1 Bearer re_test",
      "https://cdn.example/raw",
    ]);
    const [conversation, ...others] = await conversationsOf(workspace, address);
    if (conversation === undefined) throw new Error("no conversation");
    expect(others).toEqual([]);
    const summary = await peersOf(env)
      .conversation(workspace.me.workspace.id, conversation)
      .summary();
    // What our own mail server would have said stands in it, and counts nothing here.
    expect(summary).toMatchObject({ mail: { isProven: false }, last: { text: "Hello" } });
  });

  it("goes by whom its envelope was for, where the provider says so", async () => {
    const address = freshAddress();
    const raw = written({ from: address, to: "list@shop.example", subject: "Tea", text: "Hello" });
    const { fetcher } = resend(raw);
    const webhook = received("in-2", ["list@shop.example"], { received_for: [inbox()] });
    expect((await post(webhook, { fetcher })).status).toBe(200);
    expect((await conversationsOf(workspace, address)).length).toBe(1);
  });

  it("to nobody here is not asked for", async () => {
    const { asked, fetcher } = resend(new Uint8Array());
    expect((await post(received("in-3", ["sales@shop.example"]), { fetcher })).status).toBe(200);
    expect(asked).toEqual([]);
  });

  it("comes again while it cannot be had", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    const refusing = async (): Promise<Response> => new Response(null, { status: 500 });
    const plain = async (): Promise<Response> =>
      Response.json({ raw: { download_url: "http://cdn.example/raw" } });
    for (const fetcher of [refusing, plain])
      expect((await post(received("in-4", [inbox()]), { fetcher })).status).toBe(503);
  });

  it("with a name that leads elsewhere is not asked for", async () => {
    const { asked, fetcher } = resend(new Uint8Array());
    expect((await post(received("../domains", [inbox()]), { fetcher })).status).toBe(200);
    expect(asked).toEqual([]);
  });
});

it("an id of a job that never was names no mail", async () => {
  const job = newId("job", Date.now());
  expect((await post(resendEvent("delivered", job), { id: `no-${job}` })).status).toBe(200);
  const row = await env.DB.prepare("SELECT job FROM mail_events WHERE id = ?")
    .bind(`no-${job}`)
    .first();
  expect(row).toEqual({ job: null });
});
