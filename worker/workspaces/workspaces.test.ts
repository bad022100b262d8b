import { afterEach, describe, expect, it, vi } from "vitest";
import { peersOf } from "../../durable-objects/peers.ts";
import { asId } from "../../protocol/ids.ts";
import { DEFAULT_WIDGET } from "../../protocol/settings.ts";
import { env, newOwner, OperatorBrowser } from "../testing/operator-browser.ts";
import { DEMO, seedDemo } from "./demo.ts";
import { IsolateCache } from "../../durable-objects/runtime/isolate-cache.ts";
import { workspaceByKey } from "./settings.ts";
import { describeTeam, teamAvailability } from "./team.ts";
import { eventually } from "../../durable-objects/testing/eventually.ts";
import type { Me } from "../../protocol/operator-api.ts";

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe("a value kept in an isolate", () => {
  function cacheAt(start: number) {
    const clock = { now: start };
    const cache = new IsolateCache<number>({
      freshMs: 10,
      staleMs: 20,
      maxKeys: 3,
      now: () => clock.now,
    });
    let reads = 0;
    const read = async (): Promise<number> => ++reads;
    return { clock, cache, read, reads: () => reads };
  }

  it("is read once while it is fresh", async () => {
    const { clock, cache, read, reads } = cacheAt(0);
    expect(await cache.get("a", read)).toBe(1);
    clock.now = 9;
    expect(await cache.get("a", read)).toBe(1);
    expect(reads()).toBe(1);
  });

  it("is answered old and read anew in the background when it is a little older", async () => {
    const { clock, cache, read, reads } = cacheAt(0);
    await cache.get("a", read);
    clock.now = 10;
    expect(await Promise.all([cache.get("a", read), cache.get("a", read)])).toEqual([1, 1]);
    await eventually(async () => expect(await cache.get("a", read)).toBe(2));
    expect(reads()).toBe(2);
  });

  it("is never answered older than its limit", async () => {
    const { clock, cache, read } = cacheAt(0);
    await cache.get("a", read);
    clock.now = 20;
    expect(await cache.get("a", read)).toBe(2);
  });

  it("is read anew after it was forgotten, also when an older read comes back late", async () => {
    const { cache, read } = cacheAt(0);
    let finish: (value: number) => void = () => {};
    const late = cache.get("a", () => new Promise((resolve) => (finish = resolve)));
    cache.forget("a");
    finish(99);
    expect(await late).toBe(99);
    expect(await cache.get("a", read)).toBe(1);
  });

  it("is not replaced by a failure, and a failure is not kept", async () => {
    const { clock, cache, read } = cacheAt(0);
    const fail = (): Promise<number> => Promise.reject(new Error("D1 is away"));
    await expect(cache.get("a", fail)).rejects.toThrow("away");
    expect(await cache.get("a", read)).toBe(1);
    vi.spyOn(console, "error").mockReturnValue();
    clock.now = 10;
    expect(await cache.get("a", fail)).toBe(1);
    await eventually(async () => {
      expect(await cache.get("a", read)).toBe(2);
    });
  });

  it("does not take more and more room", async () => {
    const { cache, read, reads } = cacheAt(0);
    for (const key of ["a", "b", "c", "d", "a"]) await cache.get(key, read);
    expect(reads()).toBe(5);
  });

  it("makes room for another by leaving only when it was read longest ago", async () => {
    const { cache, read, reads } = cacheAt(0);
    for (const key of ["a", "b", "c", "d"]) await cache.get(key, read);
    expect(await Promise.all(["b", "c", "d"].map((key) => cache.get(key, read)))).toEqual([
      2, 3, 4,
    ]);
    expect(reads()).toBe(4);
  });
});

