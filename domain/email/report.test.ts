import { describe, expect, it } from "vitest";
import { automaticKind } from "./automatic.ts";
import { latin1, splitMail, type Header } from "./headers.ts";
import { readReport } from "./report.ts";
import { reportOf, REPORTS, type Reported } from "./testing/reports.ts";

const about = {
  id: "job_06f2k3n4p5q6r7s8t9v0w1x2y3@reply.parley.test",
  address: "ada@corp.example",
  reply: "r1.x.y@reply.parley.test",
};
type Server = keyof typeof REPORTS;
const BOUNCES = (Object.keys(REPORTS) as Server[]).filter((server) => server !== "complaint");

function read(server: Server, more: Partial<Reported> = {}) {
  const bytes = reportOf(server, { ...about, ...more });
  const { headers, bodyAt } = splitMail(bytes);
  return readReport(headers, latin1(bytes.subarray(bodyAt)));
}

describe.each(BOUNCES)("EIN-17: a report of %s", (server) => {
  it("is a mail server's, and names the mail, the address and what is wrong", () => {
    const { headers } = splitMail(reportOf(server, about));
    expect(automaticKind(headers, "<>", null)).toBe("bounce");
    const report = read(server);
    expect(report).toMatchObject({ fate: "bounced", isHard: true, recipients: [about.address] });
    expect(report?.returned).toContain(about.id);
    expect(report?.reason).toMatch(/5\.1\.1/);
  });

  it.each([
    ["552 5.2.2", "a full mailbox"],
    ["550 5.7.1", "a mail that is not wanted"],
    ["552 5.3.4", "a mail that is too large"],
    ["451 4.7.1", "a server that gave up on what may pass"],
  ])("%s, %s, says nothing of the next mail", (status) => {
    expect(read(server, { status })).toMatchObject({ fate: "bounced", isHard: false });
  });
});

it.each(BOUNCES)("digits of an address are no status of %s's", (server) => {
  for (const address of ["a450b@corp.example", "450@corp.example", "ada@512.4.2.2.example"]) {
    const report = read(server, { address });
    expect(report).toMatchObject({ isHard: true, recipients: [address] });
    expect(report?.reason).toMatch(/5\.1\.1/);
  }
});

it.each(["postfix", "gmail", "exchange"] as const)("a delay that %s tells is none", (server) => {
  const status = "451 4.4.1";
  expect(read(server, { status, action: "delayed" })).toMatchObject({
    fate: "delayed",
    isHard: false,
  });
  expect(read(server, { action: "delivered" })).toBeNull();
});

it.each([
  ["550 5.0.0", true],
  ["550 5.1.6", true],
  ["550 5.1.7", false],
  ["550 5.1.10", true],
  ["550 5.2.1", true],
  ["550 5.4.4", true],
  ["550 5.4.6", false],
])("%s speaks of the address: %s", (status, isHard) => {
  expect(read("postfix", { status })?.isHard).toBe(isHard);
});

it("EIN-21: a complaint names the mail that somebody called spam", () => {
  expect(read("complaint")).toMatchObject({
    returned: [about.id],
    fate: "complained",
    recipients: [about.address],
  });
});

it("words of a person about mails that did not arrive are no report", () => {
  const text = "I had a problem with delivery.\r\nMessage-ID: <x@y.example>\r\n";
  expect(readReport([], text)).toBeNull();
});

it("a hostile report is read in bounded time", () => {
  const startedAt = performance.now();
  for (const unit of ["<a@b>:\n", "550 5.1.1.", " \n", "Message-ID: <x@y>\n", "-----copy ", "a@a@"])
    readReport([], `could not be delivered\n${unit.repeat(256_000 / unit.length)}`);
  expect(performance.now() - startedAt).toBeLessThan(10_000);
});

it.each([
  ["abuse", "complained"],
  ["Abuse", "complained"],
  ["not-spam", undefined],
  ["auth-failure", undefined],
])("EIN-21: feedback of the type %s is told as %s", (type, fate) => {
  const body = `Feedback-Type: ${type}\nOriginal-Rcpt-To: <ada@corp.example>\nMessage-ID: <a@b>`;
  expect(readReport([], body)?.fate).toBe(fate);
});

