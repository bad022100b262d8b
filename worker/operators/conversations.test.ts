import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { newId, type OperatorId } from "../../protocol/ids.ts";
import { LIST_PAGE_SIZE } from "../../protocol/limits.ts";
import type { ConversationPage, EntryPage } from "../../protocol/operator-api.ts";
import { COUNT_MAX, countConversations, listConversations } from "../d1/conversations.ts";
import { rowsOf, writeProjections } from "../d1/projections.ts";
import { conversationJob } from "../testing/projection-jobs.ts";
import { env, type OperatorBrowser } from "../testing/operator-browser.ts";
import { newColleague, newWorkspace, type WorkspaceFixture } from "../testing/workspace-fixture.ts";

let count = 0;

type Row = {
  lastAt: number;
  status: "open" | "closed";
  assignee: OperatorId | null;
  unread: number;
};

async function fill(workspace: WorkspaceFixture, rows: Row[]): Promise<string[]> {
  const jobs = rows.map((row) =>
    conversationJob(workspace.me.workspace.id, newId("cnv", row.lastAt), { ...row, entries: [] }),
  );
  await writeProjections(env.DB, jobs.map(rowsOf));
  return jobs.map((job) => job.conversation);
}

async function walk(browser: OperatorBrowser, query: string): Promise<string[][]> {
  const pages: string[][] = [];
  let cursor: string | null = "";
  while (cursor !== null && pages.length < 20) {
    const more: string = cursor === "" ? "" : `&cursor=${cursor}`;
    const page: ConversationPage = await browser.call("GET", `/api/conversations?${query}${more}`);
    pages.push(page.conversations.map((conversation) => conversation.id));
    cursor = page.nextCursor;
  }
  return pages;
}

describe("the list of conversations", () => {
  it("pages through all of them, newest first, each one once, also when many changed at the same moment", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 0, maxLength: 130 }),
        async (times) => {
          const workspace = await newWorkspace(`pages${count++}`);
          await env.DB.prepare("DELETE FROM conversations WHERE workspace_id = ?")
            .bind(workspace.me.workspace.id)
            .run();
          const ids = await fill(
            workspace,
            times.map((lastAt) => ({ lastAt, status: "open", assignee: null, unread: 0 })),
          );
          const pages = await walk(workspace.owner, "status=open");
          const expected = ids
            .map((id, index) => ({ id, lastAt: times[index] ?? 0 }))
            .toSorted((a, b) => b.lastAt - a.lastAt || (a.id < b.id ? -1 : 1));
          expect(pages.flat()).toEqual(expected.map((one) => one.id));
          expect(pages.slice(0, -1).every((page) => page.length === LIST_PAGE_SIZE)).toBe(true);
        },
      ),
      { numRuns: 8 },
    );
  });

  it("is narrowed to one's own and to nobody's, and counted", async () => {
    const workspace = await newWorkspace(`mine${count++}`);
    await env.DB.prepare("DELETE FROM conversations WHERE workspace_id = ?")
      .bind(workspace.me.workspace.id)
      .run();
    const me = workspace.me.operator.id;
    const { browser, id: other } = await newColleague(
      workspace,
      `list${count}@example.com`,
      "agent",
    );
    const ids = await fill(workspace, [
      { lastAt: 1, status: "open", assignee: me, unread: 2 },
      { lastAt: 2, status: "open", assignee: other, unread: 0 },
      { lastAt: 3, status: "open", assignee: null, unread: 1 },
      { lastAt: 4, status: "closed", assignee: me, unread: 5 },
    ]);
    expect((await walk(workspace.owner, "who=mine")).flat()).toEqual([ids[0]]);
    expect((await walk(browser, "who=mine")).flat()).toEqual([ids[1]]);
    expect((await walk(workspace.owner, "who=unassigned")).flat()).toEqual([ids[2]]);
    expect((await walk(workspace.owner, "status=closed")).flat()).toEqual([ids[3]]);
    expect(await workspace.owner.call("GET", "/api/conversations/counts")).toEqual({
      open: 3,
      mine: 1,
      unassigned: 1,
      unread: 2,
    });
  });

  it("goes on from a cursor of another workspace only in its own", async () => {
    const [mine, theirs] = [
      await newWorkspace(`cursor${count++}`),
      await newWorkspace(`cursor${count++}`),
    ];
    const rows = Array.from({ length: LIST_PAGE_SIZE + 5 }, (_, i): Row => ({
      lastAt: i + 1,
      status: "open",
      assignee: null,
      unread: 0,
    }));
    const own = await fill(mine, rows);
    await fill(theirs, rows);
    const { nextCursor } = await theirs.owner.call<ConversationPage>("GET", "/api/conversations");
    const page = await mine.owner.call<ConversationPage>(
      "GET",
      `/api/conversations?cursor=${nextCursor}`,
    );
    expect(page.conversations.every((conversation) => own.includes(conversation.id))).toBe(true);
  });

  it.each([
    "cursor=x",
    "cursor=",
    "status=all",
    "who=everybody",
    "workspace=wsp_1",
    "limit=1000",
    `cursor=${"a".repeat(300)}`,
  ])("refuses ?%s", async (query) => {
    const { owner } = await newWorkspace(`query${count++}`);
    expect((await owner.fetch(`/api/conversations?${query}`)).status).toBe(400);
  });

  it("opens with no more rows read the more conversations there are, counts included", async () => {
    const workspace = await newWorkspace(`many${count++}`);
    const rows = Array.from({ length: 3_000 }, (_, i): Row => ({
      lastAt: i,
      status: "open",
      assignee: i % 2 === 0 ? null : workspace.me.operator.id,
      unread: 1,
    }));
    for (let at = 0; at < rows.length; at += 500) await fill(workspace, rows.slice(at, at + 500));
    let read = 0;
    const counting = {
      prepare: (sql: string) => ({
        bind: (...values: unknown[]) => ({
          all: async () => {
            const result = await env.DB.prepare(sql)
              .bind(...values)
              .all();
            read += result.meta.rows_read;
            return result;
          },
        }),
      }),
    } as unknown as D1Database; // this is all that is used of it
    const { id } = workspace.me.workspace;
    const operator = workspace.me.operator.id;
    await listConversations(counting, id, { status: "open", who: "all", operator, after: null });
    const list = read;
    const counts = await countConversations(counting, id, operator);
    expect(counts.open).toBe(COUNT_MAX + 1);
    expect(counts).toEqual({ open: 100, mine: 50, unassigned: 50, unread: 100 });
    // A row for each conversation on the page and for each one counted, and one more to know there are more.
    expect(list).toBeLessThanOrEqual(LIST_PAGE_SIZE + 1);
    expect(read).toBeLessThanOrEqual(LIST_PAGE_SIZE + 1 + COUNT_MAX + 1);
  });
});

