import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { COPY_QUIET_MS } from "../../domain/email/unread-copy.ts";
import { setClockOffset } from "../../durable-objects/runtime/clock.ts";
import { eventually } from "../../durable-objects/testing/eventually.ts";
import { VisitorObject } from "../../durable-objects/visitor/object.ts";
import type { CopyMail, SendEmail } from "../../protocol/jobs.ts";
import { ChatAsker, TYPED } from "../testing/chat-asker.ts";
import { SiteBrowser, usedLink, useLink } from "../testing/link-stage.ts";
import { messages } from "../testing/mail-conversation.ts";
import {
  arrive,
  collectJobs,
  countingTransport,
  type CountingTransport,
  deliverJobs,
  freshAddress,
  written,
} from "../testing/mail-stage.ts";
import { newWorkspace, type WorkspaceFixture } from "../testing/workspace-fixture.ts";
import { renderFirstAnswer } from "./first-answer.ts";
import type { OutboundMail } from "./mail.ts";
import type { StoredMail } from "./mailbox.ts";
import { NUMBERS_COMPARED_MAX } from "./quoted-code.ts";

/** The first answer to an address that was typed into the chat has a code and a link: what becomes of both. */

let workspace: WorkspaceFixture;
beforeAll(async () => {
  workspace = await newWorkspace("first-answer");
});

let jobs: SendEmail[];
let transport: CountingTransport;
let address: string;
let asker: ChatAsker;
let offset: number;
beforeEach(async () => {
  offset = 0;
  jobs = collectJobs();
  transport = countingTransport();
  address = freshAddress();
  vi.spyOn(VisitorObject.prototype, "isHere").mockResolvedValue(false);
  asker = await ChatAsker.withAddress(workspace, address);
});
afterEach(() => {
  vi.restoreAllMocks();
  setClockOffset(0);
});

/** An operator answers, and the time comes at which that is mailed. */
async function due(text: string): Promise<void> {
  await asker.answer(text);
  setClockOffset((offset += COPY_QUIET_MS));
  await asker.chat.refresh();
  await eventually(() => expect(jobs.length).toBe(1));
}

async function mailed(text: string): Promise<OutboundMail> {
  await due(text);
  await deliverJobs(jobs.splice(0), transport);
  return transport.sent.at(-1)?.mail ?? expect.unreachable("no mail");
}

const linksIn = (text: string) => text.match(/http:\/\/parley\.test\/c\/[0-9a-z]{42}/g) ?? [];
const codesIn = (text: string) => text.match(/\b\d{6}\b/g) ?? [];
const only = (found: string[]): string => {
  expect(found.length).toBe(1);
  return found[0] ?? "";
};

describe("the first answer", () => {
  it("has one code and one link, in the text and in the layout, and nothing that a visitor typed", async () => {
    const { text, html, subject } = await mailed("It left us today.");
    const [code, link] = [only(codesIn(text)), only(linksIn(text))];
    expect(text).toContain(`\n\n${code}\n\nContinue this conversation on our site:\n${link}\n`);
    expect(html).toContain(`>${code}</p>`);
    expect(linksIn(html)).toEqual([link]);
    expect([subject, text, html].join()).not.toMatch(new RegExp(`${TYPED}|Ada|teapot`, "i"));
  });

  it("says the same in every try, and has one link", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    await due("It left us today.");
    const silent = countingTransport({ outcome: { state: "unknown", cause: "timeout" } });
    const { tries } = silent;
    for (let attempts = 1; attempts <= 10; attempts++) await deliverJobs(jobs, silent, attempts);
    expect(tries.length).toBe(10);
    for (const mail of tries) expect(mail).toEqual(tries[0]);
    expect(await asker.prove(address, only(codesIn(tries[9]?.text ?? "")))).toBe("ok");
  });
});

describe("the words of the first answer", () => {
  const unread = (author: string, text: string) => ({ author, at: 0, text });
  const mail = (more: Partial<CopyMail> = {}): CopyMail => ({
    workspace: workspace.me.workspace.id,
    conversation: asker.conversation,
    message: 2,
    operatorName: "Mia",
    unread: [unread("Mia", "One <b>."), unread("Mia", "Two.")],
    left: 0,
    before: [{ author: null, at: 0, text: TYPED }],
    references: [],
    ...more,
  });
  const said = { workspaceName: "Kettle", code: "123456", link: "http://parley.test/c/x" };

  it("are the operator's, by name where more than one has written, and count what did not fit", () => {
    const one = renderFirstAnswer(mail(), said);
    expect(one.text).toMatch(/^One <b>\.\n\nTwo\.\n\n-- \nMia\n\n/);
    expect(one.html).toContain("One &lt;b&gt;.");
    expect(one.html).toContain(">Mia</p>");
    const two = renderFirstAnswer(
      mail({ unread: [unread("Tom", "One."), unread("Mia", "Two.")], left: 1 }),
      said,
    );
    expect(two.text).toMatch(/^1 earlier message is in the chat\.\n\nTom: One\.\n\nMia: Two\./);
    for (const words of ["1 earlier message is in the chat.", "Tom: One.", "Mia: Two."])
      expect(two.html).toContain(words);
    expect(renderFirstAnswer(mail({ left: 2 }), said).text).toMatch(/^2 earlier messages are in/);
    for (const each of [one, two]) expect(JSON.stringify(each)).not.toContain(TYPED);
  });

  it("say how to answer, what the code is for, and what to do if that was not you: in both forms", () => {
    const { text, html } = renderFirstAnswer(mail(), said);
    for (const words of [
      "This address was left in the chat of Kettle for the answer. Answer this mail",
      "enter this code in the chat of Kettle:",
      "ignore this mail and pass the code on to nobody",
      "it gets one mail a day at most",
      "123456",
      "http://parley.test/c/x",
    ]) {
      expect(text).toContain(words);
      expect(html).toContain(words);
    }
    expect(text).toMatch(/\S\n\nIf that was not you.*at most\.\n$/);
  });

  it("name a colleague and the site where a name is none", () => {
    const { subject, text } = renderFirstAnswer(mail({ operatorName: "www." }), {
      ...said,
      workspaceName: "https://",
    });
    expect(subject).toBe("A message from a colleague");
    expect(text).toContain("This address was left in the chat of our site for the answer.");
  });

  it("have no link where there is none", () => {
    const { text, html } = renderFirstAnswer(mail(), { ...said, link: null });
    expect(text).toContain("\n\n123456\n\nIf that was not you");
    expect(text + html).not.toContain("Continue this conversation");
  });

  it("make no link and no markup of a name", () => {
    const name = "www.evil.example https://evil.example <b>";
    const { subject, text, html } = renderFirstAnswer(
      mail({ operatorName: name, unread: [unread(name, "One."), unread("Mia", "Two.")] }),
      { ...said, workspaceName: name },
    );
    expect(subject).toBe("A message from evil.example evil.example <b>");
    expect(text + html).not.toMatch(/www\.|https:\/\/evil/);
    expect(html).not.toContain("<b>");
  });
});

