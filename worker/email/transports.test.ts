import { env as bindings } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { asId } from "../../protocol/ids.ts";
import type { Env } from "../env.ts";
import { chooseTransport } from "./choose-transport.ts";
import { cloudflareTransport } from "./cloudflare.ts";
import { composeMail, type OutboundMail } from "./mail.ts";
import { listMails, mailboxTransport } from "./mailbox.ts";
import { resendTransport } from "./resend.ts";
import type { SendOutcome } from "./transport.ts";

const env = bindings as unknown as Env;
afterEach(() => vi.restoreAllMocks());

const JOB = asId("job", "job_01abc");
const MAIL = composeMail({
  from: "Parley <parley@example.com>",
  to: "ada@example.org",
  subject: "Hello",
  text: "Text",
  html: "<p>Text</p>",
});
const ANSWERABLE = composeMail({
  from: "Parley <parley@example.com>",
  to: "ada@example.org",
  replyTo: "r1.a.b@reply.example.com",
  subject: "Hello",
  text: "Text",
  html: "<p>Text</p>",
});
const longMail = (): OutboundMail => ({ ...MAIL, text: "x".repeat(50 * 1024 * 1024) });
const never = new AbortController().signal;

describe("Cloudflare Email Service", () => {
  const binding = (answer: () => Promise<{ messageId: string }>) => {
    const sent: EmailMessageBuilder[] = [];
    return { sent, send: (mail: EmailMessageBuilder) => (sent.push(mail), answer()) };
  };
  const failing = (code: string): Promise<SendOutcome> =>
    cloudflareTransport(
      binding(() => Promise.reject(Object.assign(new Error("no"), { code }))),
    ).send(MAIL, JOB, never);

  it("is handed the mail in its own words, without the headers that it sets itself", async () => {
    const fake = binding(async () => ({ messageId: "m1" }));
    expect(await cloudflareTransport(fake).send(MAIL, JOB, never)).toEqual({
      state: "accepted",
      providerId: "m1",
    });
    expect(fake.sent).toEqual([
      {
        from: { name: "Parley", email: "parley@example.com" },
        to: "ada@example.org",
        subject: "Hello",
        text: "Text",
        html: "<p>Text</p>",
        headers: { "Auto-Submitted": "auto-generated" },
      },
    ]);
  });

  it("is told where answers go", async () => {
    const fake = binding(async () => ({ messageId: "m1" }));
    await cloudflareTransport(fake).send(ANSWERABLE, JOB, never);
    expect(fake.sent[0]).toMatchObject({ replyTo: "r1.a.b@reply.example.com" });
  });

  it.each([
    "E_RECIPIENT_SUPPRESSED",
    "E_VALIDATION_ERROR",
    "E_SENDER_NOT_VERIFIED",
    "E_DELIVERY_FAILED",
    "E_HEADERS_TOO_MANY",
  ])("refuses for good with %s", async (code) =>
    expect(await failing(code)).toEqual({ state: "rejected", permanent: true, code }),
  );

  it("says when to come back after a limit", async () => {
    expect(await failing("E_RATE_LIMIT_EXCEEDED")).toMatchObject({
      state: "rejected",
      permanent: false,
      retryAfterMs: 60_000,
    });
    expect(await failing("E_DAILY_LIMIT_EXCEEDED")).toMatchObject({
      state: "rejected",
      permanent: false,
      retryAfterMs: 3_600_000,
    });
  });

  it.each(["E_INTERNAL_SERVER_ERROR", "E_NOBODY_HAS_SEEN_THIS", ""])(
    "leaves it unknown with %j",
    async (code) => {
      expect(await failing(code)).toMatchObject({ state: "unknown" });
    },
  );

  it("leaves it unknown when it does not answer in time", async () => {
    const silent = cloudflareTransport(binding(() => new Promise(() => {})));
    expect(await silent.send(MAIL, JOB, AbortSignal.timeout(10))).toEqual({
      state: "unknown",
      cause: "TimeoutError",
    });
    expect(await silent.send(MAIL, JOB, AbortSignal.abort())).toMatchObject({ state: "unknown" });
  });

  it("EOUT-08: is not asked to send what it does not take", async () => {
    const fake = binding(async () => ({ messageId: "m1" }));
    const { send } = cloudflareTransport(fake);
    expect(await send(longMail(), JOB, never)).toMatchObject({
      state: "rejected",
      permanent: true,
      code: "too_large",
    });
    const odd = { ...MAIL, headers: { "Message-ID": MAIL.subject } };
    expect(await send(odd, JOB, never)).toMatchObject({ code: "header_not_allowed" });
    expect(fake.sent).toEqual([]);
  });
});

