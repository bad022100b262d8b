import { beforeEach, describe, expect, it, vi } from "vitest";
import { peersOf } from "../../durable-objects/peers.ts";
import { INVITATION_LIFETIME_MS } from "../../protocol/limits.ts";
import type { Colleagues, Me } from "../../protocol/operator-api.ts";
import { env, mailsDuring, OperatorBrowser } from "../testing/operator-browser.ts";
import { eventually } from "../../durable-objects/testing/eventually.ts";
import {
  invite,
  newColleague,
  newWorkspace,
  type WorkspaceFixture,
} from "../testing/workspace-fixture.ts";

let workspace: WorkspaceFixture;
let count = 0;

beforeEach(async () => {
  workspace = await newWorkspace(`team${count++}`);
});

const colleagues = (): Promise<Colleagues> => workspace.owner.call("GET", "/api/operators");
const accept = (browser: OperatorBrowser, id: string): Promise<Response> =>
  browser.fetch(`/api/invitations/${id}/accept`, { method: "POST", body: { name: "Ada" } });

describe("an invitation", () => {
  it("is mailed, waits for the address it was sent to, and makes a colleague", async () => {
    const email = "ada@example.com";
    let id = "";
    const [job] = await mailsDuring(async () => {
      ({ id } = await workspace.owner.call("POST", "/api/operators/invite", {
        email: "Ada@Example.com",
        role: "admin",
      }));
    });
    expect(job).toMatchObject({
      to: email,
      mail: {
        template: "invitation",
        invitation: id,
        workspaceName: workspace.me.workspace.name,
        inviterName: "Owner",
        link: "http://dashboard.test/",
      },
    });
    expect((await colleagues()).invitations).toMatchObject([
      { id, email, role: "admin", mail: "queued" },
    ]);

    const ada = await new OperatorBrowser().signIn(email);
    const before = await ada.call<Me>("GET", "/api/me");
    expect(before.workspace).toBeNull();
    expect(before.invitations).toEqual([
      { id, workspaceName: workspace.me.workspace.name, inviterName: "Owner" },
    ]);
    expect((await accept(ada, id)).status).toBe(200);

    const after = await ada.call<Me>("GET", "/api/me");
    expect(after.workspace?.id).toBe(workspace.me.workspace.id);
    expect(after.operator).toMatchObject({ name: "Ada", role: "admin", status: "online" });
    expect(after.invitations).toEqual([]);
    const team = await colleagues();
    expect(team.invitations).toEqual([]);
    expect(team.operators.map((operator) => operator.name)).toEqual(["Owner", "Ada"]);
    // Visitors hear of the new face.
    const { others } = await peersOf(env).inbox(workspace.me.workspace.id).team();
    expect(others.map((operator) => operator.name)).toContain("Ada");
  });

  it("works once, and for nobody else", async () => {
    const id = await invite(workspace, "bob@example.com");
    const eve = await new OperatorBrowser().signIn("eve@example.com");
    expect((await accept(eve, id)).status).toBe(404);
    expect((await eve.call<Me>("GET", "/api/me")).invitations).toEqual([]);
    const bob = await new OperatorBrowser().signIn("bob@example.com");
    const answers = await Promise.all([accept(bob, id), accept(bob, id), accept(bob, id)]);
    expect(answers.map((answer) => String(answer.status)).toSorted()).toEqual([
      "200",
      "404",
      "404",
    ]);
    expect((await colleagues()).operators.length).toBe(2);
  });

  it("that was taken back or has expired is not there any more", async () => {
    const revoked = await invite(workspace, "carl@example.com");
    await workspace.owner.call("DELETE", `/api/invitations/${revoked}`);
    expect(
      (await workspace.owner.fetch(`/api/invitations/${revoked}`, { method: "DELETE" })).status,
    ).toBe(404);
    const carl = await new OperatorBrowser().signIn("carl@example.com");
    expect((await accept(carl, revoked)).status).toBe(404);

    const expired = await invite(workspace, "dora@example.com");
    const dora = await new OperatorBrowser().signIn("dora@example.com");
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + INVITATION_LIFETIME_MS + 1_000 });
    expect((await accept(dora, expired)).status).toBe(404);
    expect((await dora.call<Me>("GET", "/api/me")).invitations).toEqual([]);
    // Sent again, it lives again.
    await mailsDuring(() => workspace.owner.call("POST", `/api/invitations/${expired}/resend`));
    expect((await accept(dora, expired)).status).toBe(200);
    vi.useRealTimers();
  });

  it("is refused for who is here or invited already", async () => {
    await invite(workspace, "fay@example.com");
    for (const email of ["fay@example.com", workspace.me.email]) {
      const response = await workspace.owner.fetch("/api/operators/invite", {
        method: "POST",
        body: { email, role: "agent" },
      });
      expect(response.status).toBe(409);
    }
  });

  it("cannot be used to flood one address, from however many workspaces", async () => {
    const id = await invite(workspace, "victim@example.com");
    const statuses: number[] = [];
    const mails = await mailsDuring(async () => {
      for (let i = 0; i < 10; i++) {
        statuses.push(
          (await workspace.owner.fetch(`/api/invitations/${id}/resend`, { method: "POST" })).status,
        );
      }
      const other = await newWorkspace("flooding");
      const body = { email: "victim@example.com", role: "agent" };
      statuses.push(
        (await other.owner.fetch("/api/operators/invite", { method: "POST", body })).status,
      );
    });
    expect(mails.filter((mail) => mail.to === "victim@example.com").length).toBe(4);
    expect(statuses.at(-1)).toBe(409);
  });

  it("cannot make an owner", async () => {
    const body = { email: "greta@example.com", role: "owner" };
    expect(
      (await workspace.owner.fetch("/api/operators/invite", { method: "POST", body })).status,
    ).toBe(400);
  });
});

