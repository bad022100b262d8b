import type { ErrorHandler } from "hono";
import { ERRORS, errorBody, errorCodeOf, type ErrorCode } from "../../protocol/errors.ts";
import type { ApiEnv } from "./api-env.ts";

/** A coded error as an answer; every one of a kind is the same, byte for byte. */
export function refuse(code: ErrorCode, message?: string): Response {
  return Response.json(errorBody(code, message), { status: ERRORS[code].status });
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
