import { evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { conversationName, inboxName } from "../../protocol/addresses.ts";
import type { ObjectBindings } from "../bindings.ts";
import type { ConversationContract, InboxContract } from "../contracts.ts";
import { ADAM, freshIds, OLIVIA, openOperatorSocket } from "../testing/sockets.ts";

const bindings = env as unknown as ObjectBindings; // the test's env is the Worker's

async function setUp() {
  const ids = freshIds();
  const stub = bindings.INBOX.getByName(inboxName(ids.workspace));
  const inbox = stub as unknown as InboxContract;
  const object = bindings.CONVERSATION.getByName(
    conversationName(ids.workspace, ids.conversation),
  ) as unknown as ConversationContract;
  const label = { id: ids.visitor, name: null, placeholder: "Amber Otter", email: null };
  await object.begin(label);
  return { ...ids, stub, inbox, object };
}

test("a message in any conversation reaches every open dashboard", async () => {
  const { inbox, object, device } = await setUp();
  const operator = await openOperatorSocket(inbox, OLIVIA);
  await object.receive(device, { stream: "s", n: 1, text: "Is anybody there?" });
  const told = await operator.until((frame) => frame["t"] === "conversation");
  expect(told).toMatchObject({ summary: { unread: 1, last: { text: "Is anybody there?" } } });
});

test("who is online follows sockets and status, also after eviction", async () => {
  const { inbox, stub } = await setUp();
  await inbox.operatorChanged(OLIVIA, "online");
  await inbox.operatorChanged(ADAM, "away");
  expect(await inbox.team()).toMatchObject({
    online: [],
    others: [{ name: "Olivia" }, { name: "Adam" }],
  });
  await openOperatorSocket(inbox, OLIVIA, "ses-o");
  await openOperatorSocket(inbox, ADAM, "ses-a");
  expect((await inbox.team()).online.map((one) => one.name)).toEqual(["Olivia"]);
  await inbox.operatorChanged(ADAM, "online");
  expect((await inbox.team()).online).toHaveLength(2);
  await evictDurableObject(stub);
  expect((await inbox.team()).online).toHaveLength(2);
});

test("colleagues see who looks at what, until the tab moves on or closes", async () => {
  const { inbox, conversation } = await setUp();
  const olivia = await openOperatorSocket(inbox, OLIVIA, "ses-o");
  const adam = await openOperatorSocket(inbox, ADAM, "ses-a");
  await adam.ask({ t: "looking", conversation });
  await olivia.until(
    (frame) => frame["t"] === "looking" && JSON.stringify(frame["operators"]).includes(ADAM.id),
  );
  adam.close();
  await olivia.until(
    (frame) => frame["t"] === "looking" && JSON.stringify(frame["operators"]) === "[]",
  );
});

test("ending a session closes its sockets on the Inbox and on conversations before it answers", async () => {
  const { inbox, object, conversation } = await setUp();
  expect(await inbox.hold("ses-o", OLIVIA.id, { kind: "conversation", id: conversation })).toBe(
    true,
  );
  const list = await openOperatorSocket(inbox, OLIVIA, "ses-o");
  const thread = await openOperatorSocket(object, OLIVIA, "ses-o");
  const colleague = await openOperatorSocket(object, ADAM, "ses-a");
  await inbox.endSession("ses-o");
  expect((await list.untilClosed()).code).toBe(4401);
  expect((await thread.untilClosed()).code).toBe(4401);
  expect(await colleague.ask({ t: "read", through: 0 })).toMatchObject({ t: "ack" });
  expect(await inbox.hold("ses-o", OLIVIA.id, { kind: "conversation", id: conversation })).toBe(
    false,
  );
  const late = await openOperatorSocket(inbox, OLIVIA, "ses-o");
  expect((await late.untilClosed()).code).toBe(4401);
});

test("an operator who is removed loses every session", async () => {
  const { inbox } = await setUp();
  const one = await openOperatorSocket(inbox, ADAM, "ses-1");
  const two = await openOperatorSocket(inbox, ADAM, "ses-2");
  await inbox.operatorRemoved(ADAM.id);
  expect((await one.untilClosed()).code).toBe(4401);
  expect((await two.untilClosed()).code).toBe(4401);
});

test("a frame that is none gets a coded error", async () => {
  const { inbox } = await setUp();
  const operator = await openOperatorSocket(inbox, OLIVIA);
  operator.send({ t: "assign" });
  expect(await operator.until((frame) => frame["t"] === "error")).toMatchObject({
    code: "unknown_type",
  });
});
