import type * as z from "zod";
import type { ErrorCode } from "./errors.ts";
import { FRAME_MAX_BYTES, FRAME_MAX_DEPTH } from "./limits.ts";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export type Parsed<T> =
  | { ok: true; value: T }
  | { ok: false; code: ErrorCode; detail?: string; id?: string };

/**
 * Whether JSON text nests no deeper than `limit`. A linear scan, so that hostile text is refused before
 * any recursive parser or validator sees it.
 */
export function isShallow(text: string, limit: number = FRAME_MAX_DEPTH): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (inString) {
      if (unit === 92) i++;
      else if (unit === 34) inString = false;
    } else if (unit === 34) inString = true;
    else if (unit === 123 || unit === 91) {
      if (++depth > limit) return false;
    } else if (unit === 125 || unit === 93) depth--;
  }
  return true;
}

/** Bytes that a value takes as JSON in UTF-8. */
export function encodedBytes(value: unknown): number {
  return new TextEncoder().encode(JSON.stringify(value)).length;
}

/** Whether text is at most `limit` bytes of UTF-8, without encoding it when the length settles it. */
export function fitsBytes(text: string, limit: number = FRAME_MAX_BYTES): boolean {
  if (text.length > limit) return false;
  if (text.length * 3 <= limit) return true;
  return new TextEncoder().encode(text).length <= limit;
}

/** What text may be at most, where a frame's limits are not the right ones. */
type Bounds = {
  /** Bytes of UTF-8. */
  maxBytes?: number;
  maxDepth?: number;
};

/**
 * Text to a checked value: bytes, then depth, then JSON, then the schema.
 * Never throws. The command's `id` is returned with a schema error, so that the sender can be told.
 */
export function parseBounded<T>(
  text: string,
  schema: z.ZodType<T>,
  bounds: Bounds = {},
): Parsed<T> {
  const read = readBounded(text, bounds);
  return read.ok ? parseValue(read.value, schema) : read;
}

/** Text to JSON: bytes, then depth. Never throws. */
export function readBounded(text: string, bounds: Bounds = {}): Parsed<unknown> {
  if (!fitsBytes(text, bounds.maxBytes)) return { ok: false, code: "too_large" };
  if (!isShallow(text, bounds.maxDepth)) return { ok: false, code: "too_deep" };
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false, code: "bad_json" };
  }
}

/** A value against its schema, as `parseBounded` does it. */
export function parseValue<T>(value: unknown, schema: z.ZodType<T>): Parsed<T> {
  const result = schema.safeParse(value);
  if (result.success) return { ok: true, value: result.data };
  const issue = result.error.issues[0];
  const isUnknown = issue?.code === "invalid_union" && issue.path[0] === "t";
  const id =
    typeof value === "object" && value !== null && "id" in value && typeof value.id === "string"
      ? value.id.slice(0, 64)
      : undefined;
  return {
    ok: false,
    code: isUnknown ? "unknown_type" : "invalid",
    ...(issue === undefined ? {} : { detail: `${issue.path.join(".")}: ${issue.message}` }),
    ...(id === undefined ? {} : { id }),
  };
}
