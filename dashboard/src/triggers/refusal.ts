import { codeOf, RequestFailure, wordsFor } from "../api/failure.ts";

const WORDS: Partial<Record<ReturnType<typeof codeOf>, string>> = {
  bad_template: "One of the texts cannot be filled in.",
  bad_condition: "One of the conditions cannot be kept up to date.",
  too_large: "The conditions are too long together. Shorten a list of values.",
  limit_reached: "There are as many triggers as a workspace can hold. Archive one first.",
};

/** Codes whose words the server wrote for the person who made the trigger. */
const SAID_BY_SERVER: ReadonlySet<string> = new Set(["bad_template", "bad_condition", "invalid"]);

/** Why a trigger was not taken, in the server's words where it names the place. */
export function refusalWords(error: unknown): string {
  const code = codeOf(error);
  const detail = error instanceof RequestFailure ? error.detail : null;
  if (SAID_BY_SERVER.has(code) && detail !== null) return detail;
  return WORDS[code] ?? wordsFor(error);
}