describe("a colleague", () => {
  it("who is removed loses every open socket and every route at once", async () => {
    const { browser, id } = await newColleague(workspace, `gone${count}@example.com`, "admin");
    const closed: number[] = [];
    for (const path of [
      "inbox",
      `conversations/${workspace.conversation}`,
      `visitors/${workspace.visitor}`,
    ]) {
      const { webSocket } = await browser.open(`/api/${path}/socket`);
      webSocket?.addEventListener("close", ({ code }) => void closed.push(code));
      webSocket?.accept();
    }
    await workspace.owner.call("DELETE", `/api/operators/${id}`);
    await eventually(() => expect(closed).toEqual([4401, 4401, 4401]));
    expect((await browser.fetch("/api/conversations")).status).toBe(403);
    expect((await browser.open("/api/inbox/socket")).status).toBe(403);
    expect((await browser.call<Me>("GET", "/api/me")).workspace).toBeNull();
    expect((await colleagues()).operators.length).toBe(1);
    const team = await peersOf(env).inbox(workspace.me.workspace.id).team();
    expect([...team.online, ...team.others].map((operator) => operator.id)).not.toContain(id);
  });

  it("who is removed and invited again keeps their id and may open sockets", async () => {
    const email = `back${count}@example.com`;
    const { browser, id } = await newColleague(workspace, email, "admin");
    (await browser.open("/api/inbox/socket")).webSocket?.accept();
    await workspace.owner.call("DELETE", `/api/operators/${id}`);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 1_000 });
    const again = await invite(workspace, email);
    expect((await accept(browser, again)).status).toBe(200);
    const me = await browser.call<Me>("GET", "/api/me");
    expect(me.operator).toMatchObject({ id, role: "agent" });
    const { status, webSocket } = await browser.open("/api/inbox/socket");
    expect(status).toBe(101);
    const first = new Promise((resolve) => {
      webSocket?.addEventListener("message", ({ data }) => resolve(JSON.parse(String(data)).t));
      webSocket?.addEventListener("close", ({ code }) => resolve(code));
    });
    webSocket?.accept();
    expect(await first).toBe("hello");
    webSocket?.close();
    vi.useRealTimers();
  });

  it("may be removed again, when the first time failed halfway", async () => {
    const { browser, id } = await newColleague(workspace, `half${count}@example.com`, "agent");
    const { webSocket } = await browser.open("/api/inbox/socket");
    const closed = new Promise<number>((resolve) => {
      webSocket?.addEventListener("close", ({ code }) => resolve(code));
    });
    webSocket?.accept();
    const quiet = vi.spyOn(console, "error").mockReturnValue();
    const failing = vi.spyOn(env.INBOX, "getByName").mockImplementation(() => {
      throw new Error("the object is moving");
    });
    const remove = (): Promise<Response> =>
      workspace.owner.fetch(`/api/operators/${id}`, { method: "DELETE" });
    expect((await remove()).status).toBe(500);
    failing.mockRestore();
    quiet.mockRestore();
    expect((await browser.fetch("/api/conversations")).status).toBe(403);
    expect((await remove()).status).toBe(200);
    expect(await closed).toBe(4401);
  });

  describe("who is removed while they are being put into the Inbox is not left there", () => {
    /** The Inbox, where the removal of `id` overtakes the next call of `method`. */
    function overtake(id: string, method: "fetch" | "operatorChanged"): void {
      const getByName = env.INBOX.getByName.bind(env.INBOX);
      const spy = vi.spyOn(env.INBOX, "getByName").mockImplementation((name) => {
        const stub = getByName(name);
        spy.mockRestore();
        const slow = {
          [method]: async (...args: unknown[]) => {
            await workspace.owner.call("DELETE", `/api/operators/${id}`);
            return Reflect.apply(Reflect.get(stub, method), stub, args);
          },
          endSession: (session: string) =>
            peersOf(env).inbox(workspace.me.workspace.id).endSession(session),
        };
        return slow as unknown as typeof stub; // only these two are used on this way
      });
    }

    async function team(): Promise<string[]> {
      const { online, others } = await peersOf(env).inbox(workspace.me.workspace.id).team();
      return [...online, ...others].map((operator) => operator.id);
    }

    it("by an opening socket", async () => {
      const { browser, id } = await newColleague(workspace, `up${count}@example.com`, "agent");
      overtake(id, "fetch");
      expect((await browser.open("/api/inbox/socket")).status).toBe(401);
      expect(await team()).not.toContain(id);
    });

    it("by a change of their profile", async () => {
      const { browser, id } = await newColleague(workspace, `me${count}@example.com`, "agent");
      overtake(id, "operatorChanged");
      await browser.call("PATCH", "/api/operators/me", { status: "away" });
      expect(await team()).not.toContain(id);
    });
  });

  it("gets another role at once", async () => {
    const { browser, id } = await newColleague(workspace, `role${count}@example.com`, "agent");
    const rename = (): Promise<Response> =>
      browser.fetch("/api/settings/workspace", { method: "PATCH", body: { name: "Renamed" } });
    expect((await rename()).status).toBe(403);
    await workspace.owner.call("PATCH", `/api/operators/${id}`, { role: "admin" });
    expect((await rename()).status).toBe(200);
    await workspace.owner.call("PATCH", `/api/operators/${id}`, { role: "agent" });
    expect((await rename()).status).toBe(403);
  });

  it("cannot remove or demote the owner, and neither can the owner", async () => {
    const { browser } = await newColleague(workspace, `admin${count}@example.com`, "admin");
    const path = `/api/operators/${workspace.me.operator.id}`;
    for (const who of [browser, workspace.owner]) {
      expect((await who.fetch(path, { method: "DELETE" })).status).toBe(409);
      expect((await who.fetch(path, { method: "PATCH", body: { role: "agent" } })).status).toBe(
        409,
      );
    }
    expect((await workspace.owner.call<Me>("GET", "/api/me")).operator?.role).toBe("owner");
  });
});

