import { describe, expect, test } from "vitest";
import { asId } from "../../protocol/ids.ts";
import type { HeldConversation } from "../visitors/state.ts";
import { hasOwn, isOpenedByMail, proofByLink } from "./continuing.ts";
import type { Proving, Verified } from "./proving.ts";

const conversation = (id: string, wrote: number, isAnswered = false): HeldConversation => ({
  version: 1,
  state: {
    id: asId("cnv", id),
    status: "open",
    through: 1,
    read: 0,
    unread: 1,
    preview: null,
    wrote,
    answered: isAnswered ? { at: 1, by: asId("opr", "opr_1") } : null,
  },
});
const verified = (kind: Verified["kind"], value: string): Verified => ({
  kind,
  value,
  at: 1,
  by: "jwt",
});
const proving = (userId: string | null, ...others: Proving["proof"]["others"]): Proving => ({
  device: asId("dev", "dev_1"),
  proof: { userId, others, by: "jwt" },
  at: 1,
  candidate: asId("vis", "vis_1"),
  next: asId("dev", "dev_2"),
  keys: [],
  moving: null,
});
const nobody = { verified: [], proving: [] };
const one = asId("cnv", "cnv_1");

describe("a browser has something of its own", () => {
  test.each([
    ["nothing", { open: null, list: [] }, false],
    ["what only triggers have written", { open: one, list: [conversation("cnv_1", 0)] }, false],
    ["a message of its person", { open: one, list: [conversation("cnv_1", 1)] }, true],
    ["a message of an operator", { open: one, list: [conversation("cnv_1", 0, true)] }, true],
    ["a conversation that begins now", { open: one, list: [] }, true],
    ["another one than the open", { open: null, list: [conversation("cnv_1", 0)] }, true],
  ])("with %s: %j → %s", (_, conversations, expected) => {
    expect(hasOwn({ ...nobody, conversations })).toBe(expected);
  });

  test("when it has proven something, or is about to", () => {
    const conversations = { open: null, list: [] };
    expect(hasOwn({ verified: [verified("user_id", "1")], proving: [], conversations })).toBe(true);
    expect(hasOwn({ verified: [], proving: [proving(null)], conversations })).toBe(true);
  });
});

describe("a link in a mail opens a visitor", () => {
  const address = "ada@example.com";
  test.each([
    ["who is nobody yet", nobody, true],
    ["who has proven the address", { ...nobody, verified: [verified("email", address)] }, true],
    [
      "who has proven it beside a user id",
      { ...nobody, verified: [verified("user_id", "1"), verified("email", address)] },
      true,
    ],
    [
      "who has proven another address",
      { ...nobody, verified: [verified("email", "b@example.com")] },
      false,
    ],
    ["who has proven a user id", { ...nobody, verified: [verified("user_id", "1")] }, false],
    ["whose user id is on its way", { ...nobody, proving: [proving("1")] }, false],
    [
      "whose proof of this mailbox is on its way",
      { ...nobody, proving: [proving(null, { kind: "email", value: address })] },
      true,
    ],
    [
      "whose proof of another mailbox is on its way",
      { ...nobody, proving: [proving(null, { kind: "email", value: `x${address}` })] },
      false,
    ],
    [
      "whose proof of a number that reads alike is on its way",
      { ...nobody, proving: [proving(null, { kind: "phone", value: address })] },
      false,
    ],
  ])("%s: %j → %s", (_, visitor, expected) => {
    expect(isOpenedByMail(address, visitor)).toBe(expected);
  });
});

test("a link of the chat proves nothing, one of a mail its address", () => {
  expect(proofByLink(null, asId("dev", "dev_1"))).toEqual({
    userId: null,
    others: [],
    by: "loop",
    isByLink: true,
    maker: "dev_1",
  });
  expect(proofByLink("a@b.example", null).others).toEqual([
    { kind: "email", value: "a@b.example" },
  ]);
});
