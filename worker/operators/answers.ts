import type { ErrorHandler, TypedResponse } from "hono";
import { ERRORS, errorBody, errorCodeOf, type ErrorCode } from "../../protocol/errors.ts";
import type { ApiEnv } from "./api-env.ts";

/** On every answer of the API: it is one person's, and it is what it says it is. */
export const API_HEADERS = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
} as const;

/** A coded error as an answer; every one of a kind is the same, byte for byte. */
export function refuse(code: ErrorCode, message?: string): Response {
  return Response.json(errorBody(code, message), {
    status: ERRORS[code].status,
    headers: API_HEADERS,
  });
}

/**
 * A value as JSON, for the typed client exactly of its own type: `c.json` would allow `undefined` in optional
 * fields, which JSON cannot hold.
 */
export function answer<T>(value: T): Response & TypedResponse<T, 200, "json"> {
  // The second half exists only for the compiler.
  return Response.json(value) as Response & TypedResponse<T, 200, "json">;
}

/** What any thrown error becomes: its code and a message, never a stack. */
export const answerError: ErrorHandler<ApiEnv> = (error, c) => {
  const code = errorCodeOf(error);
  if (code === "internal") {
    console.error("request failed", c.req.method, c.req.path, error);
    return refuse(code);
  }
  return refuse(code, error.message);
};
