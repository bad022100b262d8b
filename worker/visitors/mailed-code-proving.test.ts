import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { signDeviceToken } from "../../domain/identity/tokens.ts";
import { peersOf } from "../../durable-objects/peers.ts";
import { setClockOffset } from "../../durable-objects/runtime/clock.ts";
import { CODE_LIFETIME_MS, CODE_MAX_TRIES, CODE_PAUSE_MS } from "../../protocol/limits.ts";
import type { AuthResponse } from "../../protocol/visitor-frames.ts";
import { failStatements } from "../testing/failing-database.ts";
import { HistoryCodes, SECRET, wrong } from "../testing/history-codes.ts";
import { arrive, freshAddress, inboxOf, written } from "../testing/mail-stage.ts";
import { env } from "../testing/operator-browser.ts";
import { outcome } from "../testing/visitor-site.ts";
import { newWorkspace, type WorkspaceFixture } from "../testing/workspace-fixture.ts";

let workspace: WorkspaceFixture;
let other: WorkspaceFixture;
let codes: HistoryCodes;
beforeAll(async () => {
  workspace = await newWorkspace("codes");
  other = await newWorkspace("codes-elsewhere");
  codes = await HistoryCodes.of(workspace);
});
beforeEach(() => codes.beginAnew());
afterEach(() => {
  setClockOffset(0);
  vi.restoreAllMocks();
});

describe("a right code", () => {
  test("gives the browser the person's thread, in a workspace that enforces proofs too", async () => {
    await workspace.owner.call("PUT", "/api/identity/mode", { mode: "enforce" });
    const { address, conversation, page, code } = await codes.asked();
    const answer = await codes.prove(page, address.toUpperCase(), code);
    expect(answer.status).toBe(200);
    const auth: AuthResponse = await answer.json();
    expect(auth).toMatchObject({ isAnotherPerson: false });
    expect(auth.visitor).not.toBe(page.visitor);
    const next = await codes.boot(auth.token);
    expect(next).toMatchObject({ visitor: auth.visitor, conversation: { id: conversation } });
    // A lost answer does no harm: with the browser's secret the old token leads there as well.
    expect((await codes.boot(page.token, SECRET)).token).toBe(auth.token);
    await workspace.owner.call("PUT", "/api/identity/mode", { mode: "off" });
  });

  test("lets the browser read the thread and go on in it, and the person is verified", async () => {
    const { address, conversation, page, code } = await codes.asked();
    const { token, visitor }: AuthResponse = await (await codes.prove(page, address, code)).json();
    const socket = await codes.site.openPage(token);
    expect(
      await socket.ask({ t: "message", stream: "s", n: 1, text: "I am here now" }),
    ).toMatchObject({ t: "ack", conversation, seq: 2 });
    const card = await peersOf(env).visitor(workspace.me.workspace.id, visitor).card();
    expect(card?.identifiers).toEqual([{ kind: "email", value: address, isVerified: true }]);
    // Their next mail is in the same person's hands.
    const inbox = inboxOf(workspace.me.workspace.id);
    await arrive(written({ from: address, to: inbox, subject: "Another", text: "More" }), inbox);
    expect(
      (await peersOf(env).visitor(workspace.me.workspace.id, visitor).card())?.conversations,
    ).toHaveLength(2);
  });

  test("works once", async () => {
    const { address, page, code } = await codes.asked();
    expect(await outcome(codes.prove(page, address, code))).toBe("ok");
    expect(await outcome(codes.prove(page, address, code))).toBe("code_used");
    const now = await codes.boot(page.token, SECRET);
    expect(await outcome(codes.prove(now, address, code))).toBe("wrong_code");
  });

  test("works when it comes again because nobody knows what became of it", async () => {
    const { address, page, code } = await codes.asked();
    const failing = failStatements("SET used_at");
    expect(await outcome(codes.prove(page, address, code))).toBe("overloaded");
    failing.mockRestore();
    expect(await outcome(codes.prove(page, address, code))).toBe("ok");
    expect(await outcome(codes.prove(page, address, code))).toBe("code_used");
  });

  test("twice at once leads to one right", async () => {
    const { address, page, code } = await codes.asked();
    const answers = await Promise.all([
      codes.prove(page, address, code),
      codes.prove(page, address, code),
    ]);
    const bodies = await Promise.all(answers.map((one) => one.json<Partial<AuthResponse>>()));
    const devices = bodies.flatMap(({ device }) => device ?? []);
    expect(new Set(devices).size).toBe(1);
  });

  test("is nothing in another browser, for another address or in another workspace", async () => {
    const { address, page, code } = await codes.asked();
    expect(await outcome(codes.prove(await codes.boot(), address, code))).toBe("wrong_code");
    expect(await outcome(codes.prove(page, freshAddress(), code))).toBe("wrong_code");
    const token = await signDeviceToken(env.PARLEY_SECRET, {
      workspace: other.me.workspace.id,
      device: page.device,
      visitor: page.visitor,
    });
    expect(await outcome(codes.prove({ token }, address, code))).toBe("wrong_code");
    expect(await outcome(codes.prove(page, address, code))).toBe("ok");
  });

  test("of a browser that has asked too does not work here", async () => {
    const { address, page, code } = await codes.asked();
    const eve = await codes.boot();
    expect(await outcome(codes.ask(eve, address))).toBe("ok");
    const evesCode = codes.newest();
    expect(await outcome(codes.prove(page, address, evesCode))).toBe("wrong_code");
    expect(await outcome(codes.prove(eve, address, code))).toBe("wrong_code");
  });

  test("that was asked for with a secret works with it under every right that the browser has by then, and without it under none", async () => {
    const { address, conversation } = await codes.correspondent();
    const page = await codes.boot();
    const [asker, elsewhere] = ["secret-of-who-asks-1", "secret-of-who-asks-2"];
    const { token } = page;
    expect(await outcome(codes.site.post("/v1/auth/code", { token, email: address, asker }))).toBe(
      "ok",
    );
    const code = codes.newest();
    // Something else is proven in this browser before the code is typed.
    const mailbox = await codes.asked();
    const renewed: AuthResponse = await (
      await codes.prove(mailbox.page, mailbox.address, mailbox.code)
    ).json();
    const tried = (more: object) =>
      codes.site.post("/v1/auth", {
        token: renewed.token,
        next: SECRET,
        email: address,
        code,
        ...more,
      });
    expect(await outcome(tried({}))).toBe("wrong_code");
    expect(await outcome(tried({ asker: elsewhere }))).toBe("wrong_code");
    expect(await outcome(codes.site.post("/v1/auth", { token, email: address, code }))).toBe(
      "wrong_code",
    );
    const other: AuthResponse = await (await tried({ asker })).json();
    expect((await codes.boot(other.token)).conversation?.id).toBeDefined();
    expect(await outcome(tried({ asker }))).not.toBe("ok");
    expect(conversation).toBeDefined();
  });

  test("ends with the browser's right", async () => {
    const { address, page, code } = await codes.asked();
    await codes.site.post("/v1/reset", { token: page.token });
    expect(await outcome(codes.prove(page, address, code))).toBe("ended");
  });
});

