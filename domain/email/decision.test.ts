import { describe, expect, it } from "vitest";
import { decide, messageIds } from "./decision.ts";
import { splitMail } from "./headers.ts";
import { readMailbox, readSender } from "./sender.ts";
import { realMail } from "./testing/real-mail.ts";

const OURS = "parley@example.com";
const isOwn = (address: string) => address === OURS || address.endsWith("@reply.parley.test");
const headersOf = (text: string) =>
  splitMail(new Uint8Array(new TextEncoder().encode(text.replace(/\n/g, "\r\n")))).headers;

function judged(text: string, participant: string | null, envelopeFrom = "bounce@x.example") {
  return decide({ headers: headersOf(text), envelopeFrom, participant, isJudged: true, isOwn });
}
function judgedFile(name: string, participant: string | null) {
  const { headers } = splitMail(realMail(name));
  return decide({ headers, envelopeFrom: "bounce@x.example", participant, isJudged: true, isOwn });
}

const received = (
  results: string,
  below = "",
) => `Received: from a (1.2.3.4) by cloudflare-email.net (c) id 1; now
${results}Received: from b by a; now
${below}From: Ada <ada@corp.example>
Subject: Hello

`;
const RESULTS = "Authentication-Results: mx.cloudflare.net; ";
const PASS = `${RESULTS}dmarc=pass header.from=corp.example\n`;
const ADA = "ada@corp.example";

describe("who wrote a mail, and where it goes", () => {
  const weak = `${RESULTS}dmarc=none header.from=corp.example; dkim=pass header.d=corp.example\n`;
  const fail = `${RESULTS}dmarc=fail header.from=corp.example; spf=pass smtp.mailfrom=eve@evil.example\n`;
  it.each([
    ["the participant, vouched for", ADA, PASS, { kind: "participant", proof: "proven" }],
    ["the participant, weakly", ADA, weak, { kind: "participant", proof: "unproven" }],
    ["the participant, not at all", ADA, "", { kind: "participant", proof: "unproven" }],
    ["the participant's name forged", ADA, fail, { kind: "participant", proof: "unproven" }],
    ["somebody else, vouched for", "bob@b.example", PASS, { kind: "aside", why: "stranger" }],
    ["somebody else of the same domain", "bob@corp.example", PASS, { why: "stranger" }],
    ["somebody else, not at all", "bob@b.example", "", { kind: "aside", why: "stranger" }],
    ["nobody known, vouched for", null, PASS, { kind: "new", proof: "proven" }],
    ["nobody known, weakly", null, weak, { kind: "new", proof: "unproven" }],
    ["nobody known, not at all", null, fail, { kind: "new", proof: "unproven" }],
  ])("%s", (_, participant, results, decision) => {
    expect(judged(received(results), participant)).toMatchObject(decision);
  });

  it("real mails of people are theirs", () => {
    expect(judgedFile("gmail-reply", "ada.byron@gmail.com")).toMatchObject({
      kind: "participant",
      proof: "proven",
    });
    // Outlook asks machines not to answer; that does not make its writer one.
    expect(judgedFile("outlook-reply", "rene@outlook.com").kind).toBe("participant");
    expect(judgedFile("html-only", null)).toMatchObject({ kind: "new", proof: "proven" });
  });
});

