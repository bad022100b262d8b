import { beforeAll, expect, it } from "vitest";
import { asId } from "../../protocol/ids.ts";
import { composeMail } from "../email/mail.ts";
import { mailboxTransport } from "../email/mailbox.ts";
import { renderMail } from "../email/templates.ts";
import { env } from "../testing/operator-browser.ts";
import { devMailbox } from "./mailbox.ts";

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
