import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { newId, type JobId } from "../../protocol/ids.ts";
import type { SendEmail } from "../../protocol/jobs.ts";
import { CODE_LIFETIME_MS } from "../../protocol/limits.ts";
import type { Colleagues } from "../../protocol/operator-api.ts";
import { suppress } from "../d1/suppressions.ts";
import { listMails } from "../email/mailbox.ts";
import type { OutboundMail } from "../email/mail.ts";
import type { EmailTransport, SendOutcome } from "../email/transport.ts";
import { failStatements } from "../testing/failing-database.ts";
import { env, mailsDuring } from "../testing/operator-browser.ts";
import { newWorkspace, type WorkspaceFixture } from "../testing/workspace-fixture.ts";
import { consumeDeadEmails, consumeEmails } from "./emails.ts";

let workspace: WorkspaceFixture;
beforeAll(async () => {
  workspace = await newWorkspace("emails");
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const ACCEPTED: SendOutcome = { state: "accepted", providerId: "p1" };
const UNKNOWN: SendOutcome = { state: "unknown", cause: "TimeoutError" };

type Fake = { transport: EmailTransport; sent: { mail: OutboundMail; job: JobId }[] };

/** A transport that answers what it is told to, one outcome after the other; the last one from then on. */
function fakeTransport(idempotencyMs: number | null, ...outcomes: (SendOutcome | Error)[]): Fake {
  const sent: Fake["sent"] = [];
  return {
    sent,
    transport: {
      caps: {
        idempotency: idempotencyMs === null ? null : { windowMs: idempotencyMs },
        headers: "any",
        ownMessageId: true,
        maxBytes: 1_000_000,
        maxHeaderBytes: 10_000,
      },
      send: async (mail, job) => {
        sent.push({ mail, job });
        const outcome = outcomes.length > 1 ? outcomes.shift() : outcomes[0];
        if (outcome instanceof Error) throw outcome;
        return outcome ?? ACCEPTED;
      },
    },
  };
}

const DAY_MS = 24 * 3_600_000;

function codeJob(): SendEmail {
  return {
    type: "SendEmail",
    id: newId("job", Date.now()),
    to: "ada@example.com",
    mail: { template: "sign-in-code", code: "123456" },
  };
}

async function invitationJob(): Promise<SendEmail> {
  const [job] = await mailsDuring(() =>
    workspace.owner.call("POST", "/api/operators/invite", {
      email: `${crypto.randomUUID()}@example.com`,
      role: "agent",
    }),
  );
  if (!job) throw new Error("no job");
  return job;
}

async function mailState(job: SendEmail): Promise<string | undefined> {
  const { invitations } = await workspace.owner.call<Colleagues>("GET", "/api/operators");
  return invitations.find((one) => one.email === job.to)?.mail;
}

async function consume(
  jobs: SendEmail[],
  { transport }: Fake,
  at: { attempts?: number; timestamp?: Date } = {},
): Promise<{ done: boolean[]; delays: number[] }> {
  const messages = jobs.map((body, index) => ({
    id: String(index),
    timestamp: new Date(),
    attempts: 1,
    body,
    ...at,
  }));
  const batch = createMessageBatch<SendEmail>("parley-email", messages);
  const retries = batch.messages.map((one) => vi.spyOn(one, "retry"));
  await consumeEmails(batch, env, () => transport);
  const { explicitAcks } = await getQueueResult(batch, createExecutionContext());
  return {
    done: jobs.map((_, index) => explicitAcks.includes(String(index))),
    delays: retries.flatMap((retry) =>
      retry.mock.calls.map(([options]) => options?.delaySeconds ?? 0),
    ),
  };
}

describe("a mail", () => {
  it("is sent, and the invitation says so", async () => {
    const fake = fakeTransport(null, ACCEPTED);
    const job = await invitationJob();
    expect(await consume([job, codeJob()], fake)).toEqual({ done: [true, true], delays: [] });
    expect(fake.sent.map(({ mail }) => mail.subject).toSorted()).toEqual([
      "123456 is your Parley code",
      "Owner invites you to emails",
    ]);
    expect(await mailState(job)).toBe("sent");
  });

  it("whose job is delivered twice is sent once, at the same moment or later", async () => {
    for (const window of [null, DAY_MS]) {
      const fake = fakeTransport(window, ACCEPTED);
      const job = codeJob();
      await consume([job], fake);
      expect(await consume([job, job], fake, { attempts: 2 })).toEqual({
        done: [true, true],
        delays: [],
      });
      expect(fake.sent.length).toBe(1);
    }
    // Two at the same moment: only what drops repeats itself may be asked twice.
    const fake = fakeTransport(null, ACCEPTED);
    await consume(
      [codeJob()].flatMap((job) => [job, job]),
      fake,
    );
    expect(fake.sent.length).toBe(1);
  });

  it("EOUT-02: that is refused for good is not tried again, and the invitation says so", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    const fake = fakeTransport(null, {
      state: "rejected",
      permanent: true,
      code: "E_RECIPIENT_SUPPRESSED",
    });
    const job = await invitationJob();
    expect((await consume([job], fake)).done).toEqual([true]);
    expect(await mailState(job)).toBe("failed");
    await consume([job], fake);
    expect(fake.sent.length).toBe(1);
  });

  it("EOUT-02: that is refused for now is tried when the transport says, and then sent", async () => {
    const fake = fakeTransport(
      null,
      { state: "rejected", permanent: false, code: "E_RATE_LIMIT_EXCEEDED", retryAfterMs: 90_000 },
      ACCEPTED,
    );
    const job = await invitationJob();
    expect(await consume([job], fake)).toEqual({ done: [false], delays: [90] });
    expect(await mailState(job)).toBe("queued");
    expect((await consume([job], fake, { attempts: 2 })).done).toEqual([true]);
    expect(await mailState(job)).toBe("sent");
    expect(fake.sent.length).toBe(2);
  });

  it("EOUT-01: whose fate is unknown is never sent again by a transport that would send it twice", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    const fake = fakeTransport(null, UNKNOWN, ACCEPTED);
    const job = await invitationJob();
    expect((await consume([job], fake)).done).toEqual([true]);
    await consume([job], fake, { attempts: 2 });
    expect(fake.sent.length).toBe(1);
    const row = await env.DB.prepare("SELECT mail FROM invitations WHERE email = ?")
      .bind(job.to)
      .first();
    expect(row).toEqual({ mail: "unknown" });
    // To people: not known to have been sent.
    expect(await mailState(job)).toBe("failed");
  });

  it("EOUT-01: whose fate is unknown is asked for again, with the same key and the same words, where that is safe", async () => {
    const fake = fakeTransport(DAY_MS, UNKNOWN, ACCEPTED);
    const job = codeJob();
    expect(await consume([job], fake)).toEqual({ done: [false], delays: [1] });
    expect((await consume([job], fake, { attempts: 2 })).done).toEqual([true]);
    expect(fake.sent.map((one) => one.job)).toEqual([job.id, job.id]);
    expect(fake.sent[0]?.mail).toEqual(fake.sent[1]?.mail);
  });

  it("EOUT-03: is not sent blindly once the transport has forgotten its key", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    const fake = fakeTransport(DAY_MS, UNKNOWN, ACCEPTED);
    const job = await invitationJob();
    await consume([job], fake);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 25 * 3_600_000 });
    expect((await consume([job], fake, { attempts: 2 })).done).toEqual([true]);
    expect(fake.sent.length).toBe(1);
  });

  it("after a crash in the middle is unknown where it could be doubled, and tried again where not", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    const crash = new Error("the isolate is gone");
    for (const [window, total] of [
      [null, 1],
      [DAY_MS, 2],
    ] as const) {
      const fake = fakeTransport(window, crash, ACCEPTED);
      const job = codeJob();
      expect((await consume([job], fake)).done).toEqual([false]);
      expect((await consume([job], fake, { attempts: 2 })).done).toEqual([true]);
      expect(fake.sent.length).toBe(total);
    }
  });

  it("that could not be made is unknown to nobody: nothing was sent, and the next try sends it", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    const fake = fakeTransport(null, ACCEPTED);
    const job = await invitationJob();
    const failing = failStatements("FROM suppressions");
    expect((await consume([job], fake)).done).toEqual([false]);
    failing.mockRestore();
    expect((await consume([job], fake, { attempts: 2 })).done).toEqual([true]);
    expect([fake.sent.length, await mailState(job)]).toEqual([1, "sent"]);
  });

  it("that may have been sent is not called held back when its address is by the next try", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    const busy = { state: "rejected", permanent: false, code: "busy" } as const;
    const fake = fakeTransport(DAY_MS, UNKNOWN, busy, ACCEPTED);
    const job = await invitationJob();
    expect((await consume([job], fake)).done).toEqual([false]);
    expect((await consume([job], fake, { attempts: 2 })).done).toEqual([false]);
    const held = { address: job.to, why: "bounced", reason: null, at: Date.now() } as const;
    await suppress(env.DB, workspace.me.workspace.id, held);
    expect((await consume([job], fake, { attempts: 3 })).done).toEqual([true]);
    expect(fake.sent.length).toBe(2);
    const row = await env.DB.prepare("SELECT state, code FROM mails WHERE job = ?")
      .bind(job.id)
      .first();
    expect(row).toEqual({ state: "unknown", code: "suppressed" });
  });

  it("that was accepted stays accepted when the database did not hear of it at once", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    const fake = fakeTransport(DAY_MS, ACCEPTED);
    const job = await invitationJob();
    const failing = failStatements("UPDATE mails");
    expect((await consume([job], fake)).done).toEqual([false]);
    failing.mockRestore();
    expect((await consume([job], fake, { attempts: 2 })).done).toEqual([true]);
    expect(await mailState(job)).toBe("sent");
  });

  it("with a code that nobody can use any more is not sent", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    const fake = fakeTransport(null, ACCEPTED);
    const timestamp = new Date(Date.now() - CODE_LIFETIME_MS - 1_000);
    expect((await consume([codeJob()], fake, { timestamp })).done).toEqual([true]);
    expect(fake.sent).toEqual([]);
  });

  it("to something that is no address is refused for good", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    const fake = fakeTransport(null, ACCEPTED);
    for (const to of [
      "nobody",
      "a@example.com\r\nBcc: b@example.com",
      "a@example.com, b@example.com",
    ]) {
      expect((await consume([{ ...codeJob(), to }], fake)).done).toEqual([true]);
    }
    expect(fake.sent).toEqual([]);
  });

  it("of an older invitation does not change what is said of the newer one", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    const first = await invitationJob();
    if (first.mail.template !== "invitation") throw new Error("not an invitation");
    const path = `/api/invitations/${first.mail.invitation}/resend`;
    const [second] = await mailsDuring(() => workspace.owner.call("POST", path));
    if (!second) throw new Error("no second mail");
    await consume([second], fakeTransport(null, ACCEPTED));
    await consume([first], fakeTransport(null, { state: "rejected", permanent: true, code: "x" }));
    expect(await mailState(first)).toBe("sent");
  });

  it("that every try failed for is kept without its code and address, and the invitation says so", async () => {
    const [code, invitation, interrupted] = [
      codeJob(),
      await invitationJob(),
      await invitationJob(),
    ];
    vi.spyOn(console, "error").mockReturnValue();
    await consume([interrupted], fakeTransport(DAY_MS, UNKNOWN));
    const messages = [code, invitation, interrupted].map((body, index) => ({
      id: `dead-mail-${index}`,
      timestamp: new Date(),
      attempts: 6,
      body,
    }));
    const batch = createMessageBatch<SendEmail>("parley-email-dead", messages);
    await consumeDeadEmails(batch, env);
    expect((await getQueueResult(batch, createExecutionContext())).explicitAcks.length).toBe(3);
    const { results } = await env.DB.prepare(
      "SELECT * FROM dead_letters WHERE message LIKE 'dead-mail-%'",
    ).all();
    expect(results.length).toBe(3);
    expect(JSON.stringify(results)).not.toContain("123456");
    expect(JSON.stringify(results)).not.toContain("ada@example.com");
    expect(await mailState(invitation)).toBe("failed");
    const row = await env.DB.prepare("SELECT state FROM mails WHERE job = ?")
      .bind(interrupted.id)
      .first();
    expect(row).toEqual({ state: "unknown" });
  });

  it("goes to the development mailbox where that is the transport", async () => {
    const job = codeJob();
    const batch = createMessageBatch<SendEmail>("parley-email", [
      { id: "1", timestamp: new Date(), attempts: 1, body: job },
    ]);
    await consumeEmails(batch, env);
    const [mail] = await listMails(env.FILES, 1);
    expect(mail).toMatchObject({
      job: job.id,
      to: "ada@example.com",
      subject: "123456 is your Parley code",
    });
  });

  it("is not lost while no transport is set up", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    const job = codeJob();
    const batch = createMessageBatch<SendEmail>("parley-email", [
      { id: "1", timestamp: new Date(), attempts: 1, body: job },
    ]);
    await consumeEmails(batch, { ...env, EMAIL_TRANSPORT: "pigeon" });
    expect((await getQueueResult(batch, createExecutionContext())).retryMessages.length).toBe(1);
  });
});