describe("only what our own mail server wrote, where it must stand, vouches for anybody", () => {
  const passes = (text: string): boolean => {
    const decision = judged(text, null);
    return decision.kind === "new" && decision.proof === "proven";
  };

  it("its verdict counts", () => {
    expect(passes(received(PASS))).toBe(true);
    expect(passes(received(PASS.replace("header.from=corp", "header.from=Corp")))).toBe(true);
  });

  it.each([
    ["below another server's Received", received("", PASS)],
    [
      "without our server's Received",
      PASS + received("").replace("by cloudflare-email.net", "by mx.evil.example"),
    ],
    ["with our server further down", `Received: from a by mx.evil.example; now\n${received(PASS)}`],
    [
      "our server's name as a part of another",
      received(PASS).replace("cloudflare-email.net", "cloudflare-email.net.evil.example"),
    ],
    ["two of them", received(PASS + PASS)],
    [
      "two verdicts in one",
      received(PASS.replace("\n", "; dmarc=pass header.from=corp.example\n")),
    ],
    ["another name", received(PASS.replace("mx.cloudflare.net", "mx.cloudflare.net.evil.example"))],
    ["another case", received(PASS.replace("mx.cloudflare.net", "MX.Cloudflare.net"))],
    ["a version", received(PASS.replace("mx.cloudflare.net", "mx.cloudflare.net 1"))],
    [
      "a comment in the name",
      received(PASS.replace("mx.cloudflare.net", "mx.cloudflare.net (us)")),
    ],
    [
      "for another domain",
      received(PASS.replace("header.from=corp.example", "header.from=other.example")),
    ],
    [
      "for a domain inside the sender's",
      received(PASS.replace("header.from=corp.example", "header.from=mail.corp.example")),
    ],
    [
      "for the domain that the sender's is inside of",
      received(PASS).replace("ada@corp.example", "ada@mail.corp.example"),
    ],
    ["for no domain", received(PASS.replace(" header.from=corp.example", ""))],
    ["only in a comment", received(`${RESULTS}dmarc=fail (dmarc=pass header.from=corp.example)\n`)],
    [
      "hidden in quotes",
      received(`${RESULTS}spf=fail smtp.mailfrom="x; dmarc=pass header.from=corp.example"\n`),
    ],
    [
      "hidden in quotes as a result of its own",
      received(`${RESULTS}spf=fail smtp.mailfrom="x; dmarc=pass header.from=corp.example ;"\n`),
    ],
    [
      "hidden in a comment as a result of its own",
      received(`${RESULTS}spf=fail (x; dmarc=pass header.from=corp.example ; y)\n`),
    ],
    ["none at all", received("")],
    [
      "another person in Sender",
      received(PASS).replace("Subject:", "Sender: eve@evil.example\nSubject:"),
    ],
  ])("not: %s", (_, text) => {
    expect(passes(text)).toBe(false);
  });

  it("nothing counts of a mail that our mail server did not take", () => {
    const input = { headers: headersOf(received(PASS)), envelopeFrom: "b@x.example", isOwn };
    for (const participant of [ADA, null])
      expect(decide({ ...input, participant, isJudged: false })).toMatchObject({
        proof: "unproven",
      });
  });

  it("a folded header is read as one", () => {
    expect(passes(received(PASS.replace("; dmarc", ";\n\tdmarc")))).toBe(true);
  });

  it("a mail that brings our server's words along is not believed", () => {
    expect(judgedFile("forged-results", null)).toMatchObject({ kind: "new", proof: "unproven" });
  });
});

describe("one From with one address", () => {
  it.each([
    ["ada@corp.example", "ada@corp.example"],
    ["Ada <ADA@Corp.Example>", "ada@corp.example"],
    ['"Byron, Ada" <ada@corp.example>', "ada@corp.example"],
    ["=?utf-8?Q?Ada?= <ada@corp.example>", "ada@corp.example"],
    ["Ada <ada+shop@mail.corp.example>", "ada+shop@mail.corp.example"],
  ])("%s is read", (value, address) => {
    expect(readMailbox(value)?.address).toBe(address);
  });

  it("a domain in letters of its own becomes what DNS knows", () => {
    const [from] = headersOf("From: Ada <ada@bücher.example>\n\n");
    expect(readMailbox(from?.value ?? "")?.address).toBe("ada@xn--bcher-kva.example");
  });

  it.each([
    '"victim@corp.example x"@attacker.example',
    "user@good-corp.example(x)evil.example",
    "<a@x.example> <b@y.example>",
    "a@x.example, b@y.example",
    "Friends: a@x.example, b@y.example;",
    "ada@corp.example <eve@evil.example>",
    "Ada (home) <ada@corp.example>",
    "=?utf-8?Q?ada=40corp.example?=",
    "<=?utf-8?Q?ada?=@corp.example>",
    "ada@localhost",
    "ada@127.0.0.1",
    "ada@[127.0.0.1]",
    "ada@corp.example/x",
    "ada@corp.example:25",
    "ada..b@corp.example",
    "ada@corp\u0000.example",
    "",
  ])("%s is not", (value) => {
    expect(readMailbox(value)).toBeNull();
  });

  it("an address is as long as mail servers take, and no longer", () => {
    const domain = (length: number) => `${"d.".repeat((length - 8) / 2)}xexample`.slice(-length);
    const label = (length: number) => `${"a".repeat(length)}@corp.example`;
    expect(readMailbox(label(64))).not.toBeNull();
    expect(readMailbox(label(65))).toBeNull();
    expect(domain(200)).toHaveLength(200);
    expect(readMailbox(`${"a".repeat(53)}@${domain(200)}`)).not.toBeNull();
    expect(readMailbox(`${"a".repeat(54)}@${domain(200)}`)).toBeNull();
    const named = (length: number) => `${"n".repeat(length - 19)} <ada@corp.example>`;
    expect(named(1_000)).toHaveLength(1_000);
    expect(readMailbox(named(1_000))).not.toBeNull();
    expect(readMailbox(named(1_001))).toBeNull();
  });

  it("no byte is taken for another letter: what is no domain stays none", () => {
    const bytes = new Uint8Array(new TextEncoder().encode("From: ada@corp.ex_mple\r\n\r\n"));
    for (let byte = 0x80; byte <= 0xff; byte++) {
      bytes[bytes.indexOf(0x2e) + 3] = byte;
      expect(readSender(splitMail(bytes).headers).ok, byte.toString(16)).toBe(false);
    }
  });

  it("two From fields are nobody", () => {
    expect(readSender(splitMail(realMail("two-froms")).headers)).toEqual({
      ok: false,
      flaw: "several",
    });
    expect(judgedFile("two-froms", null).kind).toBe("reject");
    expect(judgedFile("two-froms", "ada@gmail.com")).toMatchObject({
      kind: "aside",
      why: "unreadable",
      sender: null,
    });
  });
});