describe("Resend", () => {
  type Call = { url: string; init: RequestInit };
  const fetching = (answer: (call: Call) => Promise<Response>) => {
    const calls: Call[] = [];
    const fetcher = async (input: unknown, init: RequestInit = {}): Promise<Response> => {
      const call = { url: String(input), init };
      calls.push(call);
      return answer(call);
    };
    return { calls, transport: resendTransport("re_secret", fetcher) };
  };
  const answering = (
    status: number,
    body: unknown,
    headers: Record<string, string> = {},
  ): Promise<SendOutcome> =>
    fetching(async () => Response.json(body, { status, headers })).transport.send(MAIL, JOB, never);

  it("is handed the mail with the job as its key", async () => {
    const { calls, transport } = fetching(async () => Response.json({ id: "re_1" }));
    expect(await transport.send(MAIL, JOB, never)).toEqual({
      state: "accepted",
      providerId: "re_1",
    });
    expect(calls.length).toBe(1);
    expect(calls[0]?.url).toBe("https://api.resend.com/emails");
    expect(new Headers(calls[0]?.init.headers)).toEqual(
      new Headers({
        authorization: "Bearer re_secret",
        "content-type": "application/json",
        "idempotency-key": JOB,
      }),
    );
    expect(JSON.parse(calls[0]?.init.body as string)).toEqual({
      from: '"Parley" <parley@example.com>',
      to: ["ada@example.org"],
      subject: "Hello",
      text: "Text",
      html: "<p>Text</p>",
      headers: { "Auto-Submitted": "auto-generated" },
      tags: [{ name: "job", value: JOB }],
    });
  });

  it.each([
    [400, "validation_error"],
    [401, "missing_api_key"],
    [403, "invalid_api_key"],
    [404, "not_found"],
    [422, "invalid_from_address"],
  ])("refuses for good with %i %s", async (status, name) => {
    expect(await answering(status, { statusCode: status, name, message: "…" })).toEqual({
      state: "rejected",
      permanent: true,
      code: name,
    });
  });

  it("refuses for good with an answer that is no JSON", async () => {
    const { transport } = fetching(async () => new Response("<h1>no</h1>", { status: 418 }));
    expect(await transport.send(MAIL, JOB, never)).toEqual({
      state: "rejected",
      permanent: true,
      code: "http_418",
    });
  });

  it.each([
    ["7", 7_000],
    ["0", 1_000],
    ["", 60_000],
    ["soon", 60_000],
    ["-5", 60_000],
    ["99999999999", 60_000],
  ])("says when to come back: Retry-After %j", async (retryAfter, retryAfterMs) => {
    const headers = retryAfter === "" ? {} : { "retry-after": retryAfter };
    expect(await answering(429, { name: "rate_limit_exceeded" }, headers)).toEqual({
      state: "rejected",
      permanent: false,
      code: "rate_limit_exceeded",
      retryAfterMs,
    });
  });

  it("reads a date in Retry-After, and waits an hour for a quota", async () => {
    const at = new Date(Date.now() + 30_000).toUTCString();
    const outcome = await answering(429, { name: "rate_limit_exceeded" }, { "retry-after": at });
    if (outcome.state !== "rejected") throw new Error("not rejected");
    expect(outcome.retryAfterMs).toBeGreaterThan(28_000);
    expect(outcome.retryAfterMs).toBeLessThan(31_001);
    expect(await answering(429, { name: "daily_quota_exceeded" })).toMatchObject({
      retryAfterMs: 3_600_000,
    });
  });

  it.each([500, 502, 503])("leaves it unknown with %i", async (status) => {
    expect(await answering(status, { name: "application_error" })).toMatchObject({
      state: "unknown",
    });
  });

  it.each(["concurrent_idempotent_requests", "invalid_idempotent_request"])(
    "leaves it unknown when an earlier try with the key is under way, or had other words: %s",
    async (name) => {
      expect(await answering(409, { name })).toMatchObject({ state: "unknown" });
    },
  );

  it("says when it does not send for the sender's domain", async () => {
    expect(await answering(403, { name: "validation_error" })).toEqual({
      state: "rejected",
      permanent: true,
      code: "domain_not_verified",
    });
  });

  it("leaves it unknown when it does not answer, or the line breaks", async () => {
    const hanging = fetching(
      ({ init }) =>
        new Promise((_, reject) => {
          init.signal?.addEventListener("abort", () => reject(init.signal?.reason));
        }),
    );
    expect(await hanging.transport.send(MAIL, JOB, AbortSignal.timeout(10))).toEqual({
      state: "unknown",
      cause: "TimeoutError",
    });
    const broken = fetching(() => Promise.reject(new TypeError("network")));
    expect(await broken.transport.send(MAIL, JOB, never)).toEqual({
      state: "unknown",
      cause: "TypeError",
    });
  });

  it("is not asked to send what it does not take", async () => {
    const { calls, transport } = fetching(async () => Response.json({ id: "re_1" }));
    expect(await transport.send(longMail(), JOB, never)).toMatchObject({
      state: "rejected",
      code: "too_large",
    });
    expect(calls).toEqual([]);
  });
});

