import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { setClockOffset } from "../../durable-objects/runtime/clock.ts";
import { CODE_LIFETIME_MS, CODE_REQUESTS_WINDOW_MS } from "../../protocol/limits.ts";
import { attemptKey } from "../d1/attempts.ts";
import { HistoryCodes, wrong } from "../testing/history-codes.ts";
import { begunByMail } from "../testing/mail-conversation.ts";
import { buryJobs, countingTransport, deliverJobs, freshAddress } from "../testing/mail-stage.ts";
import { env } from "../testing/operator-browser.ts";
import { HOST, outcome, worker } from "../testing/visitor-site.ts";
import { newWorkspace, type WorkspaceFixture } from "../testing/workspace-fixture.ts";
import { HISTORY_CODE_TRIES, HISTORY_CODES } from "./code-limits.ts";

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

/** Status, headers and body, as far as whoever asks can see them. */
async function seen(answer: Promise<Response>): Promise<unknown> {
  const response = await answer;
  return [response.status, Object.fromEntries(response.headers), await response.text()];
}

describe("asking for a code", () => {
  test("mails it to an address that wrote before, without a word of whoever asked", async () => {
    const { address, code } = await codes.asked();
    const transport = countingTransport();
    expect(await deliverJobs(codes.jobs, transport)).toBe(1);
    const [{ mail } = { mail: null }] = transport.sent;
    expect(mail).toMatchObject({
      to: address,
      subject: `${code} is your code for codes`,
      headers: { "Auto-Submitted": "auto-generated" },
    });
    expect(mail?.text).toContain(`\n\n${code}\n\n`);
    expect(mail?.html).toContain(code);
    expect(JSON.stringify(codes.jobs)).not.toContain("Where is my teapot");
  });

  test("is answered alike whatever is known of the address, after the same questions to the database", async () => {
    const { address } = await codes.correspondent();
    const prepare = vi.spyOn(env.DB, "prepare");
    const looks: [unknown, string[]][] = [];
    for (const email of [address, freshAddress()]) {
      const page = await codes.boot();
      prepare.mockClear();
      const answer = await seen(codes.ask(page, email));
      looks.push([answer, prepare.mock.calls.map(([text]) => text)]);
    }
    expect(looks[0]).toEqual(looks[1]);
    expect(looks[0]?.[1].length).toBeGreaterThan(0);
    expect(codes.jobs.map(({ mail }) => mail.template)).toEqual(["history-code", "history-code"]);
  });

  test("sends nothing to an address that nobody is known at, and keeps nothing of it", async () => {
    const address = freshAddress();
    const page = await codes.boot();
    expect(await outcome(codes.ask(page, address))).toBe("ok");
    const transport = countingTransport();
    expect(await deliverJobs(codes.jobs, transport)).toBe(1);
    expect(transport.sent).toEqual([]);
    const tables = ["mails", "history_codes", "attempts"];
    for (const table of tables) {
      const { results } = await env.DB.prepare(`SELECT * FROM ${table}`).all();
      expect(JSON.stringify(results)).not.toContain(address);
    }
    // Not even the code itself, guessed, proves an address that no mail went to.
    expect(await outcome(codes.prove(page, address, codes.newest()))).toBe("wrong_code");
  });

  test("knows neither an address that only claims to have written, nor one of another workspace", async () => {
    const claimed = await begunByMail(workspace, { isProven: false });
    const elsewhere = await begunByMail(other);
    codes.jobs.length = 0;
    const page = await codes.boot();
    for (const { address } of [claimed, elsewhere])
      expect(await outcome(codes.ask(page, address))).toBe("ok");
    const transport = countingTransport();
    await deliverJobs(codes.jobs, transport);
    expect(transport.sent).toEqual([]);
  });

  test("delivered twice is one mail, and none once nobody could use the code any more", async () => {
    await codes.asked();
    const transport = countingTransport();
    await deliverJobs(codes.jobs, transport);
    await deliverJobs(codes.jobs, transport, 2);
    expect(transport.sent).toHaveLength(1);
    await codes.asked();
    const { now } = Date;
    vi.spyOn(Date, "now").mockImplementation(() => now() + CODE_LIFETIME_MS + 5_000);
    expect(await deliverJobs(codes.jobs, transport)).toBe(1);
    expect(transport.sent).toHaveLength(1);
  });

  test("leaves no code behind where the mail never could leave", async () => {
    const { address, code } = await codes.asked();
    await buryJobs(codes.jobs);
    const { results } = await env.DB.prepare("SELECT * FROM dead_letters").all();
    expect(JSON.stringify(results)).toContain("history-code");
    expect(JSON.stringify(results)).not.toContain(code);
    expect(JSON.stringify(results)).not.toContain(address);
  });

  test("sends nothing where mails to the address are held back", async () => {
    const { address } = await codes.asked();
    await workspace.owner.call("POST", "/api/suppressions", { address });
    const transport = countingTransport();
    await deliverJobs(codes.jobs, transport);
    expect(transport.sent).toEqual([]);
  });

  test.each(["", "ada", "a b@corp.example", `${"a".repeat(255)}@corp.example`])(
    "refuses %j, which is no address",
    async (email) => {
      expect(await outcome(codes.ask(await codes.boot(), email))).toBe("invalid");
    },
  );

  test("needs a token and a page of the workspace", async () => {
    const page = await codes.boot();
    expect(await outcome(codes.ask({ token: `${page.token}x` }, "ada@corp.example"))).toBe(
      "bad_token",
    );
    const request = new Request(`${HOST}/v1/auth/code`, {
      method: "POST",
      headers: { origin: "https://evil.example" },
      body: JSON.stringify({ token: page.token, email: "ada@corp.example" }),
    });
    expect(await outcome(worker.fetch(request))).toBe("origin_not_allowed");
    expect(codes.jobs).toEqual([]);
  });
});

