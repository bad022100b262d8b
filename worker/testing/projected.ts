import { peersOf } from "../../durable-objects/peers.ts";
import type { VisitorId, WorkspaceId } from "../../protocol/ids.ts";
import { rowsOf, writeProjections } from "../d1/projections.ts";
import { env } from "./operator-browser.ts";

/** D1 hears of a visitor as it stands now, without waiting for the queue. */
export async function project(workspace: WorkspaceId, visitor: VisitorId): Promise<void> {
  const person = await peersOf(env).visitor(workspace, visitor).card();
  if (person === null) throw new Error("nobody was ever there");
  const job = {
    type: "ProjectVisitor",
    workspace,
    visitor,
    person,
    version: person.version,
  } as const;
  await writeProjections(env.DB, [rowsOf(job)]);
}
