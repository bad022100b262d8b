import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { asId } from "../../protocol/ids.ts";
import { VERIFIED_MAX } from "../../protocol/limits.ts";
import type { Proof } from "./proof.ts";
import { beginProving, leadOf, userIdOf, wayOf, withVerified, type Verified } from "./proving.ts";

const SELF = asId("vis", "vis_self");
const OTHER = asId("vis", "vis_other");
const DEVICE = asId("dev", "dev_1");
const FRESH = { visitor: asId("vis", "vis_fresh"), device: asId("dev", "dev_fresh") };
const proof = (userId: string): Proof => ({ userId, others: [], by: "jwt" });
const known = (userId: string): Verified => ({ kind: "user_id", value: userId, at: 1, by: "jwt" });
const begin = (
  userId: string,
  verified: Verified[] = [],
  proving = [] as ReturnType<typeof beginProving>[],
) => beginProving(DEVICE, proof(userId), 1, { id: SELF, verified, proving }, FRESH);

describe("a proof", () => {
  test("may give its user id to a visitor that has none, or that one", () => {
    expect(begin("7").candidate).toBe(SELF);
    expect(begin("7", [known("7")]).candidate).toBe(SELF);
  });

  test("never gives a second user id to a visitor, also not while the first is on its way", () => {
    expect(begin("8", [known("7")]).candidate).toBe(FRESH.visitor);
    expect(begin("8", [], [begin("7")]).candidate).toBe(FRESH.visitor);
    expect(begin("7", [], [begin("7")]).candidate).toBe(SELF);
  });

  test("leaves the device where it is, joins its visitor, or takes the device to another person", () => {
    const visitor = { id: SELF, verified: [], proving: [] };
    expect(wayOf(begin("7"), SELF, visitor)).toBeNull();
    expect(wayOf(begin("7"), OTHER, visitor)).toEqual({
      to: OTHER,
      isAnotherPerson: false,
      isJoin: true,
    });
    expect(wayOf(begin("8"), OTHER, { ...visitor, verified: [known("7")] })).toEqual({
      to: OTHER,
      isAnotherPerson: true,
      isJoin: false,
    });
  });

  test("is another person's where the visitor is known by an address alone that the proof does not name", () => {
    const address = { kind: "email" as const, value: "a@b.c" };
    const byMail = {
      id: SELF,
      verified: [{ ...address, at: 1, by: "loop" as const }],
      proving: [],
    };
    const naming: Proof = { userId: "7", others: [address], by: "jwt" };
    const at = (proof: Proof) => beginProving(DEVICE, proof, 1, byMail, FRESH);
    expect(at(proof("7")).candidate).toBe(FRESH.visitor);
    expect(wayOf(at(proof("7")), OTHER, byMail)).toMatchObject({
      isAnotherPerson: true,
      isJoin: false,
    });
    expect(at(naming).candidate).toBe(SELF);
    expect(wayOf(at(naming), OTHER, byMail)).toMatchObject({
      isAnotherPerson: false,
      isJoin: true,
    });
    const mailbox: Proof = { userId: null, others: [address], by: "loop" };
    const awaiting = { id: SELF, verified: [], proving: [{ ...begin("7"), proof: mailbox }] };
    expect(beginProving(DEVICE, proof("7"), 1, awaiting, FRESH).candidate).toBe(FRESH.visitor);
  });

  test("joins no visitor that another user id is on its way to", () => {
    const first = begin("7");
    const second = begin("8", [], [first]);
    const visitor = { id: SELF, verified: [], proving: [first, second] };
    expect(wayOf(second, OTHER, visitor)).toMatchObject({ isJoin: false });
    expect(wayOf(first, OTHER, visitor)).toMatchObject({ isJoin: true });
  });

  test("of a mailbox alone may give it to any visitor, and joins one without a user id", () => {
    const mailbox: Proof = {
      userId: null,
      others: [{ kind: "email", value: "a@b.c" }],
      by: "loop",
    };
    const at = { id: SELF, verified: [known("7")], proving: [] };
    const proving = beginProving(DEVICE, mailbox, 1, at, FRESH);
    expect(proving.candidate).toBe(SELF);
    expect(wayOf(proving, OTHER, at)).toMatchObject({ isJoin: false });
    expect(wayOf(proving, OTHER, { ...at, verified: [] })).toMatchObject({ isJoin: true });
    expect(leadOf(mailbox)).toEqual({ kind: "email", value: "a@b.c" });
    expect(leadOf({ ...mailbox, userId: "7" })).toEqual({ kind: "user_id", value: "7" });
  });
});

test("what is verified stays at most so many, each once, and the user id always among them", () => {
  const one = fc.record({
    kind: fc.constantFrom("email" as const, "phone" as const),
    value: fc.integer({ max: 30, min: 0 }).map(String),
    at: fc.integer({ min: 2, max: 1_000 }),
    by: fc.constant("jwt" as const),
  });
  fc.assert(
    fc.property(fc.array(one, { maxLength: 60, size: "max" }), (all) => {
      const verified = all.reduce<Verified[]>(withVerified, [known("7")]);
      expect(verified.length).toBeLessThanOrEqual(VERIFIED_MAX);
      expect(userIdOf(verified)).toBe("7");
      const names = verified.map(({ kind, value }) => `${kind}:${value}`);
      expect(new Set(names).size).toBe(names.length);
    }),
  );
});

test("another user id takes the place of the one before: there are never two", () => {
  const email: Verified = { kind: "email", value: "a@b.c", at: 2, by: "jwt" };
  const verified = withVerified([known("7"), email], { ...known("8"), at: 3 });
  expect(verified.map(({ value }) => value)).toEqual(["8", "a@b.c"]);
});
