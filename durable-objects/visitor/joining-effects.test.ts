import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { chatSaying } from "../../domain/triggers/testing/samples.ts";
import { asId, newId, type WorkspaceId } from "../../protocol/ids.ts";
import type { ProjectionJob } from "../../protocol/jobs.ts";
import { rowsOf, writeProjections } from "../../worker/d1/projections.ts";
import type { ObjectBindings } from "../bindings.ts";
import { peersOf } from "../peers.ts";
import { setClockOffset } from "../runtime/clock.ts";
import { popup, setDefinitions, TRIGGER, trigger } from "../testing/definitions.ts";
import { Browser, cutOff, jwt } from "../testing/people.ts";
import { OLIVIA } from "../testing/sockets.ts";

const bindings = env as unknown as ObjectBindings; // the test's env is the Worker's
const peers = peersOf(bindings);
const TEAM = { online: [OLIVIA], others: [] };

let workspace: WorkspaceId;
let projected: ProjectionJob[];
beforeEach(() => {
  workspace = newId("wsp", Date.now());
  projected = [];
  vi.spyOn(bindings.PROJECTION, "send").mockImplementation(async (job) => {
    projected.push(job);
    return {} as QueueSendResponse; // nobody reads it
  });
  vi.spyOn(bindings.EVALUATION, "send").mockResolvedValue({} as QueueSendResponse);
});
afterEach(() => {
  vi.restoreAllMocks();
  setClockOffset(0);
});

const arrive = () => Browser.arrive(workspace);
const known = (userId: string) => Browser.known(workspace, userId);

describe("what triggers have begun", () => {
  test("goes on: what waits is decided once, what counts towards the cap and what was sent come along", async () => {
    const capped = { ...trigger().limits, isCapped: true };
    await peers.inbox(workspace).operatorChanged(OLIVIA, "online");
    await setDefinitions(bindings.DB, workspace, {
      triggers: {
        [TRIGGER]: trigger({ waitMs: 60_000, limits: { ...capped, repeat: { type: "once" } } }),
        trg_2: trigger({
          when: { type: "event", event: "Shown", where: [] },
          limits: capped,
          variants: [{ id: "a", name: "A", weight: 1, action: popup("Look") }],
        }),
        trg_3: trigger({
          when: { type: "event", event: "Third", where: [] },
          limits: capped,
          variants: [{ id: "a", name: "A", weight: 1, action: chatSaying("Third") }],
        }),
      },
      cap: { messages: 2, ms: 86_400_000 },
    });
    const ann = await known("ann");
    const phone = await arrive();
    await phone.track("Shown");
    await phone.object.evaluate(TEAM);
    await phone.track("Bell Rung");
    const former = phone.visitor;
    await phone.prove(jwt("ann"));
    expect(await phone.boot()).toMatchObject({
      moments: { shown: [{ content: { text: "Look" } }] },
    });
    setClockOffset(61_000);
    await peers.visitor(workspace, former).evaluate(TEAM);
    await ann.object.evaluate(TEAM);
    await ann.object.evaluate(TEAM);
    const sent = (await ann.object.deliveries())?.filter(({ state }) => state === "sent");
    expect(sent?.map(({ trigger }) => trigger).toSorted()).toEqual([TRIGGER, "trg_2"]);
    // Two were sent: the cap holds over both histories.
    await phone.track("Third");
    await ann.object.evaluate(TEAM);
    expect(
      (await ann.object.deliveries())?.find((one) => one.trigger === asId("trg", "trg_3")),
    ).toMatchObject({ state: "skipped", reason: "capped" });
    // And the join itself sets nothing off: Bell Rung, which is in the log now, rings once.
    await ann.track("Bell Rung");
    await ann.object.evaluate(TEAM);
    expect(
      (await ann.object.deliveries())?.filter(
        ({ trigger, state }) => trigger === TRIGGER && state === "sent",
      ),
    ).toHaveLength(1);
  });
});

