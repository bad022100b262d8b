import { runDurableObjectAlarm } from "cloudflare:test";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { THREAD_MAILS_MAX } from "../../domain/email/limits.ts";
import gmail from "../../domain/email/testing/mails/gmail-reply.eml?raw";
import invitation from "../../domain/email/testing/mails/calendar-invitation.eml?raw";
import encrypted from "../../domain/email/testing/mails/pgp-encrypted.eml?raw";
import receipt from "../../domain/email/testing/mails/read-receipt.eml?raw";
import signed from "../../domain/email/testing/mails/smime-signed.eml?raw";
import winmail from "../../domain/email/testing/mails/winmail.eml?raw";
import { peersOf } from "../../durable-objects/peers.ts";
import { eventually } from "../../durable-objects/testing/eventually.ts";
import { OLIVIA, openOperatorSocket } from "../../durable-objects/testing/sockets.ts";
import { VisitorObject } from "../../durable-objects/visitor/object.ts";
import { conversationName } from "../../protocol/addresses.ts";
import type { ConversationId } from "../../protocol/ids.ts";
import { answerIn, conversationsOf, mailedAnswer, messages } from "../testing/mail-conversation.ts";
import {
  arrive,
  countingTransport,
  deliverJobs,
  freshAddress,
  inboxOf,
  rawMail,
} from "../testing/mail-stage.ts";
import { env } from "../testing/operator-browser.ts";
import { newWorkspace, type WorkspaceFixture } from "../testing/workspace-fixture.ts";

/** The catalogue of bad mails, each as a real program's mail through the whole way in. */

let workspace: WorkspaceFixture;
let inbox: string;
beforeAll(async () => {
  workspace = await newWorkspace("catalogue");
  inbox = inboxOf(workspace.me.workspace.id);
});
/** A workspace takes so many new conversations in a minute; each test has its own. */
let clock = Date.now();
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: (clock += 60_000) });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const NO_SUCH = "There is no such address here";
const bytesOf = (text: string) => rawMail(text.replace(/\r?\n/g, "\r\n"));
const of = (conversation: ConversationId) =>
  peersOf(env).conversation(workspace.me.workspace.id, conversation);
const nameOf = (conversation: ConversationId) =>
  conversationName(workspace.me.workspace.id, conversation);
const log = (conversation: ConversationId) => of(conversation).log(0, 200);

/** What a person answered with Gmail, as it comes from this address. */
function mailOf(address: string, text = gmail): string {
  const [, domain = ""] = address.split("@");
  return text
    .replaceAll(/ada(?:\.byron)?@gmail\.com/gi, address)
    .replaceAll("gmail.com", domain)
    .replace(/Message-ID: <[^>]*>/i, `Message-ID: <${crypto.randomUUID()}@${domain}>`);
}
const withHeader = (text: string, header: string): string =>
  text.replace("MIME-Version: 1.0", `${header}\nMIME-Version: 1.0`);
const withFrom = (text: string, from: string): string => text.replace(/^From: .*$/m, from);
const verdict = (text: string, results: string): string =>
  text.replace(/^Authentication-Results:.*(?:\n[ \t].*)*\n/m, results);

/** A conversation by email with an answer that went out. */
async function answered() {
  const sent = await mailedAnswer(workspace);
  const last = async () => (await log(sent.conversation)).at(-1);
  return { ...sent, last };
}

it("EIN-01: the participant's own answer, vouched for, is their message", async () => {
  const { address, to, last } = await answered();
  expect(await arrive(bytesOf(mailOf(address)), to)).toBeNull();
  expect(await last()).toMatchObject({
    type: "message",
    author: { kind: "visitor" },
    text: "Thank you, it has arrived – and it is lovely.",
    mail: { isProven: true },
  });
});

it.each([
  ["somebody else's", "eve@evil.example"],
  ["one letter's", "ADA@c0rp.example"],
  ["a longer domain's", "ada@corp.example.evil.example"],
  ["a subdomain's", "ada@mail.corp.example"],
])(
  "EIN-02: %s address with a stolen reply address stands beside, and the person sees nothing",
  async (_, from) => {
    const { conversation, to, last } = await answered();
    const before = await of(conversation).summary();
    await arrive(bytesOf(mailOf(from)), to);
    expect(await last()).toMatchObject({
      type: "aside",
      why: "stranger",
      mail: { isProven: false },
    });
    const after = await of(conversation).summary();
    expect(after?.visibleSeq).toBe(before?.visibleSeq);
    expect(after?.status).toBe(before?.status);
  },
);

