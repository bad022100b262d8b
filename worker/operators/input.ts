import type { MiddlewareHandler } from "hono";
import type * as z from "zod";
import { CodedError } from "../../protocol/errors.ts";
import { parseValue, readBounded } from "../../protocol/json.ts";
import { DEFINITION_MAX_DEPTH, FRAME_MAX_BYTES, FRAME_MAX_DEPTH } from "../../protocol/limits.ts";
import { refuse } from "./answers.ts";
import type { ApiEnv } from "./api-env.ts";

/** Inputs of routes, checked once: bytes, then depth, then JSON, then the schema. */

/** What a body may be, where a frame's limits are not the right ones. */
type BodyOptions = {
  /** In bytes of UTF-8. */
  maxBytes?: number;
  /**
   * Looks at the JSON before the schema does and says in plain words what is wrong with a condition in it: the schema
   * is recursive, and the check bounds it. A body with one may be as deep as a definition.
   */
  check?: (value: unknown) => string | null;
};

/** A JSON body of this shape, sent as `application/json`. */
export function json<Out extends object, In>(
  schema: z.ZodType<Out, In>,
  { maxBytes = FRAME_MAX_BYTES, check }: BodyOptions = {},
): MiddlewareHandler<ApiEnv, string, { in: { json: In }; out: { json: Out } }> {
  const bounds = {
    maxBytes,
    maxDepth: check === undefined ? FRAME_MAX_DEPTH : DEFINITION_MAX_DEPTH,
  };
  return async (c, next) => {
    const type = c.req.header("content-type")?.split(";")[0]?.trim().toLowerCase();
    if (type !== "application/json") return refuse("invalid", "Send JSON as application/json.");
    const bytes = await readBytes(c.req.raw, maxBytes);
    if (bytes === null) return refuse("too_large");
    const read = readBounded(new TextDecoder().decode(bytes), bounds);
    if (!read.ok) return refuse(read.code);
    const flaw = check?.(read.value) ?? null;
    if (flaw !== null) return refuse("bad_condition", flaw);
    const parsed = parseValue(read.value, schema);
    if (!parsed.ok) return refuse(parsed.code, parsed.detail);
    c.req.addValidatedData("json", parsed.value);
    await next();
  };
}

/** A query string of this shape. */
export function query<Out extends object, In>(
  schema: z.ZodType<Out, In>,
): MiddlewareHandler<ApiEnv, string, { in: { query: In }; out: { query: Out } }> {
  return async (c, next) => {
    const parsed = schema.safeParse(c.req.query());
    if (!parsed.success)
      return refuse("invalid", `${parsed.error.issues[0]?.path.join(".")}: not valid`);
    c.req.addValidatedData("query", parsed.data);
    await next();
  };
}

/** A body of at most `limit` bytes; null when it is longer. Reads no further than that. */
export async function readBytes(
  request: Request | Response,
  limit: number,
): Promise<Uint8Array<ArrayBuffer> | null> {
  if (Number(request.headers.get("content-length") ?? 0) > limit) return null;
  if (request.body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader: ReadableStreamDefaultReader<Uint8Array> = request.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > limit) {
      await reader.cancel();
      return null;
    }
    chunks.push(value);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** What is there, or a 404 like any other. */
export function found<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new CodedError("not_found");
  return value;
}
