import { describe, expect, test } from "vitest";
import { HANDOVER_KEYS_MAX, HANDOVER_WAIT_MS } from "../../protocol/limits.ts";
import { followedBy, handoverKey, handoverOf, isSameLead } from "./handover.ts";
import type { Proof } from "./proof.ts";

const ann: Proof = { userId: "ann", others: [{ kind: "email", value: "a@b.c" }], by: "jwt" };
const mailbox: Proof = { ...ann, userId: null, by: "loop" };

describe("a right that has ended by a proof", () => {
  test("leads the browser that proved to the next one, whenever it comes", () => {
    const handover = handoverOf(ann, 1_000, ["k1", "k2"]);
    for (const key of ["k1", "k2"]) expect(followedBy(handover, [key], 10 ** 12)).toBe("follow");
  });

  test.each([
    [HANDOVER_WAIT_MS - 1, "wait"],
    [HANDOVER_WAIT_MS, "nothing"],
    [HANDOVER_WAIT_MS + 1, "nothing"],
  ])("says to anybody else after %i ms: %s", (ms, said) => {
    const handover = handoverOf(ann, 1_000, ["k1"]);
    for (const known of [[], [""], ["k", "K1"]])
      expect(followedBy(handover, known, 1_000 + ms)).toBe(said);
  });

  test("is that of the same person for the identifier that decides alone", () => {
    const handover = handoverOf(ann, 1, []);
    expect(isSameLead(handover, { ...ann, others: [] })).toBe(true);
    expect(isSameLead(handover, { ...ann, userId: "ben" })).toBe(false);
    expect(isSameLead(handover, mailbox)).toBe(false);
    expect(isSameLead(handoverOf(mailbox, 1, []), mailbox)).toBe(true);
  });

  test.each([HANDOVER_KEYS_MAX - 1, HANDOVER_KEYS_MAX, HANDOVER_KEYS_MAX + 1])(
    "knows the newest of %i secrets",
    (count) => {
      const keys = Array.from({ length: count }, (_, n) => `k${n}`);
      const { keys: kept } = handoverOf(ann, 1, keys);
      expect(kept).toHaveLength(Math.min(count, HANDOVER_KEYS_MAX));
      expect(kept.at(-1)).toBe(`k${count - 1}`);
    },
  );

  test("keeps no secret, only its hash", async () => {
    expect(await handoverKey("abc")).toBe(
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    );
  });
});