it("EIN-02: an address that only looks the same, in other letters, is another one", async () => {
  const { address, to, last } = await answered();
  const alike = address.replace("corp.example", "c\u043erp.example");
  await arrive(bytesOf(mailOf(alike)), to);
  expect(await last()).toMatchObject({
    type: "aside",
    why: "stranger",
    mail: { from: expect.stringMatching(/@xn--/) },
  });
});

describe("the participant's address that nobody vouches for carries a warning", () => {
  const ours = "Authentication-Results: mx.cloudflare.net; ";
  const forged = `${ours}dmarc=pass header.from=corp.example\n`;
  const failed = `${ours}dmarc=fail header.from=corp.example; spf=pass smtp.mailfrom=eve@evil.example\n`;
  it.each([
    ["EIN-03: an attacker's own SPF", (text: string) => verdict(text, failed)],
    [
      "EIN-03: a domain without a policy",
      (text: string) =>
        verdict(
          text,
          `${ours}dmarc=none header.from=corp.example; spf=pass smtp.mailfrom=e@evil.example\n`,
        ),
    ],
    ["EIN-04: no verdict at all", (text: string) => verdict(text, "")],
    [
      "EIN-05: our server's words below our server's own",
      (text: string) =>
        verdict(text, failed).replace("DKIM-Signature:", `${forged}DKIM-Signature:`),
    ],
    [
      "EIN-06: our server's words, and none of its own above another server's",
      (text: string) => verdict(text, "").replace("DKIM-Signature:", `${forged}DKIM-Signature:`),
    ],
    ["EIN-06: twice", (text: string) => verdict(text, forged + forged)],
    ["EIN-06: in capitals", (text: string) => verdict(text, forged.toUpperCase())],
    [
      "EIN-06: in a comment",
      (text: string) =>
        verdict(text, `${ours}dmarc=fail (dmarc=pass\n header.from=corp.example)\n`),
    ],
    ["EIN-06: with a version", (text: string) => verdict(text, forged.replace("net;", "net 1;"))],
    [
      "EIN-06: by a server that calls itself like ours",
      (text: string) =>
        text.replace("by cloudflare-email.net", "by cloudflare-email.net.evil.example"),
    ],
    [
      "EIN-07: vouched for as another domain",
      (text: string) => verdict(text, `${ours}dmarc=pass header.from=other.example\n`),
    ],
    [
      "EIN-08: written in somebody's name by somebody else",
      (text: string) => withHeader(text, "Sender: eve@evil.example"),
    ],
  ])("%s", async (_, change) => {
    const { address, to, last } = await answered();
    await arrive(bytesOf(change(mailOf(address))), to);
    expect(await last()).toMatchObject({ type: "message", mail: { isProven: false } });
  });
});

describe("a sender who cannot be told is nobody", () => {
  const ADA = "ada@corp.example";
  it.each([
    ["EIN-08: two From", `From: ${ADA}\nFrom: eve@evil.example`],
    ["EIN-08: two addresses", `From: ${ADA}, eve@evil.example`],
    ["EIN-08: a group", `From: Friends: ${ADA};`],
    ["EIN-08: nobody", "From:"],
    ["EIN-08: no From", "X-From: ada@corp.example"],
    [
      "EIN-09: a quoted address",
      '"From: ada@corp.example x"@attacker.example'.replace('"From: ', 'From: "'),
    ],
    ["EIN-09: a comment in the domain", "From: user@good-corp.example(x)evil.example"],
    ["EIN-09: two in brackets", `From: <${ADA}> <eve@evil.example>`],
    ["EIN-09: a zero byte", "From: ada@corp\u0000.example"],
    ["EIN-09: an encoded word", "From: =?utf-8?Q?ada=40corp.example?="],
    ["EIN-09: an encoded word as the address", "From: <=?utf-8?Q?ada?=@corp.example>"],
  ])("%s", async (_, from) => {
    const { to, last } = await answered();
    const text = withFrom(mailOf(ADA), from);
    await arrive(bytesOf(text), to);
    expect(await last()).toMatchObject({ type: "aside", why: "unreadable", mail: { from: "" } });
    expect(await arrive(bytesOf(text), inbox)).toMatch(/^The sender cannot be told/);
  });
});