describe("a workspace by its site key", () => {
  it("is found without asking the database again, and follows a change", async () => {
    const owner = await newOwner("settings@example.com");
    const { workspace } = await owner.call<Me>("GET", "/api/me");
    const key = workspace?.siteKey ?? "";
    const first = await workspaceByKey(env, key);
    expect(first).toEqual({
      id: workspace?.id,
      widget: DEFAULT_WIDGET,
      hours: null,
      origins: ["https://shop.example.com"],
      byMail: { askAfterMs: 120_000 },
      version: 1,
    });
    const asked = vi.spyOn(env.DB, "prepare");
    for (let i = 0; i < 20; i++) await workspaceByKey(env, key);
    expect(asked).not.toHaveBeenCalled();
    await owner.call("PUT", "/api/settings/origins", { origins: ["https://new.example"] });
    expect(await workspaceByKey(env, key)).toMatchObject({
      origins: ["https://new.example"],
      version: 2,
    });
  });

  it("of another isolate follows within eight seconds", async () => {
    const owner = await newOwner("isolates@example.com");
    const key = (await owner.call<Me>("GET", "/api/me")).workspace?.siteKey ?? "";
    await workspaceByKey(env, key);
    await env.DB.prepare("UPDATE workspaces SET version = 7 WHERE site_key = ?").bind(key).run();
    expect((await workspaceByKey(env, key))?.version).toBe(1);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 8_000 });
    expect((await workspaceByKey(env, key))?.version).toBe(7);
  });

  it("is not pushed out by thousands of made-up keys", async () => {
    const owner = await newOwner("made-up@example.com");
    const key = (await owner.call<Me>("GET", "/api/me")).workspace?.siteKey ?? "";
    vi.useFakeTimers({ toFake: ["Date"] });
    await workspaceByKey(env, key);
    const empty = { prepare: () => ({ bind: () => ({ raw: async () => [] }) }) };
    const DB = empty as unknown as D1Database; // this is all that is used of it
    const nowhere = { DB, EMAIL_REPLY_DOMAIN: "" };
    for (let i = 0; i < 2_100; i++) await workspaceByKey(nowhere, `pk_madeup${i}`);
    const asked = vi.spyOn(env.DB, "prepare");
    expect(await workspaceByKey(env, key)).not.toBeNull();
    expect(asked).not.toHaveBeenCalled();
  });

  it("is found at the latest eight seconds after its key was unknown", async () => {
    const owner = await newOwner("later@example.com");
    const key = (await owner.call<Me>("GET", "/api/me")).workspace?.siteKey ?? "";
    const rename = (from: string, to: string) =>
      env.DB.prepare("UPDATE workspaces SET site_key = ?2 WHERE site_key = ?1")
        .bind(from, to)
        .run();
    await rename(key, "pk_elsewhere");
    expect(await workspaceByKey(env, key)).toBeNull();
    await rename("pk_elsewhere", key);
    expect(await workspaceByKey(env, key)).toBeNull();
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 8_000 });
    expect(await workspaceByKey(env, key)).not.toBeNull();
  });

  it("is not there for an unknown key, which is not asked for twice, or for what is no key at all", async () => {
    expect(await workspaceByKey(env, "pk_nobody")).toBeNull();
    const asked = vi.spyOn(env.DB, "prepare");
    expect(await workspaceByKey(env, "pk_nobody")).toBeNull();
    for (const key of ["", "pk_", "PK_DEMO", "pk_' OR 1=1", "wsp_1", `pk_${"a".repeat(100)}`]) {
      expect(await workspaceByKey(env, key)).toBeNull();
    }
    expect(asked).not.toHaveBeenCalled();
  });
});

describe("the team", () => {
  const card = (n: number) => ({
    id: asId("opr", `opr_${n}`),
    name: `Operator ${n}`,
    title: "",
    photo: null,
  });
  const monday = Date.parse("2026-11-02T07:00:00Z");
  const hours = {
    timeZone: "UTC",
    week: [{ from: "09:00", to: "17:00" }, null, null, null, null, null, null],
  };

  it("shows up to three faces, those online first, and says when it is back", () => {
    const team = { online: [card(3)], others: [card(1), card(2), card(4)] };
    expect(describeTeam(team, hours, monday)).toEqual({
      isOnline: true,
      faces: [card(3), card(1), card(2)],
      backAt: Date.parse("2026-11-02T09:00:00Z"),
    });
    expect(describeTeam({ online: [], others: [] }, null, monday)).toEqual({
      isOnline: false,
      faces: [],
      backAt: null,
    });
    expect(describeTeam(team, hours, monday + 3 * 3_600_000).backAt).toBeNull();
  });

  it("is asked of the Inbox once in a while only", async () => {
    const owner = await newOwner("faces@example.com");
    const { workspace, operator } = await owner.call<Me>("GET", "/api/me");
    if (!workspace || !operator) throw new Error("no workspace");
    const { webSocket } = await owner.open("/api/inbox/socket");
    webSocket?.accept();
    const first = await teamAvailability(env, { id: workspace.id, hours: null });
    expect(first).toMatchObject({
      isOnline: true,
      faces: [{ id: operator.id, name: "Owner" }],
      backAt: null,
    });
    const asked = vi.spyOn(env.INBOX, "getByName");
    expect(await teamAvailability(env, { id: workspace.id, hours: null })).toEqual(first);
    expect(asked).not.toHaveBeenCalled();
    webSocket?.close();
  });
});

describe("the demo workspace", () => {
  it("is made once, with operators who can sign in, and keeps what people changed", async () => {
    await seedDemo(env);
    expect(await workspaceByKey(env, DEMO.siteKey)).toMatchObject({
      id: "wsp_demo",
      origins: ["http://127.0.0.1:*", "http://localhost:*"],
    });
    const owner = await new OperatorBrowser().signIn("owner@demo.test");
    const agent = await new OperatorBrowser().signIn("agent@demo.test");
    expect((await owner.call<Me>("GET", "/api/me")).operator).toMatchObject({
      name: "Olivia Marsh",
      title: "Owner",
      role: "owner",
    });
    expect((await agent.call<Me>("GET", "/api/me")).operator).toMatchObject({
      name: "Adam Finch",
      title: "Tea advisor",
      role: "agent",
    });
    await owner.call("PATCH", "/api/operators/me", { name: "Olivia M." });
    await seedDemo(env);
    expect((await owner.call<Me>("GET", "/api/me")).operator).toMatchObject({ name: "Olivia M." });
    const { online, others } = await peersOf(env).inbox(DEMO.workspace).team();
    expect([...online, ...others].map((operator) => operator.name).toSorted()).toEqual([
      "Adam Finch",
      "Olivia M.",
    ]);
  });
});
