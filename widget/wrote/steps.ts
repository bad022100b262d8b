import { CODE_DIGITS, CODE_LIFETIME_MS } from "../limits.ts";
import type { wroteTexts } from "../languages/wrote-texts.ts";

/**
 * What was asked for: a reload while the mail is looked for goes on with the code. `asker` is the secret with which it
 * works, also when something else is proven in this browser meanwhile.
 */
export type Asked = { email: string; at: number; asker: string };

/** @returns Nothing for what no mail could go to. */
export function readAddress(text: string): string | undefined {
  const address = text.trim();
  return address.length < 255 && /^[^@\s]+@[^@\s]+$/.test(address) ? address : undefined;
}

/** The digits of a code as somebody types or pastes it, in whichever digits their keyboard has. */
export function readCode(text: string): string | undefined {
  const digits = text
    .replace(/[^\p{Nd}]/gu, "")
    .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => `${digit.charCodeAt(0) & 15}`);
  return digits.length === CODE_DIGITS && /^\d+$/.test(digits) ? digits : undefined;
}

export const writeAsked = ({ email, at, asker }: Asked): string => `${at} ${asker} ${email}`;

/** What was asked for so long ago that no code of it works any more is nothing. */
export function readAsked(kept: string | undefined, now: number): Asked | undefined {
  const [, at = 0, asker = "", email = ""] = /^(\d+) (\S+) (.+)$/.exec(kept ?? "") ?? [];
  return email && now - Number(at) < CODE_LIFETIME_MS
    ? { email, at: Number(at), asker }
    : undefined;
}

const FLAWS = new Map<string | undefined, keyof typeof wroteTexts>([
  ["invalid", "badAddress"],
  ["wrong_code", "codeWrong"],
  ["code_expired", "codeExpired"],
  ["code_used", "codeUsed"],
  ["too_many_tries", "codeTries"],
  ["too_many_codes", "codesTooMany"],
  ["rate_limited", "codePause"],
]);

/** The text that says what is wrong. */
export const flawOf = (code: string | undefined): keyof typeof wroteTexts =>
  FLAWS.get(code) ?? "noAnswer";
