import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { signDeviceToken } from "../../domain/identity/tokens.ts";
import { setClockOffset } from "../../durable-objects/runtime/clock.ts";
import { ANSWER_CODE_LIFETIME_MS, CODE_MAX_TRIES } from "../../protocol/limits.ts";
import { AskedAddress } from "../testing/asked-address.ts";
import { type ChatAsker, TYPED } from "../testing/chat-asker.ts";
import { wrong } from "../testing/history-codes.ts";
import { messages } from "../testing/mail-conversation.ts";
import { arrive, freshAddress, written } from "../testing/mail-stage.ts";
import { env } from "../testing/operator-browser.ts";
import { newWorkspace, type WorkspaceFixture } from "../testing/workspace-fixture.ts";

let workspace: WorkspaceFixture;
beforeAll(async () => {
  workspace = await newWorkspace("asked");
});

let stage: AskedAddress;
let asker: ChatAsker;
let address: string;
beforeEach(async () => {
  stage = await AskedAddress.begin(workspace);
  ({ asker, address } = stage);
});
afterEach(() => {
  vi.restoreAllMocks();
  setClockOffset(0);
});

describe("the code that is mailed to an address from the chat", () => {
  const sent = async (): Promise<string> => {
    await stage.answer("It left us today.");
    return stage.codeIn();
  };

  it("proves the address, and from then on answers come as they are, with what stands before", async () => {
    expect(await asker.prove(address, await sent())).toBe("ok");
    expect(asker.page.contact).toMatchObject({ address, isProven: true, hasCode: false });
    await asker.heard((contact) => contact?.isProven);
    await stage.answer("And a second one on the same day.");
    const mail = stage.sent[1]?.mail;
    expect(mail?.text).toContain(`> You: ${TYPED}`);
    expect(mail?.text).not.toMatch(/\n\d{6}\n/);
    expect(await stage.states()).toEqual(["queued", "sent", "queued", "sent"]);
  });

  it("lets what was held go out as soon as it is typed", async () => {
    const code = await sent();
    await stage.answer("Second.");
    expect(await asker.prove(address, code)).toBe("ok");
    await asker.heard((contact) => contact?.isProven);
    await stage.pass(0);
    await stage.deliver();
    expect(stage.sent[1]?.mail.text).toMatch(/^Second\./);
  });

  it("works in no browser of anybody else, whatever they claim", async () => {
    const code = await sent();
    const thief = await stage.meet(workspace, address);
    expect(await thief.prove(address, code)).toBe("wrong_code");
    expect(await asker.prove(address, code)).toBe("ok");
  });

  it("works for its person also after the browser has turned out to be a known one's", async () => {
    const code = await sent();
    const known = await stage.meet(workspace, freshAddress());
    const proof = { userId: crypto.randomUUID(), others: [], by: "jwt" as const };
    await known.person.prove(known.page.device, proof);
    const outcome = await asker.person.prove(asker.page.device, proof);
    if (outcome.kind !== "moved") throw new Error(outcome.kind);
    expect(outcome.visitor).toBe(known.page.visitor);
    const right = { workspace: workspace.me.workspace.id, ...outcome };
    asker.page = {
      ...asker.page,
      ...outcome,
      token: await signDeviceToken(env.PARLEY_SECRET, right),
    };
    expect(await asker.prove(address, wrong(code))).toBe("wrong_code");
    expect(await asker.prove(address, code)).toBe("ok");
    expect(await asker.prove(address, code)).not.toBe("ok");
  });

  it.each([
    [CODE_MAX_TRIES - 1, "ok"],
    [CODE_MAX_TRIES, "too_many_tries"],
  ])("after %i wrong ones is answered with %s", async (tries, verdict) => {
    const code = await sent();
    for (let n = 0; n < tries; n++) await asker.prove(address, wrong(code));
    expect(await asker.prove(address, code)).toBe(verdict);
  });

  it.each([
    [ANSWER_CODE_LIFETIME_MS - 60_000, "ok"],
    [ANSWER_CODE_LIFETIME_MS, "code_expired"],
  ])("%i ms later is answered with %s", async (ms, verdict) => {
    const code = await sent();
    setClockOffset(stage.offset + ms);
    expect(await asker.prove(address, code)).toBe(verdict);
  });
});

describe("an answer to the mail with the code", () => {
  it("stands in the thread, lets mails go out as they come, and opens nothing to a browser", async () => {
    await stage.answer("It left us today.");
    const to = stage.sent[0]?.mail.replyTo ?? "";
    expect(
      await arrive(written({ from: address, to, subject: "Re", text: "Thank you." }), to),
    ).toBeNull();
    expect(messages(await asker.chat.log(0, 100)).at(-1)).toMatchObject({
      author: { kind: "visitor" },
      text: "Thank you.",
      mail: { isProven: true },
    });
    await stage.answer("You are welcome.");
    expect(stage.sent.length).toBe(2);
    // The mailbox is its owner's, but nobody knows yet that it is this visitor's.
    expect(JSON.stringify(stage.sent)).not.toContain(TYPED);
    expect(await asker.contact()).toMatchObject({ isProven: false });
  });

  it("that nobody vouches for changes nothing about the limit", async () => {
    await stage.answer("It left us today.");
    const to = stage.sent[0]?.mail.replyTo ?? "";
    const mail = { from: address, to, subject: "Re", text: "Thank you.", isProven: false };
    await arrive(written(mail), to);
    await stage.answer("You are welcome.");
    expect(stage.sent.length).toBe(1);
    expect((await stage.states()).at(-1)).toBe("held");
  });
});
