import { CODE_DIGITS, CODE_MAX_TRIES } from "../../protocol/limits.ts";

/** A code that a device asked for, after a try of it has been counted. */
export type TriedCode = {
  isRight: boolean;
  /** Wrong ones so far, this one among them. */
  tries: number;
  expiresAt: number;
  usedAt: number | null;
};

export type CodeVerdict = "right" | "wrong_code" | "code_expired" | "code_used" | "too_many_tries";

/** What a try is worth. Null stands for a device that asked for no code to this address. */
export function judgeCode(code: TriedCode | null, now: number): CodeVerdict {
  if (code === null) return "wrong_code";
  if (code.usedAt !== null) return "code_used";
  if (code.expiresAt <= now) return "code_expired";
  if (code.tries >= CODE_MAX_TRIES) return "too_many_tries";
  return code.isRight ? "right" : "wrong_code";
}

/** Evenly drawn: of what the source gives, that is left out which would make some codes likelier. */
export function drawCode(random: () => number): string {
  const codes = 10 ** CODE_DIGITS;
  const fair = Math.floor(2 ** 32 / codes) * codes;
  let drawn = random();
  while (drawn >= fair) drawn = random();
  return String(drawn % codes).padStart(CODE_DIGITS, "0");
}
