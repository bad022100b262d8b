import { describe, expect, test } from "vitest";
import type { Contact } from "../../protocol/contact.ts";
import type { VisibleEntry } from "../../protocol/entries.ts";
import { stateOf, waitingOf } from "./state.ts";

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
    expect(stateOf(nobody, { ...quiet, isDue: true })).toBe("question");
    expect(stateOf({ ...nobody, isDeclined: true }, { ...quiet, isDue: true })).toBe("none");
    expect(stateOf({ ...nobody, isDeclined: true }, { ...quiet, isWanted: true })).toBe("question");
  });

  test("gives way to the address, to the code, and to nothing once it is proven", () => {
    const given = { ...nobody, address: "a@x.test" };
    expect(stateOf(given, quiet)).toBe("given");
    expect(stateOf({ ...given, hasCode: true }, quiet)).toBe("code");
    expect(stateOf({ ...given, hasCode: true }, { ...quiet, isChanging: true })).toBe("question");
    expect(stateOf({ ...given, isProven: true }, quiet)).toBe("none");
    expect(stateOf({ ...given, isProven: true }, { ...quiet, isWanted: true })).toBe("proven");
  });
});

describe("what waits for an answer", () => {
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

  const seqOf = (...entries: VisibleEntry[]) => waitingOf(entries)?.seq;

  test("is nothing before the person has written, and once they are answered", () => {
    expect(seqOf()).toBeUndefined();
    expect(seqOf(entry(1, "operator"))).toBeUndefined();
    expect(seqOf(entry(1, "visitor"), entry(2, "operator"))).toBeUndefined();
  });

  test("is the first of several, whatever came by itself since", () => {
    const entries = [entry(1, "visitor"), entry(2, "trigger"), entry(3, "visitor")];
    expect(seqOf(...entries)).toBe(1);
    expect(seqOf(...entries, entry(4, "operator"), entry(5, "visitor"))).toBe(5);
  });
});