describe("a person", () => {
  it("works in several workspaces and chooses one, in each browser by itself", async () => {
    const other = await newWorkspace(`other${count}`);
    const { browser } = await newColleague(workspace, `both${count}@example.com`, "agent");
    const email = (await browser.call<Me>("GET", "/api/me")).email;
    const second = await invite(other, email);
    expect((await accept(browser, second)).status).toBe(200);
    expect((await browser.call<Me>("GET", "/api/me")).workspace?.id).toBe(other.me.workspace.id);
    await browser.call("POST", "/api/workspace", { workspace: workspace.me.workspace.id });
    const me = await browser.call<Me>("GET", "/api/me");
    expect(me.workspace?.id).toBe(workspace.me.workspace.id);
    expect(me.workspaces.map(({ id }) => id)).toEqual([
      workspace.me.workspace.id,
      other.me.workspace.id,
    ]);
    expect((await browser.fetch(`/api/conversations/${other.conversation}`)).status).toBe(404);
    const elsewhere = await new OperatorBrowser().signIn(email);
    expect((await elsewhere.call<Me>("GET", "/api/me")).workspace?.id).toBe(
      workspace.me.workspace.id,
    );
  });

  it.each([
    ["example.com", "https://example.com"],
    ["https://Example.com/shop?x=1", "https://example.com"],
    ["http://localhost:3000", "http://localhost:3000"],
    ["https://bücher.example", "https://xn--bcher-kva.example"],
  ])("names a site as %s and means %s", async (site, origin) => {
    const browser = await new OperatorBrowser().signIn(`site${count++}-${site.length}@example.com`);
    await browser.call("POST", "/api/workspaces", { name: "Shop", site, operatorName: "Olivia" });
    expect(await browser.call("GET", "/api/settings")).toMatchObject({
      origins: [origin],
      hours: null,
    });
  });

  it.each([
    "",
    "http://example.com",
    "javascript:alert(1)",
    "file:///etc",
    "*",
    "https://*.com",
    "a b",
    "https://user@",
  ])("does not name a site as %j", async (site) => {
    const body = { name: "Shop", site, operatorName: "Olivia" };
    const response = await workspace.owner.fetch("/api/workspaces", { method: "POST", body });
    expect(response.status).toBe(400);
  });
});
