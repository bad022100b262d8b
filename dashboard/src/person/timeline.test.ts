import { expect, test } from "vitest";
import { asId } from "../../../protocol/ids.ts";
import type { TimelineItem } from "../../../protocol/person.ts";
import { byDay, timelineKey, withNewItems } from "./timeline-items.ts";
import { timelineWords } from "./timeline-words.ts";

const DAY = 86_400_000;
const track = (name: string, props: Record<string, unknown> = {}): TimelineItem => ({
  seq: 1,
  index: 0,
  at: 0,
  type: "track",
  name,
  props,
});
const page = (seq: number, index = 0, at = seq * 1_000): TimelineItem => ({
  seq,
  index,
  at,
  type: "page",
  url: `https://a.b/${seq}`,
  title: null,
});

test("what people do reads as a sentence", () => {
  expect(timelineWords(track("Products Searched", { query: "samovar", results: 0 }))).toEqual({
    icon: "search",
    title: "Searched for “samovar”",
    detail: "Found nothing",
    isMiss: true,
  });
  expect(timelineWords(track("Products Searched", { query: "tea", results: 12 })).detail).toBe(
    "Found 12 results",
  );
  const added = timelineWords(
    track("Product Added", { name: "Kettle", price: 89, currency: "EUR", quantity: 2 }),
  );
  expect(added).toMatchObject({ icon: "cart", title: "Put Kettle into the cart" });
  expect(added.detail).toMatch(/^2 pieces · .*89/);
  expect(
    timelineWords(
      track("Order Completed", {
        order_id: "1042",
        total: 71.5,
        currency: "EUR",
        products: [{}, {}],
      }),
    ).detail,
  ).toMatch(/71.50.* · 2 products · 1042$/);
});

test("pages read by title and path, sessions by where they came from", () => {
  expect(
    timelineWords({ seq: 1, index: 0, at: 0, type: "page", url: "https://a.b/c?d", title: " " }),
  ).toMatchObject({ title: "/c?d", detail: null });
  expect(
    timelineWords({
      seq: 1,
      index: 0,
      at: 0,
      type: "page",
      url: "https://a.b/c",
      title: "<script>",
    }),
  ).toMatchObject({
    title: "<script>",
    detail: "/c",
  });
  expect(
    timelineWords({
      seq: 1,
      index: 0,
      at: 0,
      type: "session",
      source: "Google search",
      referrer: "https://www.google.com/",
      utm: null,
      landing: null,
    }),
  ).toMatchObject({ title: "Came from Google search", detail: "google.com" });
});

test("what triggers did, and what the person did with it, reads as a sentence", () => {
  const common = { seq: 1, index: 0, at: 0 };
  const of = { delivery: asId("dlv", "dlv_1"), name: "Cart left" };
  const decided = {
    ...common,
    ...of,
    type: "delivery",
    trigger: asId("trg", "trg_1"),
    variantName: "B",
    action: "popup",
    state: "sent",
    reason: null,
  } as const;
  expect(
    [
      timelineWords(decided),
      timelineWords({ ...decided, action: "alert" }),
      timelineWords({ ...decided, variantName: null, state: "held_out" }),
      timelineWords({ ...decided, state: "skipped", reason: "in_conversation" }),
    ].map(({ title, detail }) => [title, detail]),
  ).toEqual([
    ["Was sent ‘Cart left’", "Pop-up · variant B"],
    ["‘Cart left’ told the team", "Alert to the team · variant B"],
    ["Was held out of ‘Cart left’", "Sent nothing, to measure the effect"],
    ["Was not sent ‘Cart left’", "Was in a conversation with the team"],
  ]);
  expect(
    (["seen", "answered", "refused", "goal"] as const).map(
      (did) => timelineWords({ ...common, ...of, type: "reaction", did }).title,
    ),
  ).toEqual([
    "Saw ‘Cart left’",
    "Answered ‘Cart left’",
    "Asked not to see ‘Cart left’ again",
    "Reached the goal of ‘Cart left’",
  ]);
  const segment = {
    ...common,
    type: "segment",
    segment: asId("seg", "seg_1"),
    name: "Hot",
  } as const;
  expect(timelineWords({ ...segment, entered: true }).title).toBe("Came into the segment ‘Hot’");
  expect(timelineWords({ ...segment, entered: false }).title).toBe("Left the segment ‘Hot’");
  expect(
    timelineWords({
      ...common,
      type: "conversation",
      conversation: asId("cnv", "cnv_1"),
      by: "trigger",
    }).title,
  ).toBe("Was written to by a trigger");
});

test("what was proven, and where a device came from or went, reads as a sentence", () => {
  const line = (item: object) =>
    timelineWords({ seq: 1, index: 0, at: 0, ...item } as TimelineItem); // each has its type below
  const visitor = asId("vis", "vis_1");
  expect(
    line({
      type: "proved",
      by: "jwt",
      identifiers: [
        { kind: "user_id", value: "7" },
        { kind: "email", value: "a@b.c" },
      ],
    }),
  ).toEqual({ icon: "person", title: "Proved who they are", detail: "7 · a@b.c" });
  expect(line({ type: "released", kind: "email", value: "a@b.c", to: visitor }).title).toBe(
    "Lost an email to somebody who proved it",
  );
  const titles = (["came", "left"] as const).flatMap((way) =>
    (["same_person", "another_person"] as const).map(
      (why) => line({ type: "moved", way, why, visitor }).title,
    ),
  );
  expect(new Set(titles).size).toBe(4);
  expect(line({ type: "identify", changes: {}, isUnproven: true }).title).toMatch(
    /without a proof$/,
  );
});

test("events that nobody declared, and properties of any shape, are still readable", () => {
  expect(
    timelineWords(track("Quiz Finished", { answers: 7, deep: { a: [1] }, none: null })),
  ).toMatchObject({
    title: "Quiz Finished",
    detail: 'answers: 7 · deep: {"a":[1]} · none: null',
  });
  expect(timelineWords(track("toString")).title).toBe("toString");
  expect(timelineWords(track("Products Searched", { query: { a: 1 } })).title).toBe(
    "Searched for “”",
  );
  expect(timelineWords(track("Product Added", { price: 3, currency: "??" })).title).toBe(
    "Put a product into the cart",
  );
});

test("new items stand first, and one that came both ways is there once", () => {
  const held = [page(5), page(4)];
  expect(
    withNewItems(held, [page(5), page(6), page(6, 1)]).map(({ seq, index }) => `${seq}.${index}`),
  ).toEqual(["6.1", "6.0", "5.0", "4.0"]);
});

test("the timeline is told by days", () => {
  const days = byDay(
    [page(3, 0, 2 * DAY), page(2, 0, DAY + 5), page(2, 0, DAY + 5), page(1, 0, DAY)].map(
      (item) => ({ key: timelineKey(item), item }),
    ),
    { now: 3 * DAY, timeZone: "UTC" },
  );
  expect(days.map(({ lines }) => lines.length)).toEqual([1, 2]);
});