it("what waits is held against nobody, whatever its status", () => {
  expect(read("postfix", { action: "delayed", status: "550 5.1.1" })).toMatchObject({
    fate: "delayed",
    isHard: false,
  });
});

it("an address is named as it was written to and as it was passed on, in lower case", () => {
  const body =
    "Action: failed\nStatus: 5.1.1\nOriginal-Recipient: rfc822; Ada@Corp.Example\nFinal-Recipient: rfc822; a.byron@inside.example";
  expect(readReport([], body)?.recipients.toSorted()).toEqual([
    "a.byron@inside.example",
    "ada@corp.example",
  ]);
});

describe("a report in words", () => {
  const inWords = (answer: string, returned = "", headers: Header[] = []) =>
    readReport(
      headers,
      `Your mail could not be delivered.\n\n<ada@corp.example>:\n${answer}\n\n--- Below this line is a copy of the message.\n\n${returned}\nMessage-ID: <a@b>\n`,
    );

  it.each([
    ["550 no such user", true],
    ["553 sorry, no mailbox here by that name", true],
    ["552 mailbox full", false],
    ["554 this looks like spam", false],
    ["451 try it some other day", false],
    ["550 5.2.2 full", false],
    ["There is nobody here.", true],
  ])("that says %j is of the address: %s, and says so", (answer, isHard) => {
    expect(inWords(answer)).toMatchObject({
      returned: ["a@b"],
      fate: "bounced",
      isHard,
      recipients: ["ada@corp.example"],
      reason: answer,
    });
  });

  it("is none of a mail that still waits", () => {
    expect(inWords("It will be retried for three days.")).toMatchObject({
      fate: "delayed",
      isHard: false,
    });
  });

  it("says nothing in the words of the mail that it sends back", () => {
    const returned = "That is a temporary address. It will be retried.\n<eve@evil.example>:\n";
    expect(inWords("550 no such user", returned)).toMatchObject({
      fate: "bounced",
      recipients: ["ada@corp.example"],
    });
    const own = "--- Below this line is a copy of the message.\n\nIt could not be delivered.";
    expect(readReport([], `Here it is again.\n${own}\nMessage-ID: <a@b>`)).toBeNull();
  });

  it("names whom its header names, too", () => {
    const header = { name: "x-failed-recipients", value: "Bob@corp.example, eve@corp.example" };
    expect(inWords("550 no such user", "", [header])?.recipients).toEqual([
      "bob@corp.example",
      "eve@corp.example",
      "ada@corp.example",
    ]);
  });
});

describe("of a report at most so much is taken", () => {
  const status = "Action: failed\nStatus: 5.1.1\n";
  const lines = (count: number, line: (n: number) => string) =>
    Array.from({ length: count }, (_, n) => line(n)).join("\n");

  it.each([
    [4, 4],
    [5, 5],
    [6, 5],
  ])("of %i Message-IDs %i, the first ones, each once", (count, taken) => {
    const ids = lines(count, (n) => `Message-ID: <${n}@x>\nMessage-ID: <${n}@x>`);
    const returned = readReport([], `${status}${ids}`)?.returned;
    expect(returned).toEqual(Array.from({ length: taken }, (_, n) => `${n}@x`));
  });

  it.each([
    [19, 19],
    [20, 20],
    [21, 20],
  ])("of %i addresses %i, each once", (count, taken) => {
    const named = lines(count, (n) => `Final-Recipient: rfc822; ${n}@x.example`);
    const recipients = readReport([], `${status}${named}\n${named}`)?.recipients;
    expect(recipients).toEqual(Array.from({ length: taken }, (_, n) => `${n}@x.example`));
  });

  it.each([
    [200, 200],
    [201, 200],
  ])("of %i signs of the server's answer %i, and not who it speaks to", (length, taken) => {
    const answer = `Diagnostic-Code: SMTP;  ${"a".repeat(length)}`;
    expect(readReport([], `${status}${answer}`)?.reason).toBe("a".repeat(taken));
  });
});
