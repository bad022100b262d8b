import type { ErrorCode } from "../../../protocol/errors.ts";

/** A request that did not succeed: the server's code, or `offline` when there was no answer at all. */
export class RequestFailure extends Error {
  override readonly name = "RequestFailure";
  readonly code: ErrorCode | "offline";
  readonly status: number;
  /** The server's own words: for developers, but for definitions of triggers also for whoever wrote them. */
  readonly detail: string | null;
  constructor(code: ErrorCode | "offline", status: number, detail: string | null = null) {
    super(code);
    this.code = code;
    this.status = status;
    this.detail = detail;
  }
}

const WORDS: Partial<Record<ErrorCode | "offline", string>> = {
  offline: "There is no connection. Check the network and try again.",
  not_signed_in: "You are signed out. Sign in and try again.",
  forbidden: "Your role does not allow this. Ask an owner or an admin.",
  not_found: "This is not here any more.",
  deleted: "This workspace keeps mails as they came for a time only, and that is over.",
  conflict: "Somebody changed this in the meantime. Look again, then try once more.",
  invalid: "Something here is not filled in as it should be.",
  too_large: "This is too large.",
  rate_limited: "Too many tries. Wait a minute, then try again.",
  too_many_codes: "Too many codes were asked for. Try again in a quarter of an hour.",
  wrong_code: "This code is wrong or has expired. Use the newest one, or send another.",
  limit_reached: "A limit is reached, nothing was added.",
  not_an_image: "Only PNG, JPEG and WebP pictures can be used.",
  not_configured: "The installation lacks a setting for this. Nothing was changed.",
  overloaded: "Too busy at the moment. Nothing was changed. Try again shortly.",
};

export const codeOf = (error: unknown): ErrorCode | "offline" =>
  error instanceof RequestFailure ? error.code : "internal";

/** What a screen says about a failure: what happened, what is safe, what to do. */
export const wordsFor = (error: unknown): string =>
  WORDS[codeOf(error)] ?? "Something went wrong on our side. Nothing was changed. Try again.";
