import { beforeAll, describe, expect, it } from "vitest";
import { newId } from "../../protocol/ids.ts";
import type {
  FigurePeople,
  TriggerDetail,
  TriggerFigures,
  TriggerList,
} from "../../protocol/triggers-api.ts";
import { deliveryOf, insertDeliveries } from "../testing/delivery-rows.ts";
import { env } from "../testing/operator-browser.ts";
import { newWorkspace, type WorkspaceFixture } from "../testing/workspace-fixture.ts";
import { triggerDefinition } from "../testing/trigger-definition.ts";

let shop: WorkspaceFixture;

beforeAll(async () => {
  shop = await newWorkspace("figures");
});

const create = async (): Promise<TriggerDetail> =>
  shop.owner.call("POST", "/api/triggers", { definition: triggerDefinition() });
const goesLive = async (id: string): Promise<TriggerDetail> =>
  shop.owner.call("POST", `/api/triggers/${id}/status`, { status: "live" });

describe("the figures of a trigger", () => {
  it("are all zero before it sent anything, with a row for each variant", async () => {
    const { id } = await create();
    const path = `/api/triggers/${id}/figures?days=3`;
    expect(await shop.owner.call("GET", path)).toMatchObject({ eligible: 0, variants: [] });
    await goesLive(id);
    const figures = await shop.owner.call<TriggerFigures>("GET", path);
    expect(figures).toMatchObject({
      eligible: 0,
      heldOut: { deliveries: 0, people: 0, goalPeople: 0, revenue: [] },
      effect: null,
      incremental: null,
      contradicting: 0,
      skipped: [],
      timeZone: "UTC",
    });
    expect(figures.variants).toMatchObject([
      { variant: "a", name: "Variant a", sent: 0, people: 0, revenue: [], effect: null },
    ]);
    expect(figures.days.map((day) => day.sent)).toEqual([0, 0, 0]);
  });

  it("count what was decided, and each number has its people", async () => {
    const { id } = await create();
    await goesLive(id);
    const at = Date.now();
    const euro = (amountMinor: number) => ({ amountMinor, currency: "EUR" });
    const rows = [
      { seenAt: at, goalAt: at, goalValue: euro(4_990) },
      { seenAt: at, answeredAt: at, goalAt: at, goalValue: { amountMinor: 100, currency: "USD" } },
      { version: 2, variant: "b", variantName: "B" },
      { state: "held_out" as const, variant: null, goalAt: at, goalValue: euro(1_000) },
      { state: "skipped" as const, variant: null, reason: "capped" as const },
    ].map((change) => ({
      visitor: newId("vis", at),
      delivery: deliveryOf(id, { ...change, decidedAt: at }),
    }));
    const [first] = rows;
    if (first === undefined) throw new Error("there are five");
    // The same person once more.
    rows.push({ visitor: first.visitor, delivery: deliveryOf(id, { decidedAt: at }) });
    await insertDeliveries(env.DB, shop.me.workspace.id, rows);
    const path = `/api/triggers/${id}`;
    const figures = await shop.owner.call<TriggerFigures>("GET", `${path}/figures`);
    expect(figures).toMatchObject({
      eligible: 6,
      heldOut: { deliveries: 1, people: 1, goalPeople: 1, revenue: [euro(1_000)] },
      skipped: [{ reason: "capped", count: 1 }],
    });
    expect(figures.variants).toMatchObject([
      {
        variant: "a",
        name: "Variant a",
        sent: 3,
        people: 2,
        seen: 2,
        answered: 1,
        goal: 2,
        goalPeople: 2,
        revenue: [euro(4_990), { amountMinor: 100, currency: "USD" }],
      },
      { variant: "b", name: "b", sent: 1 },
    ]);
    expect(figures.days.at(-1)).toMatchObject({ sent: 4, heldOut: 1, seen: 2, goal: 2 });
    const second = await shop.owner.call<TriggerFigures>("GET", `${path}/figures?version=2`);
    expect(second).toMatchObject({ eligible: 1, variants: [{ variant: "b", sent: 1 }] });
    const listed = async (query: string) =>
      (await shop.owner.call<FigurePeople>("GET", `${path}/people?${query}`)).people;
    expect(await listed("figure=sent")).toHaveLength(4);
    expect(await listed("figure=sent&variant=a")).toHaveLength(3);
    expect(await listed("figure=sent&version=2")).toHaveLength(1);
    expect(await listed("figure=skipped&reason=capped")).toHaveLength(1);
    expect(await listed("figure=goal_held_out")).toMatchObject([{ id: rows[3]?.visitor }]);
    const { triggers } = await shop.owner.call<TriggerList>("GET", "/api/triggers");
    expect(triggers.find((one) => one.id === id)?.totals).toEqual({
      sent: 4,
      seen: 2,
      answered: 1,
      goal: 2,
      revenue: [euro(4_990), { amountMinor: 100, currency: "USD" }],
    });
  });

  it.each([
    "people",
    "people?figure=shown",
    "people?figure=sent&cursor=x",
    "people?figure=sent&days=0",
    "people?figure=sent&reason=bored",
    "figures?days=367",
    "figures?version=0",
    "figures?workspace=wsp_1",
  ])("refuse %s", async (query) => {
    const { id } = await create();
    expect((await shop.owner.fetch(`/api/triggers/${id}/${query}`)).status).toBe(400);
  });
});
