import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  contactOf,
  contactRouteOf,
  joinContacts,
  withChoice,
  type HeldContact,
} from "./contact.ts";
import type { Verified } from "./proving.ts";

const proven = (...values: string[]): Verified[] =>
  values.map((value) => ({ kind: "email", value, at: 1, by: "loop" }));
const phone: Verified = { kind: "phone", value: "+4312345678", at: 1, by: "jwt" };

describe("where a person is answered by mail", () => {
  test("is nowhere until they say or prove it", () => {
    const nothing = contactOf(undefined, [phone]);
    expect(nothing).toEqual({
      address: null,
      isProven: false,
      isDeclined: false,
      hasCode: false,
      isEverything: false,
    });
    expect(contactRouteOf(nothing)).toBeUndefined();
  });

  test("is what they typed, as long as nothing is proven, and the newest of that", () => {
    const typed = withChoice(
      withChoice(undefined, { address: "a@x.test" }, 1),
      {
        address: "b@x.test",
      },
      2,
    );
    expect(contactOf(typed, [])).toMatchObject({ address: "b@x.test", isProven: false });
    expect(contactOf(typed, proven("c@x.test"))).toMatchObject({
      address: "c@x.test",
      isProven: true,
    });
    expect(contactOf(typed, proven("c@x.test", "b@x.test"))).toMatchObject({
      address: "b@x.test",
      isProven: true,
    });
  });

  test("is nowhere where they were asked and would not say, until they do, and that they would not stays known", () => {
    const declined = withChoice(undefined, { isDeclined: true }, 1);
    expect(contactOf(declined, [])).toMatchObject({ address: null, isDeclined: true });
    const later = withChoice(declined, { address: "a@x.test" }, 2);
    expect(contactOf(later, [])).toMatchObject({ address: "a@x.test", isDeclined: true });
  });

  test("is told to conversations without what concerns the chat alone", () => {
    const held = withChoice(undefined, { address: "a@x.test" }, 1);
    const route = { address: "a@x.test", isProven: false, isEverything: false };
    expect(contactRouteOf(contactOf(held, []))).toEqual(route);
  });

  test("keeps every choice beside the others", () => {
    const all: HeldContact = {
      address: { value: "a@x.test", at: 1 },
      declinedAt: 2,
      code: { value: "a@x.test", at: 3 },
      everything: { value: true, at: 4 },
    };
    expect(withChoice(all, { address: "b@x.test" }, 9)).toEqual({
      ...all,
      address: { value: "b@x.test", at: 9 },
    });
    expect(withChoice(all, { isDeclined: true }, 9)).toEqual({ ...all, declinedAt: 9 });
    expect(withChoice(all, { isEverything: false }, 9)).toEqual({
      ...all,
      everything: { value: false, at: 9 },
    });
  });

  test("has a code for the address that the mail went to, and until it is proven", () => {
    const held: HeldContact = {
      address: { value: "a@x.test", at: 1 },
      code: { value: "a@x.test", at: 2 },
    };
    expect(contactOf(held, []).hasCode).toBe(true);
    expect(contactOf(held, proven("a@x.test")).hasCode).toBe(false);
    expect(contactOf(withChoice(held, { address: "b@x.test" }, 3), []).hasCode).toBe(false);
  });

  test("gets everything only once it is proven", () => {
    const held = withChoice(undefined, { isEverything: true }, 1);
    expect(contactOf({ ...held, address: { value: "a@x.test", at: 1 } }, []).isEverything).toBe(
      false,
    );
    expect(contactOf(held, proven("a@x.test")).isEverything).toBe(true);
    const off = withChoice(held, { isEverything: false }, 2);
    expect(contactOf(off, proven("a@x.test")).isEverything).toBe(false);
  });
});

describe("two people's choices joined", () => {
  const at = fc.integer({ min: 1, max: 4 });
  const text = fc.constantFrom("a@x.test", "b@x.test");
  const choice = fc.record(
    {
      address: fc.record({ value: text, at }),
      declinedAt: at,
      code: fc.record({ value: text, at }),
      everything: fc.record({ value: fc.boolean(), at }),
    },
    { requiredKeys: [] },
  );

  test("are the same in any grouping and order, and once with themselves", () => {
    fc.assert(
      fc.property(choice, choice, choice, (a, b, c) => {
        expect(joinContacts(a, joinContacts(b, c))).toEqual(joinContacts(joinContacts(a, b), c));
        expect(joinContacts(a, b)).toEqual(joinContacts(b, a));
        expect(joinContacts(a, a)).toEqual(a);
      }),
    );
  });

  test("keep the newer of each", () => {
    const one = withChoice(
      withChoice(undefined, { isEverything: true }, 1),
      { address: "a@x.test" },
      9,
    );
    const other = withChoice(
      withChoice(undefined, { isEverything: false }, 5),
      { address: "b@x.test" },
      2,
    );
    expect(joinContacts(one, other)).toEqual({
      address: { value: "a@x.test", at: 9 },
      everything: { value: false, at: 5 },
    });
  });

  test("keep what only one of them has, and the newer no", () => {
    const code: HeldContact = { code: { value: "a@x.test", at: 3 } };
    expect(joinContacts({}, {})).toEqual({});
    expect(joinContacts(code, { declinedAt: 5 })).toEqual({ ...code, declinedAt: 5 });
    expect(joinContacts({ declinedAt: 7 }, { ...code, declinedAt: 5 })).toEqual({
      ...code,
      declinedAt: 7,
    });
  });
});
