/** Where mails may lead to, and which of their pictures may be asked for. */

/** Longest address that is followed. */
const URL_MAX = 2_048;
/** Names that mean this machine or this network. */
const INNER = /(?:^|\.)(?:localhost|local|internal|intranet|lan|home\.arpa|test|invalid|onion)$/;

/** A link that a person may follow; null for everything else, however it is disguised. */
export function followableUrl(text: string): URL | null {
  const url = parsed(text);
  return url !== null && ["http:", "https:", "mailto:", "tel:"].includes(url.protocol) ? url : null;
}

/**
 * An address that the installation itself may fetch: a public name, no address of a machine in any spelling, no other
 * port, nothing before an `@`.
 */
export function fetchableUrl(text: string): URL | null {
  const url = parsed(text);
  if (url === null || !["http:", "https:"].includes(url.protocol)) return null;
  // The parser has written numbers of any spelling as four of them, and others in brackets.
  const { hostname, port, username, password } = url;
  const isName =
    /^[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z][a-z0-9-]*$/.test(hostname) && !INNER.test(hostname);
  return isName && port === "" && username === "" && password === "" ? url : null;
}

function parsed(text: string): URL | null {
  // Browsers leave out controls and spaces around and line ends within.
  const bare = text.replace(/[\x00-\x20]+/g, (signs) => (/^ +$/.test(signs) ? signs : "")).trim();
  if (bare.length > URL_MAX || !/^[a-z][a-z0-9+.-]*:/i.test(bare)) return null;
  return URL.canParse(bare) ? new URL(bare) : null;
}