it("EIN-10: a reply address with any character changed is answered like one that never was; in capitals it is itself", async () => {
  const { address, conversation, to } = await answered();
  const [local = "", domain = ""] = to.split("@");
  const raw = bytesOf(mailOf(address));
  const others = Array.from(local, (letter, at) => {
    const other = letter === "1" ? "2" : "1";
    return `${local.slice(0, at)}${other}${local.slice(at + 1)}@${domain}`;
  });
  for (const other of [
    ...others,
    `${local.slice(0, -1)}@${domain}`,
    `${local}.@${domain}`,
    `${local}+x@${domain}`,
    `${local}@elsewhere.example`,
    `r2${local.slice(2)}@${domain}`,
    `nobody@${domain}`,
  ])
    expect(await arrive(raw, other), other).toBe(NO_SUCH);
  expect(messages(await log(conversation)).length).toBe(2);
  expect(await arrive(raw, to.toUpperCase())).toBeNull();
  expect(messages(await log(conversation)).length).toBe(3);
});

it("EIN-10: a reply address that another secret has signed leads nowhere", async () => {
  const { address, to } = await answered();
  const secret = env.PARLEY_SECRET;
  env.PARLEY_SECRET = "another-secret-of-the-tests-with-enough-characters";
  try {
    expect(await arrive(bytesOf(mailOf(address)), to)).toBe(NO_SUCH);
  } finally {
    env.PARLEY_SECRET = secret;
  }
});

it.each([
  ["that its domain vouches for", true],
  ["that nobody vouches for", false],
])(
  "EIN-11: an answer %s opens a closed conversation again, and sets off what waits for one: %s",
  async (_, isVouchedFor) => {
    const { address, conversation, to } = await answered();
    await of(conversation).setStatus(OLIVIA, "closed");
    const { visibleSeq = 0 } = (await of(conversation).summary()) ?? {};
    const told = vi.spyOn(VisitorObject.prototype, "conversationChanged");
    const mail = mailOf(address);
    await arrive(bytesOf(isVouchedFor ? mail : verdict(mail, "")), to);
    expect((await of(conversation).summary())?.status).toBe("open");
    // By the number of their last words the person's object knows that somebody has answered.
    vi.setSystemTime((clock += 60_000));
    await eventually(async () => {
      await runDurableObjectAlarm(env.CONVERSATION.getByName(nameOf(conversation)));
      expect(told.mock.lastCall?.[0]).toMatchObject({ status: "open", through: visibleSeq + 1 });
    });
    expect(told.mock.lastCall?.[0].wrote).toBe(isVouchedFor ? visibleSeq + 1 : 1);
  },
);

it("EIN-12: what a mail refers to never decides: another conversation's Message-ID and subject begin one of their own", async () => {
  const { conversation, jobs } = await answered();
  const before = (await log(conversation)).length;
  const stranger = freshAddress();
  const id = `<${jobs[0]?.id}@${env.EMAIL_REPLY_DOMAIN}>`;
  const text = mailOf(stranger)
    .replace(/^References:.*$/m, `References: <${conversation}@${env.EMAIL_REPLY_DOMAIN}> ${id}`)
    .replace(/^In-Reply-To:.*$/m, `In-Reply-To: ${id}`);
  expect(await arrive(bytesOf(text), inbox)).toBeNull();
  expect((await log(conversation)).length).toBe(before);
  expect((await conversationsOf(workspace, stranger)).length).toBe(1);
});