/** As if `times` had been done a moment ago. */
async function done(kind: string, subject: string, times: number): Promise<void> {
  const key = await attemptKey(kind, subject);
  const statement = env.DB.prepare("INSERT INTO attempts (key, at, nonce) VALUES (?, ?, ?)");
  await env.DB.batch(
    Array.from({ length: times }, (_, nonce) =>
      statement.bind(key, Date.now() - 1_000, `${nonce}`),
    ),
  );
}

describe("codes are asked for", () => {
  const HERE = "192.0.2.7";
  const ADDRESS = "ada@corp.example";

  test("by one device only so often, whatever the addresses, and again after a while", async () => {
    const page = await codes.boot();
    await done(
      "history-device",
      `${workspace.me.workspace.id} ${page.device}`,
      HISTORY_CODES.device - 1,
    );
    expect(await outcome(codes.ask(page, freshAddress()))).toBe("ok");
    expect(await outcome(codes.ask(page, freshAddress()))).toBe("too_many_codes");
    expect(await outcome(codes.ask(await codes.boot(), freshAddress()))).toBe("ok");
    setClockOffset(CODE_REQUESTS_WINDOW_MS + 5_000);
    expect(await outcome(codes.ask(page, freshAddress()))).toBe("ok");
  });

  test("from one network only so often, whatever the addresses", async () => {
    await done("history-network", HERE, HISTORY_CODES.network - 1);
    expect(await outcome(codes.ask(await codes.boot(), freshAddress(), HERE))).toBe("ok");
    expect(await outcome(codes.ask(await codes.boot(), freshAddress(), HERE))).toBe(
      "too_many_codes",
    );
    expect(await outcome(codes.ask(await codes.boot(), freshAddress()))).toBe("ok");
  });

  test("for one address from one network only so often a day, and from elsewhere still", async () => {
    await done("history-here", `${ADDRESS} ${HERE}`, HISTORY_CODES.addressHere - 1);
    expect(await outcome(codes.ask(await codes.boot(), ADDRESS, HERE))).toBe("ok");
    expect(await outcome(codes.ask(await codes.boot(), ADDRESS, HERE))).toBe("too_many_codes");
    expect(await outcome(codes.ask(await codes.boot(), ADDRESS))).toBe("ok");
    expect(HISTORY_CODES.addressHere * 3).toBeLessThanOrEqual(HISTORY_CODES.address);
  });

  test("for one address only so often a day, over all networks and workspaces", async () => {
    await done("history", ADDRESS, HISTORY_CODES.address - 1);
    expect(await outcome(codes.ask(await codes.boot(), ADDRESS))).toBe("ok");
    expect(await outcome(codes.ask(await codes.boot(), ADDRESS))).toBe("too_many_codes");
    expect(await outcome(codes.ask(await codes.boot(), freshAddress()))).toBe("ok");
  });

  test("and tried from one network only so often", async () => {
    const { address, page, code } = await codes.asked();
    await done("history-try", HERE, HISTORY_CODE_TRIES - 1);
    expect(await outcome(codes.prove(page, address, wrong(code), HERE))).toBe("wrong_code");
    expect(await outcome(codes.prove(page, address, code, HERE))).toBe("rate_limited");
    expect(await outcome(codes.prove(page, address, code))).toBe("ok");
  });
});