test.each([
  ["before", false],
  ["after", true],
])(
  "a trigger's message that a join catches %s it stands in the thread stands in one thread",
  async (_, isAfter) => {
    await peers.inbox(workspace).operatorChanged(OLIVIA, "online");
    await setDefinitions(bindings.DB, workspace, {
      triggers: {
        [TRIGGER]: trigger({
          variants: [{ id: "a", name: "A", weight: 1, action: chatSaying("Once") }],
        }),
      },
    });
    const ann = await known("ann");
    const phone = await arrive();
    const caught = await phone.write("From the phone");
    // Begun later, it is the one that is open after the join.
    const own = await ann.write("From the computer");
    await phone.track("Bell Rung");
    const cut = cutOff(bindings.CONVERSATION, "deliver", isAfter);
    await phone.object.evaluate(TEAM);
    await expect.poll(() => cut.mock.calls.length).toBeGreaterThan(0);
    cut.mockRestore();
    await phone.prove(jwt("ann"));
    await ann.evict();
    await ann.alarm();
    const said = async ({ conversation }: { conversation: string }) =>
      (await peers.conversation(workspace, asId("cnv", conversation)).log(0, 100)).filter(
        (entry) => entry.type === "message" && entry.text === "Once",
      ).length;
    await expect.poll(async () => (await said(own)) + (await said(caught))).toBe(1);
    expect((await ann.object.deliveries())?.map(({ state }) => state)).toEqual(["sent"]);
  },
);

describe("what D1 shows", () => {
  const rows = async (table: string, column: string) => {
    const { results } = await bindings.DB.prepare(
      `SELECT ${column} AS id FROM ${table} WHERE workspace_id = ?`,
    )
      .bind(workspace)
      .all<{ id: string }>();
    return results.map(({ id }) => id);
  };
  const project = async () => {
    const jobs = projected.splice(0);
    await writeProjections(bindings.DB, jobs.map(rowsOf));
  };

  test("is one person, also when an older projection of the joined one comes late", async () => {
    const ann = await known("ann");
    const phone = await arrive();
    await phone.write("Hello");
    await ann.alarm();
    await phone.alarm();
    const late = [...projected];
    await project();
    expect((await rows("visitors", "id")).toSorted()).toEqual(
      [ann.visitor, phone.visitor].toSorted(),
    );
    await phone.prove(jwt("ann"));
    expect(await rows("visitors", "id")).toEqual([ann.visitor]);
    await ann.alarm();
    await writeProjections(bindings.DB, late.map(rowsOf));
    await project();
    expect(await rows("visitors", "id")).toEqual([ann.visitor]);
    // Its conversation is Ann's there, too.
    const conversation = asId("cnv", (await ann.card()).conversations[0] ?? "");
    await expect
      .poll(async () => (await peers.conversation(workspace, conversation).summary())?.visitor.id)
      .toBe(ann.visitor);
    await expect
      .poll(async () => {
        await project();
        return rows("conversations", "visitor_id");
      })
      .toEqual([ann.visitor]);
  });

  test("counts who was sent something on one device and held out on another as contradicting, and as nobody else", async () => {
    const bell = (holdOut: number) =>
      trigger({ when: { type: "event", event: "Bell Rung", where: [] }, holdOut });
    await peers.inbox(workspace).operatorChanged(OLIVIA, "online");
    await setDefinitions(bindings.DB, workspace, { triggers: { [TRIGGER]: bell(0) } });
    const ann = await known("ann");
    await ann.track("Bell Rung");
    await ann.object.evaluate(TEAM);
    // Everybody is held out now: the phone is, until it turns out to be Ann's.
    await setDefinitions(bindings.DB, workspace, { triggers: { [TRIGGER]: bell(100) } });
    const phone = await arrive();
    await phone.track("Bell Rung");
    await phone.object.evaluate(TEAM);
    await ann.alarm();
    await phone.alarm();
    await project();
    expect(new Set(await rows("deliveries", "visitor_id")).size).toBe(2);
    await phone.prove(jwt("ann"));
    await ann.alarm();
    await project();
    expect(await rows("deliveries", "visitor_id")).toEqual([ann.visitor, ann.visitor]);
    const states = (await ann.object.deliveries())?.map(({ state }) => state).toSorted();
    expect(states).toEqual(["held_out", "sent"]);
    // What was exposed first stays: the next bell rings.
    await phone.track("Bell Rung");
    await ann.object.evaluate(TEAM);
    const next = (await ann.object.deliveries())?.[0];
    expect(next).toMatchObject({ state: "sent" });
  });
});
