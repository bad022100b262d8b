import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { asId, newId, type ConversationId } from "../../protocol/ids.ts";
import type { OperatorCard } from "../../protocol/operators.ts";
import { idsOf, listPage, openAfter, totalsOf } from "./conversation-list.ts";
import type { Conversations, HeldConversation } from "./state.ts";

const ANNA: OperatorCard = { id: asId("opr", "opr_anna"), name: "Anna", title: "", photo: null };
const AT = 1_700_000_000_000;

/** A conversation begun at AT, with what the person wrote and what Anna answered, at so many milliseconds after. */
function held(
  name: string,
  { own, answer, ...state }: Partial<HeldConversation["state"]> & { own?: number; answer?: number },
  more: Partial<HeldConversation> = {},
): HeldConversation {
  const spoken = [own, answer].filter((at) => at !== undefined);
  const isAnswerLast = answer !== undefined && answer > (own ?? 0);
  return {
    state: {
      id: asId("cnv", `cnv_${"0".repeat(10)}${name}`),
      status: "open",
      through: spoken.length,
      read: 0,
      unread: 0,
      preview:
        answer === undefined
          ? null
          : {
              author: ANNA,
              text: `answer in ${name}`,
              at: AT + answer,
              seq: isAnswerLast ? spoken.length : 1,
            },
      wrote: own === undefined ? 0 : 1,
      answered: answer === undefined ? null : { at: AT + answer, by: ANNA.id },
      ...state,
    },
    version: 1,
    words: {
      own: own === undefined ? null : { at: AT + own, text: `words in ${name}` },
      subject: null,
    },
    ...more,
  };
}
const idOf = (name: string) => held(name, {}).state.id;
const names = ({ conversations }: { conversations: { id: ConversationId }[] }) =>
  conversations.map(({ id }) => id.slice(14));

describe("the list of a person's conversations", () => {
  test("has the open one first, then the others by their newest message, whoever wrote it", () => {
    const list = [
      held("a", { own: 1, answer: 9 }),
      held("b", { own: 2 }),
      held("c", { own: 12, answer: 4 }),
    ];
    const page = listPage({ open: idOf("b"), list }, null, 20);
    expect(names(page)).toEqual(["b", "c", "a"]);
    expect(page.conversations.map(({ last }) => [last.text, last.isOwn])).toEqual([
      ["words in b", true],
      ["words in c", true],
      ["answer in a", false],
    ]);
    expect(page.conversations.map(({ operator }) => operator?.name)).toEqual([
      undefined,
      "Anna",
      "Anna",
    ]);
  });

  test("leaves out what has nothing to read in it", () => {
    const list = [held("a", { own: 1 }), held("b", {})];
    expect(names(listPage({ open: idOf("b"), list }, null, 20))).toEqual(["a"]);
    expect(totalsOf({ open: idOf("b"), list })).toEqual({ waits: 0, others: 1 });
  });

  test("says what is by email and what came with another visitor, and stands what was kept before it was told", () => {
    const list = [
      held("a", { own: 1 }, { words: { own: null, subject: "A question" }, isJoined: true }),
      { state: held("b", { own: 1 }).state, version: 1 },
    ];
    const { conversations } = listPage({ open: null, list }, null, 20);
    expect(conversations).toMatchObject([
      { mail: null, isJoined: false, last: { text: "", isOwn: true } },
      { mail: { subject: "A question" }, isJoined: true },
    ]);
  });

  test.each([
    [1, 1, false],
    [19, 19, false],
    [20, 20, false],
    [21, 20, true],
  ])("of %i shows %i on the first page of 20", (count, shown, hasMore) => {
    const list = Array.from({ length: count }, (_, at) => held(`x${at}`, { own: at + 1 }));
    const page = listPage({ open: idOf("x0"), list }, null, 20);
    expect(page.conversations).toHaveLength(shown);
    expect(page.next !== null).toBe(hasMore);
  });

  test("gives each one once over all pages, also those of the same instant", () => {
    const instants = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(instants, fc.integer({ min: 2, max: 5 }), fc.nat(), (times, limit, chosen) => {
        const list = times.map((own, at) => held(`x${at}`, { own }));
        const open = list[chosen % list.length]?.state.id ?? null;
        const seen: string[] = [];
        for (let before: string | null = null; ;) {
          const page: ReturnType<typeof listPage> = listPage({ open, list }, before, limit);
          seen.push(...names(page));
          if (page.next === null) break;
          before = page.next;
        }
        expect(seen[0]).toBe(open?.slice(14));
        expect(seen.toSorted()).toEqual(list.map(({ state }) => state.id.slice(14)).toSorted());
      }),
    );
  });

  test("goes on where it was when the newest has changed meanwhile", () => {
    const list = ["a", "b", "c", "d"].map((name, at) => held(name, { own: 9 - at }));
    const first = listPage({ open: idOf("a"), list }, null, 2);
    expect(names(first)).toEqual(["a", "b"]);
    const moved = [held("d", { own: 9, answer: 50 }), ...list.slice(0, 3)];
    expect(names(listPage({ open: idOf("d"), list: moved }, first.next, 2))).toEqual(["c"]);
  });
});

