import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { asId, type ConversationId } from "../../../protocol/ids.ts";
import { stubStorage } from "../testing/storage.ts";
import { createRooms } from "./rooms.ts";

vi.mock("../live/link.ts", () => ({
  openLink: () => ({ send: () => false, hurry() {}, close() {} }),
}));
vi.mock("../api/client.ts", () => ({
  api: { entries: () => Promise.resolve({ entries: [], hasMore: false }) },
}));

const me = { id: asId("opr", "opr_me"), name: "Mia", title: "", photo: null };
const conversation = (n: number): ConversationId => asId("cnv", `cnv_${n}`);

beforeEach(stubStorage);
afterEach(() => vi.unstubAllGlobals());

const open = () => createRooms({ operator: me.id, me: () => me, tell() {}, onRefused() {} });

test("a room that holds something unsent stays, however many others are opened", () => {
  const rooms = open();
  const first = rooms.get(conversation(0));
  first.write("message", "not sent yet");
  const second = rooms.get(conversation(1));
  for (let n = 2; n < 40; n++) rooms.get(conversation(n));
  expect(rooms.get(conversation(0))).toBe(first);
  expect(rooms.get(conversation(1))).not.toBe(second);
});

test("a room that is made later holds what was written since signing in", () => {
  const rooms = open();
  open().get(conversation(0)).write("message", "of another tab");
  expect(rooms.get(conversation(0)).state.get().outbox).toMatchObject([{ text: "of another tab" }]);
});
