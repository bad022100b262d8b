import { afterEach, describe, expect, it, vi } from "vitest";
import type { InboxContract } from "../../durable-objects/contracts.ts";
import { peersOf } from "../../durable-objects/peers.ts";
import type { Me, SignInSession } from "../../protocol/operator-api.ts";
import { env, newOwner, OperatorBrowser } from "../testing/operator-browser.ts";
import { eventually } from "../../durable-objects/testing/eventually.ts";
import { newWorkspace } from "../testing/workspace-fixture.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

describe("ending a session", () => {
  async function inboxSocket(browser: OperatorBrowser): Promise<{ closed: Promise<CloseEvent> }> {
    const { webSocket } = await browser.open("/api/inbox/socket");
    if (!webSocket) throw new Error("no socket");
    const closed = new Promise<CloseEvent>((resolve) =>
      webSocket.addEventListener("close", resolve, { once: true }),
    );
    webSocket.accept();
    return { closed };
  }

  it("by signing out closes its sockets everywhere before it answers, and only its own", async () => {
    const { owner, visitor, conversation, me } = await newWorkspace("ending");
    const elsewhere = await new OperatorBrowser().signIn(me.email);
    const closed: string[] = [];
    for (const path of ["inbox", `conversations/${conversation}`, `visitors/${visitor}`]) {
      for (const browser of [owner, elsewhere]) {
        const { webSocket } = await browser.open(`/api/${path}/socket`);
        webSocket?.addEventListener("close", ({ code }) => {
          closed.push(`${browser === owner ? "this" : "other"} ${path.split("/")[0]} ${code}`);
        });
        webSocket?.accept();
      }
    }
    await owner.call("POST", "/api/sign-out");
    await eventually(() => expect(closed.length).toBe(3));
    expect(closed.toSorted()).toEqual([
      "this conversations 4401",
      "this inbox 4401",
      "this visitors 4401",
    ]);
    expect(owner.cookies.size).toBe(0);
    expect((await elsewhere.fetch("/api/me")).status).toBe(200);
  });

  it("makes its cookie worthless", async () => {
    const browser = await newOwner("stolen@example.com");
    const thief = new OperatorBrowser();
    for (const [name, value] of browser.cookies) thief.cookies.set(name, value);
    await browser.call("POST", "/api/sign-out");
    expect((await thief.fetch("/api/me")).status).toBe(401);
    expect((await thief.open("/api/inbox/socket")).status).toBe(401);
  });

  it("from another browser closes it there", async () => {
    const here = await newOwner("two@example.com");
    const there = await new OperatorBrowser().signIn("two@example.com");
    const { closed } = await inboxSocket(there);
    const { sessions } = await here.call<{ sessions: SignInSession[] }>("GET", "/api/sessions");
    const other = sessions.find((session) => !session.isThis);
    await here.call("DELETE", `/api/sessions/${other?.id}`);
    expect((await closed).code).toBe(4401);
    expect((await there.fetch("/api/me")).status).toBe(401);
    expect((await here.fetch("/api/me")).status).toBe(200);
    expect((await here.fetch(`/api/sessions/${other?.id}`, { method: "DELETE" })).status).toBe(404);
  });

  it("can be asked for again when an object failed halfway", async () => {
    const browser = await newOwner("retry@example.com");
    const { closed } = await inboxSocket(browser);
    const cookie = new Map(browser.cookies);
    const quiet = vi.spyOn(console, "error").mockReturnValue();
    const failing = vi.spyOn(env.INBOX, "getByName").mockImplementation(() => {
      throw new Error("the object is moving");
    });
    const failed = await browser.fetch("/api/sign-out", { method: "POST" });
    expect(failed.status).toBe(500);
    failing.mockRestore();
    quiet.mockRestore();
    // Nobody gets in any more, although the socket is still open.
    for (const [name, value] of cookie) browser.cookies.set(name, value);
    expect((await browser.fetch("/api/me")).status).toBe(401);
    await browser.call("POST", "/api/sign-out");
    expect((await closed).code).toBe(4401);
  });

  it("without a session is no error", async () => {
    expect(await new OperatorBrowser().call("POST", "/api/sign-out")).toEqual({});
  });

  it("while a request is under way is not undone by it", async () => {
    const browser = await newOwner("revived@example.com");
    const [session] = (await browser.call<{ sessions: SignInSession[] }>("GET", "/api/sessions"))
      .sessions;
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 2 * 3_600_000 });
    const prepare = env.DB.prepare.bind(env.DB);
    // The session ends between the check of the cookie and the writing down of its use.
    const spy = vi.spyOn(env.DB, "prepare").mockImplementation((sql) => {
      if (!sql.startsWith("UPDATE session SET")) return prepare(sql);
      spy.mockRestore();
      const end = prepare("UPDATE session SET expiresAt = ? WHERE id = ?");
      const touch = prepare(sql);
      const late = {
        bind: (...values: unknown[]) => ({
          run: async () => {
            await end.bind(new Date(0).toISOString(), session?.id).run();
            return touch.bind(...values).run();
          },
        }),
      };
      return late as unknown as typeof touch; // only these two are used on this way
    });
    const response = await browser.fetch("/api/me");
    expect(response.status).toBe(401);
    expect(response.headers.getSetCookie()).toEqual([]);
    expect((await browser.fetch("/api/me")).status).toBe(401);
    vi.useRealTimers();
  });

  it("while a socket is opening leaves none open", async () => {
    const browser = await newOwner("race@example.com");
    const { workspace } = await browser.call<Me>("GET", "/api/me");
    if (!workspace) throw new Error("no workspace");
    const inbox = peersOf(env).inbox(workspace.id);
    const getByName = env.INBOX.getByName.bind(env.INBOX);
    // The session ends between the check of the cookie and the opening of the socket.
    const spy = vi.spyOn(env.INBOX, "getByName").mockImplementation((name) => {
      const stub = getByName(name);
      const slow = {
        fetch: async (request: Request) => {
          await env.DB.prepare("DELETE FROM session").run();
          return stub.fetch(request);
        },
        endSession: (session: string) => (stub as unknown as InboxContract).endSession(session),
      };
      return slow as unknown as typeof stub; // only these two are used on this way
    });
    const response = await browser.open("/api/inbox/socket");
    spy.mockRestore();
    expect(response.status).toBe(401);
    expect((await inbox.team()).online).toEqual([]);
  });
});
