import { runInDurableObject } from "cloudflare:test";
import { exports } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";
import { Browser } from "../../durable-objects/testing/people.ts";
import { TestSocket } from "../../durable-objects/testing/sockets.ts";
import { visitorName } from "../../protocol/addresses.ts";
import { newId, type VisitorId } from "../../protocol/ids.ts";
import { env } from "../testing/operator-browser.ts";
import { project } from "../testing/projected.ts";
import { newWorkspace } from "../testing/workspace-fixture.ts";

// The type of `exports` is made from the Worker's own module, which tests do not import.
const worker = (exports as unknown as { default: Fetcher }).default;

afterEach(() => {
  vi.useRealTimers();
});

/** Everything that an object holds. */
async function contents({ workspace, visitor }: Browser): Promise<string> {
  const stub = env.VISITOR.getByName(visitorName(workspace, visitor));
  return runInDurableObject(stub, (_, { storage: { sql } }) => {
    const tables = sql
      .exec<{ name: string }>(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\' ORDER BY name",
      )
      .toArray();
    return JSON.stringify(
      tables.map(({ name }) => [name, sql.exec(`SELECT * FROM "${name}"`).toArray()]),
    );
  });
}

test("a link opens nothing: every route and socket of one's device answers as before, byte for byte, and no object has changed", async () => {
  const shop = await newWorkspace("opens-nothing");
  const origin =
    (await shop.owner.call<{ origins: string[] }>("GET", "/api/settings")).origins[0] ?? "";
  const post = (path: string, body: object, n: number) =>
    worker.fetch(`http://parley.test${path}`, {
      method: "POST",
      headers: { origin, "content-type": "text/plain", "cf-connecting-ip": `10.9.${n}.1` },
      body: JSON.stringify(body),
    });
  const socket = async (path: string, protocol: string) => {
    const answer = await worker.fetch(`http://parley.test${path}`, {
      headers: {
        upgrade: "websocket",
        origin,
        "sec-websocket-protocol": `parley.1, ${protocol}`,
      },
    });
    if (answer.webSocket === null) throw new Error(`no socket: ${answer.status}`);
    return new TestSocket(answer.webSocket);
  };
  const key = shop.me.workspace.siteKey;
  const email = "ann@example.com";
  const arrive = async (text: string) => {
    const facts = [
      { type: "page", n: 1, at: Date.now(), url: `${origin}/` },
      { type: "identify", n: 2, at: Date.now(), traits: { email, name: text } },
    ];
    const booted = await post("/v1/boot", { key, client: {}, stream: "s", sentAt: 1, facts }, 1);
    const { token, visitor }: { token: string; visitor: VisitorId } = await booted.json();
    const page = await socket("/v1/page", token);
    const sent = await page.ask({ t: "message", stream: "m", n: 1, text });
    page.close();
    const browser = await Browser.arrive(shop.me.workspace.id);
    browser.visitor = visitor;
    await project(browser.workspace, visitor);
    return { token, browser, conversation: String(sent["conversation"]) };
  };
  const [ann, bob] = [await arrive("CANARY-A"), await arrive("CANARY-B")];

  const everything = async (n: number): Promise<string> => {
    const heard: unknown[] = [];
    const told = async (answer: Response) => heard.push([answer.status, await answer.text()]);
    const facts = [{ type: "page", n: 1, at: 1, url: `${origin}/` }];
    await told(
      await post(
        "/v1/boot",
        { key, token: ann.token, client: {}, stream: "s", sentAt: 1, facts },
        n,
      ),
    );
    await told(await post("/v1/events", { token: ann.token, stream: "s", sentAt: 1, facts }, n));
    await told(await post("/v1/auth", { token: ann.token, email, code: "000000" }, n));
    await told(
      await post("/v1/auth", { token: ann.token, userId: "ann", hmac: "0".repeat(64) }, n),
    );
    await told(
      await worker.fetch(`http://parley.test/v1/team?key=${key}`, { headers: { origin } }),
    );
    const page = await socket("/v1/page", ann.token);
    heard.push(await page.until(({ t }) => t === "hello"));
    for (const conversation of [bob.conversation, newId("cnv", 1)])
      heard.push(await page.ask({ t: "ticket", id: "x", conversation }));
    const { ticket } = await page.ask({ t: "ticket", id: "own", conversation: ann.conversation });
    const chat = await socket("/v1/conversation", String(ticket));
    heard.push(await chat.until(({ t }) => t === "hello"));
    heard.push(await chat.ask({ t: "resume", id: "r", after: 0 }));
    chat.close();
    page.close();
    return JSON.stringify(heard);
  };

  const ask = (method: string, { visitor }: Browser, path: string, body?: object) =>
    shop.owner.call(method, `/api/visitors/${visitor}/${path}`, body);
  // What is answered holds the time.
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
  await everything(1);
  const before = await everything(2);
  const held = [await contents(ann.browser), await contents(bob.browser)];
  const rows = async () =>
    Promise.all(
      ["segment_members", "deliveries", "identifiers", "joined_visitors"].map(async (table) => {
        const { results } = await env.DB.prepare(`SELECT * FROM ${table} WHERE workspace_id = ?`)
          .bind(shop.me.workspace.id)
          .all();
        return results;
      }),
    );
  const kept = await rows();
  await ask("POST", ann.browser, "links", { visitor: bob.browser.visitor });
  await ask("GET", ann.browser, "links");
  await ask("GET", ann.browser, "together/timeline");
  await ask("GET", bob.browser, "together/conversations");
  expect([await contents(ann.browser), await contents(bob.browser)]).toEqual(held);
  expect(await rows()).toEqual(kept);
  const after = await everything(3);
  expect(after).toBe(before);
  expect(after).toContain("CANARY-A");
  expect(after).not.toContain("CANARY-B");
  expect(after).not.toContain(bob.browser.visitor);
});