describe("one conversation", () => {
  it("is taken, transferred with a note, closed and reopened, and its log says so", async () => {
    const workspace = await newWorkspace(`one${count++}`);
    const { id: colleague } = await newColleague(workspace, `one${count}@example.com`, "agent");
    const path = `/api/conversations/${workspace.conversation}`;
    const me = workspace.me.operator.id;
    expect(await workspace.owner.call("POST", `${path}/assign`, { operator: me })).toMatchObject({
      assignee: { id: me },
    });
    expect(
      await workspace.owner.call("POST", `${path}/assign`, {
        operator: colleague,
        note: "Please take over",
      }),
    ).toMatchObject({
      assignee: { id: colleague },
    });
    expect(await workspace.owner.call("POST", `${path}/close`)).toMatchObject({ status: "closed" });
    expect(await workspace.owner.call("POST", `${path}/reopen`)).toMatchObject({ status: "open" });
    expect(await workspace.owner.call("POST", `${path}/assign`, { operator: null })).toMatchObject({
      assignee: null,
    });
    const { entries } = await workspace.owner.call<EntryPage>("GET", `${path}/entries`);
    expect(entries.map((entry) => entry.type)).toEqual([
      "assigned",
      "assigned",
      "closed",
      "reopened",
      "assigned",
    ]);
    expect(entries.map((entry) => entry.seq)).toEqual([1, 2, 3, 4, 5]);
    expect(entries[1]).toMatchObject({ note: "Please take over", to: { id: colleague } });
    expect(
      (await workspace.owner.call<EntryPage>("GET", `${path}/entries?before=3`)).entries.length,
    ).toBe(2);
    for (const query of ["before=0", "before=x", "before=-1", "before=1.5"]) {
      expect((await workspace.owner.fetch(`${path}/entries?${query}`)).status, query).toBe(400);
    }
  });

  it("cannot be given to somebody who was removed", async () => {
    const workspace = await newWorkspace(`gone${count++}`);
    const { id } = await newColleague(workspace, `gone${count}@list.example.com`, "agent");
    await workspace.owner.call("DELETE", `/api/operators/${id}`);
    const init = { method: "POST", body: { operator: id } };
    expect(
      (await workspace.owner.fetch(`/api/conversations/${workspace.conversation}/assign`, init))
        .status,
    ).toBe(404);
  });
});