describe("its link", () => {
  it("proves the address, lets what was held go out, and the code is needed no more", async () => {
    const { text } = await mailed("It left us today.");
    await mailed("Second.");
    expect((await asker.mailed()).at(-1)?.state).toBe("held");
    const phone = (await SiteBrowser.arrive(workspace)).fresh();
    const link = only(linksIn(text));
    expect(await phone.load(await usedLink(link))).toBe("opened");
    expect(phone.right).toMatchObject({
      conversation: { id: asker.conversation },
      contact: { address, isProven: true, hasCode: false },
    });
    expect(await useLink(link)).toBeNull();
    await asker.heard((contact) => contact?.isProven);
    await asker.chat.refresh();
    await eventually(() => expect(jobs.length).toBe(1));
    await deliverJobs(jobs.splice(0), transport);
    const released = transport.sent.at(-1)?.mail;
    expect(released?.text).toMatch(/^Second\./);
    expect(released?.text).toContain(`> You: ${TYPED}`);
    expect(codesIn(released?.text ?? "")).toEqual([]);
  });
});

describe("its code, quoted in an answer by mail", () => {
  const quoting = (mail: OutboundMail): StoredMail => ({
    ...mail,
    job: "job_none" as StoredMail["job"],
    from: mail.from.email,
    at: Date.now(),
  });
  const answerWith = async (text: string, answered: OutboundMail, from = address) => {
    const to = answered.replyTo ?? "";
    const raw = written({ from, to, subject: "Re", text, answered: quoting(answered) });
    expect(await arrive(raw, to)).toBeNull();
    return (await asker.chat.log(0, 100)).at(-1);
  };

  it("is shown to nobody: neither folded away, nor where the answer stands in the quote", async () => {
    const mail = await mailed("It left us today.");
    const code = only(codesIn(mail.text));
    const folded = await answerWith("Who is this?", mail);
    expect(folded).toMatchObject({ text: "Who is this?", mail: { isProven: true } });
    expect(JSON.stringify(folded)).toMatch(/enter this code[\s\S]*…/);
    const inline = await answerWith(`I was sent ${code}.\n> ${code}\nWhy? Call 123456789.`, mail);
    expect(inline).toMatchObject({ text: expect.stringMatching(/I was sent …\.[\s\S]*123456789/) });
    const aside = await answerWith(`See ${code}`, mail, freshAddress());
    expect(aside).toMatchObject({ type: "aside" });
    expect(JSON.stringify(await asker.chat.log(0, 100))).not.toContain(code);
    expect(messages(await asker.chat.log(0, 100)).length).toBe(4);
    expect(await asker.prove(address, code)).toBe("ok");
  });

  it.each([
    [NUMBERS_COMPARED_MAX - 1, true],
    [NUMBERS_COMPARED_MAX, false],
  ])("is found among %i other numbers; they stay: %s", async (count, stay) => {
    const mail = await mailed("It left us today.");
    const code = only(codesIn(mail.text));
    const others = Array.from({ length: count + 1 }, (_, index) => String(100_000 + index))
      .filter((number) => number !== code)
      .slice(0, count);
    const entry = JSON.stringify(await answerWith(others.join(" "), mail));
    expect(entry).not.toContain(code);
    expect(entry.includes(others[0] ?? "")).toBe(stay);
  });

  it("takes no other number with it, and neither does a code that is used", async () => {
    const mail = await mailed("It left us today.");
    expect(await asker.prove(address, only(codesIn(mail.text)))).toBe("ok");
    expect(await answerWith("My order is 424242.", mail)).toMatchObject({
      text: "My order is 424242.",
    });
  });

  it("is not seen in a longer number", async () => {
    const mail = await mailed("It left us today.");
    const code = only(codesIn(mail.text));
    const text = `Call 1${code} or ${code}1, not ${code}.`;
    expect(await answerWith(text, mail)).toMatchObject({
      text: `Call 1${code} or ${code}1, not ….`,
    });
  });
});