describe("the development mailbox", () => {
  it("keeps mails, the newest first, and one for each job", async () => {
    const transport = mailboxTransport(env.FILES, () => 42);
    for (const job of ["job_01a", "job_01b", "job_01a"]) {
      expect(await transport.send(MAIL, asId("job", job), never)).toEqual({
        state: "accepted",
        providerId: job,
      });
    }
    const mails = await listMails(env.FILES, 10);
    expect(mails.map((mail) => mail.job)).toEqual(["job_01b", "job_01a"]);
    expect(mails[0]).toEqual({
      job: "job_01b",
      from: '"Parley" <parley@example.com>',
      to: "ada@example.org",
      replyTo: null,
      headers: { "Auto-Submitted": "auto-generated" },
      subject: "Hello",
      text: "Text",
      html: "<p>Text</p>",
      at: 42,
    });
    expect((await listMails(env.FILES, 1)).length).toBe(1);
  });

  it("leaves it unknown when it cannot be written", async () => {
    const broken = { put: () => Promise.reject(new Error("R2 is away")) } as unknown as R2Bucket;
    expect(await mailboxTransport(broken, Date.now).send(MAIL, JOB, never)).toMatchObject({
      state: "unknown",
    });
  });
});

describe("the choice of a transport", () => {
  it("is the installation's, and never the mailbox outside development", () => {
    expect(chooseTransport({ ...env, EMAIL_TRANSPORT: "cloudflare" }).caps.idempotency).toBeNull();
    expect(
      chooseTransport({ ...env, EMAIL_TRANSPORT: "resend", RESEND_API_KEY: "re" }).caps.idempotency
        ?.windowMs,
    ).toBe(86_400_000);
    expect(() => chooseTransport({ ...env, EMAIL_TRANSPORT: "resend" })).toThrow(
      "No mail transport",
    );
    expect(() =>
      chooseTransport({ ...env, EMAIL_TRANSPORT: "mailbox", ENVIRONMENT: "production" }),
    ).toThrow();
    expect(() => chooseTransport({ ...env, EMAIL_TRANSPORT: "" })).toThrow();
  });
});