it("EIN-13: whoever is in CC reads nothing and writes beside the conversation", async () => {
  const { address, to, conversation, socket, jobs, last } = await answered();
  const outsider = "carol@elsewhere.example";
  await arrive(bytesOf(withHeader(mailOf(address), `Cc: Carol <${outsider}>`)), to);
  await answerIn(socket, "Only for you.");
  await eventually(() => expect(jobs.length).toBe(2));
  expect(jobs.map((job) => job.to)).toEqual([address, address]);
  await arrive(bytesOf(mailOf(outsider)), to);
  expect(await last()).toMatchObject({ type: "aside", why: "stranger" });
  expect((await of(conversation).summary())?.mail?.address).toBe(address);
});

it("EIN-14: the same mail five times is one message", async () => {
  const { address, to, conversation } = await answered();
  const raw = bytesOf(mailOf(address));
  for (let n = 0; n < 5; n++) expect(await arrive(raw, to)).toBeNull();
  expect(messages(await log(conversation)).length).toBe(3);
});

it("EIN-15: the same Message-ID with another body is another message", async () => {
  const { address, to, conversation } = await answered();
  const text = mailOf(address);
  await arrive(bytesOf(text), to);
  await arrive(bytesOf(text.replaceAll("lovely", "broken")), to);
  expect(messages(await log(conversation)).length).toBe(4);
});

describe("what a machine writes is kept quiet: it opens nothing and nobody waits", () => {
  it.each([
    "Auto-Submitted: auto-replied",
    "Auto-Submitted: auto-generated; owner-email=x@y.example",
    "Precedence: bulk",
    "Precedence: junk",
    "Precedence: auto_reply",
    "X-Autoreply: yes",
    "X-Autorespond: Away",
  ])("EIN-16: %s", async (header) => {
    const { address, conversation, to, last } = await answered();
    await of(conversation).setStatus(OLIVIA, "closed");
    await arrive(bytesOf(withHeader(mailOf(address), header)), to);
    expect(await last()).toMatchObject({ type: "aside", why: "automatic" });
    expect(await of(conversation).summary()).toMatchObject({
      status: "closed",
      waitingSince: null,
    });
  });

  it.each(["Precedence: list", "List-Id: <shop.lists.example>"])(
    "EIN-16: %s is shown and opens nothing",
    async (header) => {
      const { address, conversation, to, last } = await answered();
      await of(conversation).setStatus(OLIVIA, "closed");
      await arrive(bytesOf(withHeader(mailOf(address), header)), to);
      expect(await last()).toMatchObject({ type: "message" });
      expect(await of(conversation).summary()).toMatchObject({ status: "closed" });
    },
  );

  it("EIN-16: X-Auto-Response-Suppress alone is a person's", async () => {
    const { address, conversation, to } = await answered();
    await of(conversation).setStatus(OLIVIA, "closed");
    await arrive(bytesOf(withHeader(mailOf(address), "X-Auto-Response-Suppress: All")), to);
    expect((await of(conversation).summary())?.status).toBe("open");
  });
});

it("EIN-18: a mail from one of our own addresses is kept and counted, and shown to nobody", async () => {
  const { conversation, to } = await answered();
  const before = (await log(conversation)).length;
  for (const own of ["parley@example.com", `r1.x@${env.EMAIL_REPLY_DOMAIN}`, inbox])
    for (const at of [to, inbox]) expect(await arrive(bytesOf(mailOf(own)), at)).toBeNull();
  expect((await log(conversation)).length).toBe(before);
  const { results } = await env.DB.prepare(
    "SELECT count(*) AS count FROM arrived_mails WHERE workspace_id = ? AND outcome = 'own'",
  )
    .bind(workspace.me.workspace.id)
    .all();
  expect(results[0]).toEqual({ count: 6 });
});

it("EIN-19: a ticket system that answers each of our mails, as a person would, gets none for it", async () => {
  const { address, to, jobs, socket } = await answered();
  for (let n = 0; n < 3; n++) {
    await arrive(bytesOf(mailOf(address).replaceAll("lovely", `ticket ${n}`)), to);
    await arrive(bytesOf(mailOf(address).replaceAll("lovely", `new ticket ${n}`)), inbox);
  }
  // The operator's next answer is the next mail: what came in between has sent none.
  await answerIn(socket, "And one more thing.");
  await eventually(() => expect(jobs.length).toBeGreaterThan(1));
  expect(jobs.length).toBe(2);
});

