import { URL_MAX } from "../../protocol/limits.ts";
import type { Utm } from "../../protocol/person.ts";

/** Where a visit came from, in a word that an operator understands. */

const UTM_KEYS = ["source", "medium", "campaign", "term", "content"] as const;
const UTM_VALUE_MAX = 255;

const SEARCH_ENGINES: [host: RegExp, name: string][] = [
  [/(^|\.)google\.[a-z]{2,3}(\.[a-z]{2})?$/, "Google"],
  [/(^|\.)bing\.com$/, "Bing"],
  [/(^|\.)duckduckgo\.com$/, "DuckDuckGo"],
  [/(^|\.)yahoo\.[a-z]{2,3}(\.[a-z]{2})?$/, "Yahoo"],
  [/(^|\.)yandex\.[a-z]{2,3}(\.[a-z]{2})?$|(^|\.)ya\.ru$/, "Yandex"],
  [/(^|\.)ecosia\.org$/, "Ecosia"],
  [/(^|\.)baidu\.com$/, "Baidu"],
];

const SOCIAL: [host: RegExp, name: string][] = [
  [/(^|\.)(facebook\.com|fb\.me)$/, "Facebook"],
  [/(^|\.)instagram\.com$/, "Instagram"],
  [/(^|\.)(twitter\.com|x\.com|t\.co)$/, "X"],
  [/(^|\.)(linkedin\.com|lnkd\.in)$/, "LinkedIn"],
  [/(^|\.)(youtube\.com|youtu\.be)$/, "YouTube"],
  [/(^|\.)(vk\.com|vk\.ru)$/, "VK"],
  [/(^|\.)(t\.me|telegram\.org)$/, "Telegram"],
  [/(^|\.)reddit\.com$/, "Reddit"],
  [/(^|\.)pinterest\.[a-z]{2,3}(\.[a-z]{2})?$/, "Pinterest"],
  [/(^|\.)tiktok\.com$/, "TikTok"],
];

/** The UTM tags of a landing page, or null without any. */
export function utmOf(url: string): Utm | null {
  const query = parse(url)?.searchParams;
  if (query === undefined) return null;
  const utm: Utm = {};
  for (const key of UTM_KEYS) {
    const value = query.get(`utm_${key}`);
    if (value !== null && value !== "") utm[key] = value.slice(0, UTM_VALUE_MAX);
  }
  return Object.keys(utm).length > 0 ? utm : null;
}

/** The referrer if it is another site's, else null. */
export function outsideReferrer(referrer: string | undefined, pageUrl: string): string | null {
  const from = parse(referrer ?? "");
  if (from === null || !/^https?:$/.test(from.protocol)) return null;
  return from.host === parse(pageUrl)?.host ? null : pageAddress(from.href).slice(0, URL_MAX);
}

/** UTM source, else a known search engine or network, else the referring host, else "Direct". */
export function sourceOf(utm: Utm | null, referrer: string | null): string {
  if (utm?.source !== undefined) {
    return utm.medium === undefined ? utm.source : `${utm.source} / ${utm.medium}`;
  }
  const host = parse(referrer ?? "")?.hostname ?? "";
  if (host === "") return "Direct";
  const engine = SEARCH_ENGINES.find(([pattern]) => pattern.test(host));
  if (engine !== undefined) return `${engine[1]} search`;
  const network = SOCIAL.find(([pattern]) => pattern.test(host));
  return network?.[1] ?? host.replace(/^www\./, "");
}

/** A page's address without its fragment, which may hold secrets. */
export function pageAddress(url: string): string {
  const parsed = parse(url);
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) return "";
  if (url.includes("#")) parsed.hash = "";
  if (url.includes("@")) parsed.username = parsed.password = "";
  if (SECRET_HINT.test(parsed.search)) {
    const secrets = [...parsed.searchParams.keys()].filter((key) => SECRET_PARAMETER.test(key));
    for (const key of secrets) parsed.searchParams.delete(key);
  }
  return parsed.href;
}

const SECRET_PARAMETER =
  /token|secret|password|passwd|^code$|^key$|api_?key|^sig(nature)?$|session|auth/i;

/** What the name of every secret parameter holds: most addresses have none, and are not taken apart. */
const SECRET_HINT = /token|secret|passw|code|key|sig|session|auth|%/i;

function parse(url: string): URL | null {
  return url === "" ? null : URL.parse(url);
}
