import { evictDurableObject, runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";
import { inboxName, presenceName } from "../../protocol/addresses.ts";
import { newId } from "../../protocol/ids.ts";
import { BOARD_MAX_VISITORS, PRESENCE_LEASE_MS } from "../../protocol/limits.ts";
import type { PresentVisitor } from "../../protocol/person.ts";
import type { ObjectBindings } from "../bindings.ts";
import type { InboxContract, PresenceContract } from "../contracts.ts";
import { now, setClockOffset } from "../runtime/clock.ts";
import { PUSH_PATIENCE_MS } from "../runtime/outbox.ts";
import { interpose } from "../testing/people.ts";
import { freshIds, OLIVIA, openOperatorSocket } from "../testing/sockets.ts";

const bindings = env as unknown as ObjectBindings; // the test's env is the Worker's
afterEach(() => {
  setClockOffset(0);
  vi.restoreAllMocks();
});

function present(
  id: PresentVisitor["id"],
  version: number,
  more: Partial<PresentVisitor> = {},
): PresentVisitor {
  return {
    id,
    name: null,
    placeholder: "Amber Otter",
    email: null,
    page: null,
    since: now(),
    source: "Direct",
    country: null,
    device: "desktop",
    lastSearch: null,
    cart: null,
    openConversation: null,
    version,
    ...more,
  };
}

function setUp() {
  const { workspace, visitor } = freshIds();
  const stub = bindings.PRESENCE.getByName(presenceName(workspace, visitor));
  const shard = stub as unknown as PresenceContract;
  const inbox = bindings.INBOX.getByName(inboxName(workspace)) as unknown as InboxContract;
  return { workspace, visitor, stub, shard, inbox };
}

test("a visitor is listed until the lease ends", async () => {
  const { shard, visitor } = setUp();
  await shard.present(present(visitor, 1), now() + PRESENCE_LEASE_MS);
  expect(await shard.list()).toMatchObject({ total: 1 });
  setClockOffset(PRESENCE_LEASE_MS - 1_000);
  expect(await shard.list()).toMatchObject({ total: 1 });
  setClockOffset(PRESENCE_LEASE_MS + 1_000);
  expect(await shard.list()).toEqual({ present: [], total: 0 });
});

test("and again after eviction: leases are kept, and end when they should", async () => {
  const { shard, stub, visitor } = setUp();
  await shard.present(present(visitor, 1), now() + PRESENCE_LEASE_MS);
  await evictDurableObject(stub);
  expect(await shard.list()).toMatchObject({ total: 1 });
  setClockOffset(PRESENCE_LEASE_MS + 1_000);
  await evictDurableObject(stub);
  expect(await shard.list()).toEqual({ present: [], total: 0 });
});

test("more people than a board shows are counted, and as many listed as it shows", async () => {
  const { shard } = setUp();
  for (let i = 0; i <= BOARD_MAX_VISITORS; i++) {
    await shard.present(present(newId("vis", Date.now()), 1), now() + PRESENCE_LEASE_MS);
  }
  const list = await shard.list();
  expect([list.total, list.present.length]).toEqual([BOARD_MAX_VISITORS + 1, BOARD_MAX_VISITORS]);
});

test("an older telling never replaces a newer one", async () => {
  const { shard, visitor } = setUp();
  await shard.present(present(visitor, 2, { name: "new" }), now() + PRESENCE_LEASE_MS);
  await shard.present(present(visitor, 1, { name: "old" }), now() + PRESENCE_LEASE_MS);
  expect((await shard.list()).present).toMatchObject([{ name: "new" }]);
});

test("the board hears of who comes and who goes, while somebody looks", async () => {
  const { shard, stub, visitor, inbox } = setUp();
  const operator = await openOperatorSocket(inbox, OLIVIA);
  await operator.ask({ t: "board", on: true });
  await shard.present(present(visitor, 1), now() + PRESENCE_LEASE_MS);
  await operator.until(
    (frame) => frame["t"] === "visitors" && JSON.stringify(frame["present"]).includes(visitor),
  );
  setClockOffset(PRESENCE_LEASE_MS + 1_000);
  await shard.list();
  await runDurableObjectAlarm(stub);
  await operator.until(
    (frame) => frame["t"] === "visitors" && JSON.stringify(frame["gone"]).includes(visitor),
  );
});

test("a board that does not answer is told again", async () => {
  const { shard, stub, visitor, inbox } = setUp();
  const operator = await openOperatorSocket(inbox, OLIVIA);
  await operator.ask({ t: "board", on: true });
  const { setTimeout } = globalThis;
  // Its patience is over at once.
  vi.spyOn(globalThis, "setTimeout").mockImplementation((act: () => void, ms?: number) =>
    setTimeout(act, ms === PUSH_PATIENCE_MS ? 0 : ms),
  );
  const warn = vi.spyOn(console, "warn").mockReturnValue();
  const silent = interpose(bindings.INBOX, "visitorsChanged", () => new Promise(() => {}));
  await shard.present(present(visitor, 1), now() + PRESENCE_LEASE_MS);
  await vi.waitUntil(() => warn.mock.calls.length > 0);
  silent.mockRestore();
  await runDurableObjectAlarm(stub);
  await operator.until(
    (frame) => frame["t"] === "visitors" && JSON.stringify(frame["present"]).includes(visitor),
  );
});

test("with nobody looking, the Inbox is told once and then left alone", async () => {
  const { inbox, workspace } = setUp();
  const told = await inbox.visitorsChanged([present(newId("vis", Date.now()), 1)], []);
  expect(told).toBe(false);
  expect(workspace).toBeTruthy();
});