it("EIN-20: of many mails to one address the first are taken, and the rest sent back", async () => {
  const { address, conversation, to } = await answered();
  const outcomes = new Set<string | null>();
  for (let n = 0; n < 3 * THREAD_MAILS_MAX; n++)
    outcomes.add(await arrive(bytesOf(mailOf(address).replaceAll("lovely", `number ${n}`)), to));
  expect([...outcomes]).toEqual([null, "Too many mails came to this address in a short time"]);
  const theirs = messages(await log(conversation)).filter(
    ({ author }) => author.kind === "visitor",
  );
  expect(theirs.length).toBe(THREAD_MAILS_MAX);
});

describe("what is no text is kept as a file", () => {
  it.each([
    ["a calendar invitation", invitation, /invite\.ics|calendar/, "Tea at four"],
    ["a signed mail", signed, /smime\.p7s/, "Signed, Ada."],
    ["an encrypted mail", encrypted, /encrypted\.asc/, "(A mail with attachments and no text)"],
    ["Outlook's own format", winmail, /winmail\.dat/, "See the file."],
  ])("EIN-22: %s", async (_, text, name, words) => {
    const { address, to, last } = await answered();
    expect(await arrive(bytesOf(mailOf(address, text)), to)).toBeNull();
    const entry = await last();
    expect(entry).toMatchObject({ type: "message", text: words, mail: { flaw: null } });
    const files = entry?.type === "message" ? (entry.mail?.attachments ?? []) : [];
    expect(files.map((file) => `${file.name} ${file.type}`).join()).toMatch(name);
  });

  it("EIN-22: a receipt that it was opened is no answer, whoever clicked", async () => {
    const { address, conversation, to, last } = await answered();
    await of(conversation).setStatus(OLIVIA, "closed");
    await arrive(bytesOf(mailOf(address, receipt)), to, { from: address });
    expect(await last()).toMatchObject({ type: "aside", why: "automatic" });
    expect((await of(conversation).summary())?.status).toBe("closed");
  });
});

it("EIN-25: a mail is in R2 before anything reads it; what fails then fails the delivery, and the next is the first", async () => {
  const { address, conversation, to } = await answered();
  const raw = bytesOf(mailOf(address));
  vi.spyOn(env.FILES, "put").mockRejectedValueOnce(new Error("R2 is away"));
  await expect(arrive(raw, to)).rejects.toThrow("R2 is away");
  const getByName = vi.spyOn(env.CONVERSATION, "getByName").mockImplementationOnce(() => {
    throw new Error("the object is away");
  });
  await expect(arrive(raw, to)).rejects.toThrow("the object is away");
  getByName.mockRestore();
  const kept = await env.FILES.list({ prefix: `mail/${workspace.me.workspace.id}/` });
  expect(kept.objects.some(({ size }) => size === raw.length)).toBe(true);
  expect(await arrive(raw, to)).toBeNull();
  expect(messages(await log(conversation)).length).toBe(3);
});

it("EOUT-12: ten mails there and back are one thread in every program: one root, first in each", async () => {
  const { address, conversation, to, jobs } = await answered();
  const transport = countingTransport();
  for (let n = 1; n < 10; n++) {
    await arrive(bytesOf(mailOf(address).replaceAll("lovely", `answer ${n}`)), to);
    const socket = await openOperatorSocket(of(conversation), OLIVIA, `ses-${n}`);
    await answerIn(socket, `And ${n} more.`);
    await eventually(() => expect(jobs.length).toBe(n + 1));
    await deliverJobs(jobs.slice(n), transport);
  }
  const headers = transport.sent.map(({ mail }) => mail.headers);
  for (const { References = "", "In-Reply-To": answers = "" } of headers) {
    const ids = References.split(" ");
    expect(ids[0]).toBe(`<${conversation}@${env.EMAIL_REPLY_DOMAIN}>`);
    expect(ids.at(-1)).toBe(answers);
    expect(References.length).toBeLessThanOrEqual(2_048);
    expect(new Set(ids).size).toBe(ids.length);
  }
  expect(new Set(headers.map((one) => one["In-Reply-To"])).size).toBe(headers.length);
});