test("the open one comes once, and first on the first page alone", () => {
  const list = ["a", "b", "c"].map((name, at) => held(name, { own: 9 - at }));
  const first = listPage({ open: idOf("c"), list }, null, 2);
  expect(names(first)).toEqual(["c", "a"]);
  expect(names(listPage({ open: idOf("c"), list }, first.next, 2))).toEqual(["b"]);
});

test("each conversation is named once, also the open one that nothing is known of yet", () => {
  const list = [held("a", { own: 1 }), held("b", {})];
  expect(idsOf({ open: idOf("b"), list })).toEqual([idOf("a"), idOf("b")]);
  expect(idsOf({ open: idOf("c"), list })).toEqual([idOf("a"), idOf("b"), idOf("c")]);
  expect(idsOf({ open: null, list })).toEqual([idOf("a"), idOf("b")]);
});

test("what is unread adds up over all of them", () => {
  const list = [held("a", { own: 1, unread: 2 }), held("b", { own: 1, unread: 3 })];
  expect(totalsOf({ open: null, list })).toEqual({ waits: 5, others: 2 });
  expect(totalsOf({ open: idOf("a"), list })).toEqual({ waits: 5, others: 1 });
});

describe("the open conversation", () => {
  const before: Conversations = {
    open: idOf("a"),
    list: [held("a", { own: 5, answer: 6 }), held("b", { own: 1, answer: 2 })],
  };
  test.each([
    ["is the one in which the person has written since", { own: 7, answer: 2, wrote: 2 }, "b"],
    ["is the one in which the team has answered since", { own: 1, answer: 7 }, "b"],
    ["stays where only something was read", { own: 1, answer: 2, read: 2 }, "a"],
    ["stays where only the status changed", { own: 1, answer: 2, status: "closed" }, "a"],
    ["stays when what is told late was before it", { own: 4, answer: 2, wrote: 2 }, "a"],
    ["stays where a mail that nobody vouches for came", { own: 7, answer: 2 }, "a"],
    ["stays where somebody spoke elsewhere in the same instant", { own: 6, wrote: 2 }, "a"],
  ] as const)("%s", (_, told, expected) => {
    expect(openAfter(before, held("b", told))).toBe(idOf(expected));
  });

  test("is the first one that is heard of where there was none", () => {
    expect(openAfter({ open: null, list: [] }, held("a", {}))).toBe(idOf("a"));
  });
});

test("an id says when a conversation was made, for those of which nothing else is known", () => {
  const id = newId("cnv", AT);
  const state = { ...held("a", { own: 1 }).state, id };
  expect(listPage({ open: null, list: [{ state, version: 1 }] }, null, 2)).toMatchObject({
    conversations: [{ last: { at: AT } }],
  });
});
