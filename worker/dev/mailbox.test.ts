import { afterEach, beforeAll, expect, it, vi } from "vitest";
import { peersOf } from "../../durable-objects/peers.ts";
import { OLIVIA, openOperatorSocket } from "../../durable-objects/testing/sockets.ts";
import { asId } from "../../protocol/ids.ts";
import { composeMail } from "../email/mail.ts";
import { mailboxTransport } from "../email/mailbox.ts";
import { renderMail } from "../email/templates.ts";
import { collectJobs, deliverJobs, freshAddress, inboxOf } from "../testing/mail-stage.ts";
import { env } from "../testing/operator-browser.ts";
import { DEMO, seedDemo } from "../workspaces/demo.ts";
import { eventually } from "../../durable-objects/testing/eventually.ts";
import { devMailbox } from "./mailbox.ts";

afterEach(() => vi.restoreAllMocks());

beforeAll(async () => {
  const { send } = mailboxTransport(env.FILES, () => 1_000);
  const never = new AbortController().signal;
  const from = "Parley <parley@example.com>";
  const code = renderMail({ template: "sign-in-code", code: "012345" });
  await send(composeMail({ from, to: "ada@example.com", ...code }), asId("job", "job_2"), never);
  const markup = {
    subject: "<script>alert(1)</script>",
    text: "</pre><script>",
    html: `"><script>alert(1)</script>`,
  };
  await send(composeMail({ from, to: "bob@example.com", ...markup }), asId("job", "job_1"), never);
});

it("lists mails for tests, newest first, and narrowed to one address", async () => {
  const all: unknown[] = await (await devMailbox.request("/dev/mailbox.json", {}, env)).json();
  expect(all).toMatchObject([
    { to: "ada@example.com", subject: "012345 is your Parley code", at: 1_000 },
    { to: "bob@example.com" },
  ]);
  const one: unknown[] = await (
    await devMailbox.request("/dev/mailbox.json?to=Bob@example.com", {}, env)
  ).json();
  expect(one).toMatchObject([{ to: "bob@example.com" }]);
});

it("shows mails to people, their codes in large, and their markup as text", async () => {
  const response = await devMailbox.request("/dev/mailbox", {}, env);
  const html = await response.text();
  expect(html).toContain("<code>012345</code>");
  expect(html).not.toContain("<script>");
  expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
  expect(html.match(/<iframe sandbox="allow-popups allow-popups-to-escape-sandbox"/g)?.length).toBe(
    2,
  );
});

it("takes a mail and its answer the way that real ones take, and says what became of them", async () => {
  await seedDemo(env);
  const jobs = collectJobs();
  const address = freshAddress();
  const post = async (fields: Record<string, string>): Promise<string> => {
    const init = { method: "POST", body: new URLSearchParams(fields) };
    return (await devMailbox.request("/dev/mailbox/mail", init, env)).text();
  };
  const to = inboxOf(DEMO.workspace);
  const mail = { from: `Ada <${address}>`, to, subject: "Tea", text: "Hello", proven: "on" };
  expect(await post(mail)).toContain("The mail has arrived");
  expect(await post({ ...mail, to: "nobody@reply.parley.test" })).toContain(
    "Sent back: There is no such address here",
  );

  const thread = await env.DB.prepare(
    "SELECT conversation_id AS id FROM mail_threads WHERE address = ?",
  )
    .bind(address)
    .first<{ id: string }>();
  const conversation = peersOf(env).conversation(DEMO.workspace, asId("cnv", thread?.id ?? ""));
  const socket = await openOperatorSocket(conversation, OLIVIA);
  await socket.ask({ t: "message", stream: "s", n: 1, text: "Hello Ada." });
  await eventually(() => expect(jobs.length).toBe(1));
  await deliverJobs(jobs, mailboxTransport(env.FILES, Date.now));

  const html = await (await devMailbox.request(`/dev/mailbox?to=${address}`, {}, env)).text();
  const job = /name="job" value="([^"]+)"/.exec(html)?.[1] ?? "";
  expect(job).toBe(jobs[0]?.id);
  expect(await post({ job, text: "Thank you.", proven: "on" })).toContain("The mail has arrived");
  const entries = await conversation.log(0, 20);
  expect(entries.at(-1)).toMatchObject({
    type: "message",
    text: "Thank you.",
    mail: { from: address, isProven: true },
  });
});
