/**
 * Signatures of webhooks as Svix makes them and standardwebhooks.com specifies: HMAC-SHA256 over `id.timestamp.body`
 * with a secret in base64, as `v1,<base64>`; several of both while a secret is changed.
 */

/** How far a timestamp may be from now, either way. */
export const WEBHOOK_TOLERANCE_MS = 5 * 60_000;
/** Signatures and secrets that are looked at. */
const TRIED_MAX = 10;

/**
 * The webhook's id if one of its signatures is one of ours, null otherwise. Looks at nothing inside the body.
 * @param secrets Separated by spaces or commas, each with or without `whsec_`.
 */
export async function verifyWebhook(
  secrets: string,
  headers: Headers,
  body: Uint8Array<ArrayBuffer>,
  now: number,
): Promise<string | null> {
  const read = (name: string): string =>
    headers.get(`svix-${name}`) ?? headers.get(`webhook-${name}`) ?? "";
  const [id, timestamp] = [read("id"), read("timestamp")];
  if (!/^[\x21-\x7e]{1,200}$/.test(id) || !/^\d{1,12}$/.test(timestamp)) return null;
  if (Math.abs(now - Number(timestamp) * 1_000) > WEBHOOK_TOLERANCE_MS) return null;
  const prefix = new TextEncoder().encode(`${id}.${timestamp}.`);
  const signed = new Uint8Array(prefix.length + body.length);
  signed.set(prefix);
  signed.set(body, prefix.length);
  const signatures = read("signature")
    .split(" ")
    .slice(0, TRIED_MAX)
    .flatMap((text) => (text.startsWith("v1,") ? (fromBase64(text.slice(3)) ?? []) : []));
  for (const secret of secrets.split(/[\s,]+/).slice(0, TRIED_MAX)) {
    const key = await keyOf(secret);
    if (key === null) continue;
    for (const signature of signatures)
      if (await crypto.subtle.verify("HMAC", key, signature, signed)) return id;
  }
  return null;
}

async function keyOf(secret: string): Promise<CryptoKey | null> {
  const bytes = fromBase64(secret.replace(/^whsec_/, ""));
  if (bytes === null || bytes.length === 0) return null;
  return crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, [
    "verify",
  ]);
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  } catch {
    return null;
  }
}
