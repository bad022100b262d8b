import { fetchableUrl } from "../../domain/email/remote-url.ts";
import { isSame, sign } from "../../domain/email/signature.ts";
import { now } from "../../durable-objects/runtime/clock.ts";
import type { Env } from "../env.ts";
import { refuse } from "../operators/answers.ts";
import { readBytes } from "../operators/input.ts";

/**
 * Pictures of mails, fetched for an operator who asked to see them: whoever sent the mail learns that it was looked at,
 * but not from where. An address is good for an hour, and only the installation makes one.
 */

export const IMAGE_PATH = "/files/mail-image";
export const IMAGE_MAX_BYTES = 5 * 1024 * 1024;
const LIFETIME_MS = 3_600_000;
const TIMEOUT_MS = 10_000;
const HOPS_MAX = 3;
const TYPES = /^image\/(?:png|jpe?g|gif|webp|avif|bmp|x-icon|vnd\.microsoft\.icon)$/;

/** Where a picture is to be asked for; null for one that is never fetched. */
export async function imagePath(env: Env, url: string): Promise<string | null> {
  const found = fetchableUrl(url);
  if (found === null) return null;
  const until = String(now() + LIFETIME_MS);
  const signature = await signatureOf(env, found.href, until);
  return `${IMAGE_PATH}?${new URLSearchParams({ u: found.href, until, s: signature }).toString()}`;
}

const signatureOf = (env: Env, url: string, until: string): Promise<string> =>
  sign(env.PARLEY_SECRET, ["mail-image", url, until]);

/** Answers at `IMAGE_PATH`. */
export async function answerImage(
  request: Request,
  env: Env,
  fetcher: typeof fetch = (input, init) => fetch(input, init),
): Promise<Response> {
  const query = new URL(request.url).searchParams;
  const [url, until, signature] = ["u", "until", "s"].map((name) => query.get(name) ?? "");
  const isOurs =
    request.method === "GET" &&
    isSame(await signatureOf(env, url ?? "", until ?? ""), signature ?? "") &&
    Number(until) > now();
  const found = isOurs ? await follow(url ?? "", fetcher) : null;
  return found === null
    ? refuse("not_found")
    : new Response(found.bytes, { headers: headers(found.type) });
}

/** Each step is looked at anew, so that no public name leads inside. */
async function follow(
  address: string,
  fetcher: typeof fetch,
): Promise<{ type: string; bytes: Uint8Array<ArrayBuffer> } | null> {
  let url = fetchableUrl(address);
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  try {
    for (let hop = 0; hop <= HOPS_MAX && url !== null; hop++) {
      const answer = await fetcher(url.href, { redirect: "manual", signal });
      const next =
        answer.status >= 300 && answer.status < 400 ? answer.headers.get("location") : null;
      if (next !== null) {
        url = URL.canParse(next, url.href) ? fetchableUrl(new URL(next, url.href).href) : null;
        continue;
      }
      const type = answer.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase() ?? "";
      if (!answer.ok || !TYPES.test(type)) return null;
      const bytes = await readBytes(answer, IMAGE_MAX_BYTES);
      return bytes === null ? null : { type, bytes };
    }
  } catch {
    // A server that is not there is a picture that is not there.
  }
  return null;
}

function headers(type: string): Record<string, string> {
  return {
    "content-type": type,
    "cache-control": "private, max-age=3600",
    "content-security-policy": "sandbox; default-src 'none'",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "cross-origin",
  };
}
