import { describe, expect, test } from "vitest";
import { CODE_MAX_TRIES } from "../../protocol/limits.ts";
import { drawCode, judgeCode, type TriedCode } from "./mailed-code.ts";

const NOW = 1_000;
const code: TriedCode = { isRight: true, tries: 0, expiresAt: NOW + 1, usedAt: null };

describe("a code", () => {
  test.each<[string, TriedCode | null, ReturnType<typeof judgeCode>]>([
    ["that was never asked for", null, "wrong_code"],
    ["that is right", code, "right"],
    ["that is wrong", { ...code, isRight: false, tries: 1 }, "wrong_code"],
    ["right after all wrong tries but one", { ...code, tries: CODE_MAX_TRIES - 1 }, "right"],
    ["right after all wrong tries", { ...code, tries: CODE_MAX_TRIES }, "too_many_tries"],
    ["wrong a last time", { ...code, isRight: false, tries: CODE_MAX_TRIES }, "too_many_tries"],
    ["in its last millisecond", { ...code, expiresAt: NOW + 1 }, "right"],
    ["as its time ends", { ...code, expiresAt: NOW }, "code_expired"],
    ["that was used", { ...code, usedAt: 1 }, "code_used"],
    ["that was used and has expired", { ...code, usedAt: 1, expiresAt: NOW }, "code_used"],
  ])("%s", (_, tried, verdict) => {
    expect(judgeCode(tried, NOW)).toBe(verdict);
  });

  test("is drawn evenly, with its zeros at the front", () => {
    expect(drawCode(() => 7)).toBe("000007");
    expect(drawCode(() => 4_293_999_999)).toBe("999999");
    const drawn = [4_294_000_000, 2 ** 32 - 1, 123_456];
    expect(drawCode(() => drawn.shift() ?? 0)).toBe("123456");
  });
});
