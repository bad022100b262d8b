import { ERRORS, errorBody, type ErrorCode } from "../../protocol/errors.ts";

/**
 * Answers to pages of other origins. Nothing here rests on cookies, so any origin may read the answer; which
 * origins may use a workspace at all is checked before anything is done.
 */
const HEADERS = {
  "access-control-allow-origin": "*",
  "cache-control": "no-store",
  "content-type": "application/json",
  "x-content-type-options": "nosniff",
};

export function answer(body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { headers: { ...HEADERS, ...headers } });
}

export function refuse(code: ErrorCode, detail?: string): Response {
  const { status } = ERRORS[code];
  const retry: Record<string, string> = status === 429 ? { "retry-after": "10" } : {};
  return new Response(JSON.stringify(errorBody(code, detail)), {
    status,
    headers: { ...HEADERS, ...retry },
  });
}
