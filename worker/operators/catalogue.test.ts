import { beforeAll, describe, expect, it, vi } from "vitest";
import type { Occurrence } from "../../domain/segments/person-view.ts";
import { newId } from "../../protocol/ids.ts";
import type { Catalogue, CatalogueEvent } from "../../protocol/segments-api.ts";
import { rowsOf, writeProjections } from "../d1/projections.ts";
import { VALUES_MAX } from "../segments/occurring.ts";
import { env } from "../testing/operator-browser.ts";
import { visitorJob } from "../testing/projection-jobs.ts";
import { newWorkspace, type WorkspaceFixture } from "../testing/workspace-fixture.ts";

let shop: WorkspaceFixture;

beforeAll(async () => {
  shop = await newWorkspace("catalogue");
  const theirs = await newWorkspace("catalogue-other");
  const jobOf = (of: WorkspaceFixture, index: number, plan: string) => {
    const job = visitorJob(of.me.workspace.id, newId("vis", Date.now()), 1);
    return rowsOf({
      ...job,
      person: {
        ...job.person,
        properties: [
          { key: "plan", value: plan, at: 1 },
          { key: "seats", value: index, at: 1 },
          { key: "tags", value: ["a", plan], at: 1 },
        ],
        events: [{ name: "Product Viewed", count: 2, firstAt: 1, lastAt: 2 }],
        firstSource: "newsletter",
        orders: { count: 1, totals: [{ amountMinor: 1, currency: "EUR" }], lastAt: 1 },
      },
    });
  };
  await writeProjections(env.DB, [
    ...Array.from({ length: 30 }, (_, index) => jobOf(shop, index, "gold")),
    jobOf(theirs, 1, "secret"),
  ]);
});

describe("the catalogue", () => {
  it("tells what really occurs in the workspace, and nothing of another one", async () => {
    const catalogue = await shop.owner.call<Catalogue>("GET", "/api/catalogue");
    expect(catalogue.events).toContainEqual({ name: "Product Viewed", people: 30 });
    expect(catalogue.currencies).toEqual(["EUR"]);
    expect(catalogue.session["first_source"]).toContain("newsletter");
    const of = (key: string) => catalogue.properties.find((one) => one.key === key);
    expect(of("plan")).toEqual({ key: "plan", types: ["text"], values: ["gold"] });
    expect(of("tags")?.types).toEqual(["list"]);
    expect(of("seats")?.values.length).toBe(VALUES_MAX);
    expect(JSON.stringify(catalogue)).not.toContain("secret");
  });

  it("asks visitors what an event carries, by any of its names, and survives one who does not answer", async () => {
    let asked = 0;
    vi.spyOn(console, "error").mockReturnValue();
    const told: Occurrence[] = [
      { name: "Product Viewed", at: 1, props: { price: 12.5, name: "Tea", __proto__: null } },
    ];
    const spy = vi.spyOn(env.VISITOR, "getByName").mockImplementation(
      () =>
        ({
          occurrences: async () => {
            if (++asked === 1) throw new Error("the object is moving");
            return told;
          },
        }) as never, // all that is called
    );
    const event = await shop.owner.call<CatalogueEvent>(
      "GET",
      "/api/catalogue/event?name=view_item",
    );
    spy.mockRestore();
    expect(asked).toBe(20);
    expect(event.properties).toContainEqual({ key: "price", types: ["number"], values: ["12.5"] });
    expect((await shop.owner.fetch("/api/catalogue/event")).status).toBe(400);
  });
});
