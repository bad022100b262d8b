import { peersOf } from "../../durable-objects/peers.ts";
import {
  asId,
  newId,
  type ConversationId,
  type OperatorId,
  type VisitorId,
} from "../../protocol/ids.ts";
import type { Me } from "../../protocol/operator-api.ts";
import type { OperatorRole } from "../../protocol/operators.ts";
import { mailsDuring, newOwner, OperatorBrowser, env } from "./operator-browser.ts";

/** A workspace with its owner, a visitor and their open conversation, made as the product makes them. */
export type WorkspaceFixture = {
  owner: OperatorBrowser;
  me: Me & { workspace: NonNullable<Me["workspace"]>; operator: NonNullable<Me["operator"]> };
  visitor: VisitorId;
  conversation: ConversationId;
};

export async function newWorkspace(name: string): Promise<WorkspaceFixture> {
  const owner = await newOwner(`owner@${name}.example.com`, name);
  const me = await owner.call<WorkspaceFixture["me"]>("GET", "/api/me");
  const visitor = newId("vis", Date.now());
  await peersOf(env)
    .visitor(me.workspace.id, visitor)
    .boot({
      device: newId("dev", Date.now()),
      batch: {
        stream: "s",
        sentAt: Date.now(),
        facts: [{ type: "page", n: 1, at: Date.now(), url: "https://shop.example.com/" }],
      },
      client: {},
      surroundings: { country: "AT", userAgent: "" },
    });
  const opened = await owner.call<{ conversation: string }>(
    "POST",
    `/api/visitors/${visitor}/conversation`,
  );
  return { owner, me, visitor, conversation: asId("cnv", opened.conversation) };
}

/** Somebody who was invited to the workspace and has accepted. */
export async function newColleague(
  workspace: WorkspaceFixture,
  email: string,
  role: Exclude<OperatorRole, "owner">,
): Promise<{ browser: OperatorBrowser; id: OperatorId }> {
  const invitation = await invite(workspace, email, role);
  const browser = await new OperatorBrowser().signIn(email);
  await browser.call("POST", `/api/invitations/${invitation}/accept`, {
    name: email.split("@")[0],
  });
  const me = await browser.call<WorkspaceFixture["me"]>("GET", "/api/me");
  return { browser, id: me.operator.id };
}

export async function invite(
  workspace: WorkspaceFixture,
  email: string,
  role: Exclude<OperatorRole, "owner"> = "agent",
): Promise<string> {
  let id = "";
  await mailsDuring(async () => {
    ({ id } = await workspace.owner.call<{ id: string }>("POST", "/api/operators/invite", {
      email,
      role,
    }));
  });
  return id;
}
