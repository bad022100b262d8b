import type { Header } from "./headers.ts";

/**
 * Who vouches for a mail's sender: only what Cloudflare's own mail server wrote, and only where it must stand. A mail
 * may bring any number of such fields along; they are text that the sender wrote (RFC 8601 section 5).
 */

const OWN_SERVER = "cloudflare-email.net";
const OWN_NAME = "mx.cloudflare.net";

type Result = { method: string; result: string; properties: Record<string, string> };

/**
 * How well the sender's address is vouched for. `aligned`: its domain says that the mail is its own. `weak`: the domain
 * has no policy, but signed the mail or lets it be sent. `none`: nobody says anything that counts.
 */
export type Alignment = "aligned" | "weak" | "none";

export function alignmentOf(headers: readonly Header[], domain: string): Alignment {
  const results = trustedResults(headers);
  const dmarc = results.filter((one) => one.method === "dmarc");
  const [verdict] = dmarc;
  if (dmarc.length !== 1 || verdict === undefined) return "none";
  if (verdict.result === "pass")
    return verdict.properties["header.from"]?.toLowerCase() === domain ? "aligned" : "none";
  if (verdict.result !== "none") return "none";
  const isVouched = results.some(
    ({ method, result, properties }) =>
      result === "pass" &&
      ((method === "dkim" && isSameOrganisation(properties["header.d"], domain)) ||
        (method === "spf" && isSameOrganisation(domainOf(properties["smtp.mailfrom"]), domain))),
  );
  return isVouched ? "weak" : "none";
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

function domainOf(address: string | undefined): string | undefined {
  return address?.slice(address.lastIndexOf("@") + 1);
}

/** The same domain, or one inside the other. */
function isSameOrganisation(one: string | undefined, other: string): boolean {
  const domain = one?.toLowerCase() ?? "";
  if (!domain.includes(".")) return false;
  return domain === other || domain.endsWith(`.${other}`) || other.endsWith(`.${domain}`);
}
