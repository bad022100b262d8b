import { expect, test } from "vitest";
import type { Fact } from "../../protocol/facts.ts";
import { isUnproven } from "./claims.ts";

const AT = { n: 1, at: 1 };
const VERIFIED = [
  { kind: "email" as const, value: "ann@example.com" },
  { kind: "user_id" as const, value: "7" },
];
const judge = (fact: Fact) => isUnproven(fact, () => VERIFIED);
const set = (
  op: "set" | "set_once" | "add" | "append" | "union" | "remove" | "unset",
  key: string,
  value: string,
) => judge({ type: "set", ...AT, ops: [{ op, key, value }] });

test("whatever names a person is a claim, in whichever way it is told", () => {
  expect(judge({ type: "identify", ...AT, userId: "8" })).toBe(true);
  for (const key of ["email", "phone", "userId", "user_id"]) {
    expect(judge({ type: "identify", ...AT, traits: { [key]: "x" } })).toBe(true);
    expect(judge({ type: "identify", ...AT, traits: { [key]: ["x"] } })).toBe(true);
    for (const op of ["set", "set_once", "add", "append", "union"] as const)
      expect(set(op, key, "x")).toBe(true);
  }
});

test("what this person has proven is no claim, however it is written", () => {
  expect(
    judge({ type: "identify", ...AT, userId: "7", traits: { email: " Ann@Example.com" } }),
  ).toBe(false);
  expect(
    judge({ type: "identify", ...AT, userId: "7", traits: { email: "bob@example.com" } }),
  ).toBe(true);
});

test("a name, a plan, taking something away, and events are no claims", () => {
  expect(
    judge({ type: "identify", ...AT, traits: { name: "Ann", plan: "gold", email: null } }),
  ).toBe(false);
  expect(set("unset", "email", "x")).toBe(false);
  expect(set("remove", "email", "x")).toBe(false);
  expect(
    judge({ type: "track", ...AT, name: "Signed In", props: { email: "x@example.com" } }),
  ).toBe(false);
});

test("what was proven as one kind proves nothing as another", () => {
  const facts = (traits: Record<string, string>): Fact => ({ type: "identify", ...AT, traits });
  const verified = [{ kind: "email" as const, value: "ann@example.com" }];
  expect(isUnproven(facts({ email: "ann@example.com" }), () => verified)).toBe(false);
  expect(isUnproven(facts({ user_id: "ann@example.com" }), () => verified)).toBe(true);
});
