/**
 * Whether a browser's `Origin` is on a workspace's list. Patterns have the shape of
 * `protocol/settings.ts`: an exact origin, `https://*.example.com` for every subdomain (not the bare
 * domain), and `http://localhost:*` or `http://127.0.0.1:*` for every port, none included.
 */
export function isOriginAllowed(origin: string | null, patterns: readonly string[]): boolean {
  const asked = parseOrigin(origin);
  return asked !== null && patterns.some((pattern) => matches(asked, pattern));
}

type Origin = { text: string; scheme: string; host: string; port: string };

// What a browser sends: lower case, no default port, no path, no trailing dot.
const ORIGIN = /^(https?):\/\/([a-z0-9-]+(?:\.[a-z0-9-]+)*)(?::(\d{1,5}))?$/;

function parseOrigin(origin: string | null): Origin | null {
  if (origin === null || origin.length > 300) return null;
  const match = ORIGIN.exec(origin);
  if (match === null) return null;
  return { text: origin, scheme: match[1] ?? "", host: match[2] ?? "", port: match[3] ?? "" };
}

const ANY_PORT = /^(https?):\/\/(localhost|127\.0\.0\.1):\*$/;
const ANY_SUBDOMAIN = /^(https?):\/\/\*(\.[a-z0-9.-]+)(?::(\d{1,5}))?$/;

function matches(asked: Origin, pattern: string): boolean {
  const loopback = ANY_PORT.exec(pattern);
  if (loopback) return asked.scheme === loopback[1] && asked.host === loopback[2];
  const wide = ANY_SUBDOMAIN.exec(pattern);
  if (wide) {
    const [, scheme, suffix = "", port = ""] = wide;
    return (
      asked.scheme === scheme &&
      asked.port === port &&
      asked.host.endsWith(suffix) &&
      asked.host !== suffix
    );
  }
  return asked.text === pattern;
}
