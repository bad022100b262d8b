import type { Header } from "./headers.ts";

/**
 * Who vouches for a mail's sender: only what Cloudflare's own mail server wrote, and only where it must stand. A mail
 * may bring any number of such fields along; they are text that the sender wrote (RFC 8601 section 5).
 */

const OWN_SERVER = "cloudflare-email.net";
const OWN_NAME = "mx.cloudflare.net";

type Result = { method: string; result: string; properties: Record<string, string> };

/**
 * Whether a domain vouches for the mail: it has a policy, and by that the mail is its own (`dmarc=pass` for exactly that
 * domain). A signature or a permitted server of a domain without a policy is no such word.
 */
export function isVouchedFor(headers: readonly Header[], domain: string): boolean {
  const dmarc = trustedResults(headers).filter((one) => one.method === "dmarc");
  const [verdict] = dmarc;
  return (
    dmarc.length === 1 &&
    verdict?.result === "pass" &&
    verdict.properties["header.from"]?.toLowerCase() === domain
  );
}

/**
 * The results of the one `Authentication-Results` of our own server in the block that its `Received` begins. None or
 * several: no results. A `Received` of another server on top means that ours wrote nothing that can be told apart.
 */
function trustedResults(headers: readonly Header[]): Result[] {
  const first = headers.findIndex((header) => header.name === "received");
  const received = headers[first]?.value ?? "";
  if (!new RegExp(`\\bby ${OWN_SERVER.replaceAll(".", "\\.")}(?:\\s|$)`).test(received)) return [];
  const next = headers.findIndex((header, index) => index > first && header.name === "received");
  const block = headers.slice(first + 1, next < 0 ? undefined : next);
  const ours = block.filter(
    ({ name, value }) =>
      name === "authentication-results" && value.split(";")[0]?.trim() === OWN_NAME,
  );
  const [only] = ours;
  return ours.length === 1 && only !== undefined ? parseResults(only.value) : [];
}

/**
 * `name; method=result property=value …; …` without its comments. Quotes come from whoever sent the mail, and could hide
 * a result of their own: with one there are no results.
 */
function parseResults(value: string): Result[] {
  if (/["\\]/.test(value)) return [];
  return withoutComments(value)
    .split(";")
    .slice(1)
    .flatMap((part) => {
      const [head, ...rest] = part.trim().split(/\s+/);
      const [, method = "", result = ""] = /^([a-z-]+)=([a-z]+)$/i.exec(head ?? "") ?? [];
      if (method === "") return [];
      const properties = Object.fromEntries(
        rest.flatMap((word) => {
          const [, key = "", text = ""] = /^([a-z]+\.[a-z-]+)=(.*)$/i.exec(word) ?? [];
          return key === "" ? [] : [[key.toLowerCase(), text]];
        }),
      );
      return [{ method: method.toLowerCase(), result: result.toLowerCase(), properties }];
    });
}

function withoutComments(value: string): string {
  let depth = 0;
  let text = "";
  for (const character of value) {
    if (character === "(") depth++;
    else if (character === ")") depth = Math.max(0, depth - 1);
    else if (depth === 0) text += character;
  }
  return text;
}