describe("what nobody wrote by hand", () => {
  it("a vacation notice stands beside the conversation, and begins none", () => {
    expect(judgedFile("vacation", "ada@gmail.com")).toMatchObject({
      kind: "aside",
      why: "automatic",
    });
    expect(judgedFile("vacation", null)).toEqual({ kind: "quiet", why: "automatic" });
  });

  it("a mail server's report is no message of anybody", () => {
    expect(judgedFile("bounce", "ada@gmail.com")).toMatchObject({ kind: "aside", why: "bounce" });
    expect(judgedFile("bounce", null)).toEqual({ kind: "quiet", why: "bounce" });
    expect(judged(received(PASS), ADA, "<>")).toMatchObject({ kind: "aside", why: "bounce" });
  });

  it.each([
    "Auto-Submitted: auto-generated",
    "Precedence: bulk",
    "Precedence: junk",
    "Precedence: auto_reply",
    "X-Autoreply: yes",
  ])("%s", (header) => {
    expect(judged(`${header}\n${received(PASS)}`, ADA)).toMatchObject({ why: "automatic" });
  });

  it.each([
    "Content-Type: multipart/report; report-type=delivery-status; boundary=b",
    'Content-Type: multipart/report; boundary=b; report-type="feedback-report"',
  ])("a report is one also where a person's address stands over it: %s", (header) => {
    const text = `${header}\n${received(PASS)}`;
    expect(judged(text, ADA)).toMatchObject({ kind: "aside", why: "bounce" });
    expect(judged(text, null)).toEqual({ kind: "quiet", why: "bounce" });
  });

  it.each(["MAILER-DAEMON@corp.example", "postmaster@corp.example"])(
    "%s is a mail server, whatever it writes",
    (address) => {
      const text = received(PASS).replace(ADA, address);
      expect(judged(text, ADA)).toMatchObject({ kind: "aside", why: "bounce" });
    },
  );

  it.each(["List-Id: <tea.lists.example>", "Precedence: list"])(
    "what a list passes on is told by each of its marks: %s",
    (header) => {
      expect(judged(`${header}\n${received(PASS)}`, ADA)).toMatchObject({ isList: true });
    },
  );

  it("Auto-Submitted: no is a person's", () => {
    expect(judged(`Auto-Submitted: no\n${received(PASS)}`, ADA).kind).toBe("participant");
  });

  it("what a list passes on begins a conversation that sets nothing off", () => {
    expect(judgedFile("mailing-list", null)).toMatchObject({ kind: "new", isList: true });
  });

  it("our own mails never answer themselves", () => {
    const own = received(PASS).replace("Ada <ada@corp.example>", `Parley <${OURS}>`);
    expect(judged(own, ADA)).toEqual({ kind: "quiet", why: "own" });
    expect(judged(own, null)).toEqual({ kind: "quiet", why: "own" });
  });
});

it("Message-IDs are taken out of whatever else stands there, the newest ones", () => {
  const ids = Array.from({ length: 5_000 }, (_, index) => `<${index}@x.example>`).join(" ");
  const headers = headersOf(`References: junk ${ids} <not one> \n\n`);
  expect(messageIds(headers, "references", 2)).toEqual(["<4998@x.example>", "<4999@x.example>"]);
});
