import { describe, expect, test } from "vitest";
import type { Contact } from "../../protocol/contact.ts";
import type { VisibleEntry } from "../../protocol/entries.ts";
import { dueAt, stateOf } from "./state.ts";

const nobody: Contact = {
  address: null,
  isProven: false,
  isDeclined: false,
  hasCode: false,
  isEverything: false,
};
const quiet = { isDue: false, isWanted: false, isChanging: false };

describe("the question for an address", () => {
  test("is asked once it is due, and not of somebody who has declined", () => {
    expect(stateOf(undefined, { ...quiet, isDue: true })).toBe("none");
    expect(stateOf(nobody, quiet)).toBe("none");
    expect(stateOf(nobody, { ...quiet, isDue: true })).toBe("ask");
    expect(stateOf({ ...nobody, isDeclined: true }, { ...quiet, isDue: true })).toBe("none");
    expect(stateOf({ ...nobody, isDeclined: true }, { ...quiet, isWanted: true })).toBe("ask");
  });

  test("gives way to the address, to the code, and to nothing once it is proven", () => {
    const given = { ...nobody, address: "a@x.test" };
    expect(stateOf(given, quiet)).toBe("given");
    expect(stateOf({ ...given, hasCode: true }, quiet)).toBe("code");
    expect(stateOf({ ...given, hasCode: true }, { ...quiet, isChanging: true })).toBe("ask");
    expect(stateOf({ ...given, isProven: true }, quiet)).toBe("none");
    expect(stateOf({ ...given, isProven: true }, { ...quiet, isWanted: true })).toBe("proven");
  });
});

describe("it is due", () => {
  const entry = (seq: number, kind: "visitor" | "operator" | "trigger"): VisibleEntry => ({
    seq,
    at: seq * 1_000,
    type: "message",
    text: "x",
    author:
      kind === "visitor"
        ? { kind }
        : {
            kind: "operator",
            operator: { id: "opr_1" as never, name: "O", title: "", photo: null }, // nobody reads it
          },
    ...(kind === "trigger" ? { moment: { delivery: "dlv_1", content: {} } as never } : {}), // only that it is there
  });

  test("never before the person has written, or once they are answered", () => {
    expect(dueAt([], true, 60_000)).toBeUndefined();
    expect(dueAt([entry(1, "operator")], true, 60_000)).toBeUndefined();
    expect(dueAt([entry(1, "visitor"), entry(2, "operator")], false, 60_000)).toBeUndefined();
  });

  test("some time after the first message that nobody has answered, whatever came by itself since", () => {
    const entries = [entry(1, "visitor"), entry(2, "trigger"), entry(3, "visitor")];
    expect(dueAt(entries, true, 60_000)).toBe(61_000);
    expect(dueAt([...entries, entry(4, "operator"), entry(5, "visitor")], true, 60_000)).toBe(
      65_000,
    );
  });

  test("at once where no operator is there", () => {
    expect(dueAt([entry(1, "visitor")], false, 60_000)).toBe(1_000);
  });
});