describe("a code that does not work", () => {
  test("is told apart, and alike for an address of nobody", async () => {
    const known = await codes.asked();
    const nobody = { address: freshAddress(), page: await codes.boot(), code: "" };
    await codes.ask(nobody.page, nobody.address);
    nobody.code = codes.newest();
    for (const { address, page, code } of [known, nobody]) {
      for (let tries = 1; tries < CODE_MAX_TRIES; tries++)
        expect(await outcome(codes.prove(page, address, wrong(code)))).toBe("wrong_code");
      expect(await outcome(codes.prove(page, address, wrong(code)))).toBe("too_many_tries");
      expect(await outcome(codes.prove(page, address, code))).toBe("too_many_tries");
      setClockOffset(CODE_LIFETIME_MS);
      expect(await outcome(codes.prove(page, address, code))).toBe("code_expired");
      setClockOffset(0);
    }
  });

  test("may be wrong all times but one", async () => {
    const { address, page, code } = await codes.asked();
    for (let tries = 1; tries < CODE_MAX_TRIES; tries++)
      await codes.prove(page, address, wrong(code));
    expect(await outcome(codes.prove(page, address, code))).toBe("ok");
  });

  test("tried by many at once is tried no more often", async () => {
    const { address, page, code } = await codes.asked();
    const tries = Array.from({ length: CODE_MAX_TRIES * 2 }, () =>
      outcome(codes.prove(page, address, wrong(code))),
    );
    const answers = await Promise.all(tries);
    expect(answers.filter((one) => one === "wrong_code")).toHaveLength(CODE_MAX_TRIES - 1);
    expect(await outcome(codes.prove(page, address, code))).toBe("too_many_tries");
  });

  test("has expired after ten minutes and not sooner", async () => {
    const first = await codes.asked();
    setClockOffset(CODE_LIFETIME_MS + 5_000);
    expect(await outcome(codes.prove(first.page, first.address, first.code))).toBe("code_expired");
    setClockOffset(0);
    const second = await codes.asked();
    setClockOffset(CODE_LIFETIME_MS - 5_000);
    expect(await outcome(codes.prove(second.page, second.address, second.code))).toBe("ok");
  });

  test("is replaced by the next one after a pause", async () => {
    const { address, page, code } = await codes.asked();
    expect(await outcome(codes.ask(page, address))).toBe("rate_limited");
    setClockOffset(CODE_PAUSE_MS + 5_000);
    expect(await outcome(codes.ask(page, address))).toBe("ok");
    const next = codes.newest();
    expect(await outcome(codes.prove(page, address, code))).toBe("wrong_code");
    expect(await outcome(codes.prove(page, address, next))).toBe("ok");
  });
});
