import * as z from "zod";
import type { DeviceId, IdentityKeyId } from "../../protocol/ids.ts";
import { readBounded } from "../../protocol/json.ts";
import { PROOF_LIFETIME_MAX_MS, PROOF_MAX, PROOF_SKEW_MS } from "../../protocol/limits.ts";
import type { IdentifierKind, ProofWay } from "../../protocol/person.ts";
import { normaliseIdentifier } from "./identifiers.ts";

/** What the customer's server says of whoever uses a device. */
export type Proof = {
  /** Null where only a mailbox or a phone was proven. */
  userId: string | null;
  /** Beside the user id; only what the customer's server calls verified. */
  others: { kind: Exclude<IdentifierKind, "user_id">; value: string }[];
  by: ProofWay;
  /** Brought along by a device that came by a link: what it names is to be proven where the device comes to. */
  isByLink?: true;
  /** The right that its link was made with, where a chat has made it: the link is as good as that. */
  maker?: DeviceId;
};

export type ProofFlaw =
  | "malformed"
  | "algorithm"
  | "unknown_key"
  | "signature"
  | "subject"
  | "audience"
  | "expired"
  | "lifetime"
  | "not_yet";
export type ProofReading = { ok: true; proof: Proof } | { ok: false; flaw: ProofFlaw };

/** A key whose proofs count now. */
export type SigningKey = { id: IdentityKeyId; secret: string };

const MALFORMED: ProofReading = { ok: false, flaw: "malformed" };
const JWT_DEPTH_MAX = 8;

const header = z.object({
  alg: z.string(),
  kid: z.string().max(64).optional(),
  crit: z.undefined().optional(),
});
const seconds = z.number().min(0).max(8_640_000_000_000);
const claims = z.object({
  sub: z.string(),
  aud: z.union([z.string(), z.array(z.string())]),
  exp: seconds,
  nbf: seconds.optional(),
  email: z.string().optional(),
  email_verified: z.boolean().optional(),
  phone: z.string().optional(),
  phone_verified: z.boolean().optional(),
});

/**
 * Reads a JWT (RFC 7519) signed with HS256 (RFC 7518 section 3.2), the only algorithm there is here. `kid` names the key,
 * and no other is tried. `sub` is the user id, `aud` must be or hold `audience`, `exp` must lie ahead by at most 24
 * hours. An email counts only beside `email_verified: true`, a phone number beside `phone_verified: true`.
 * Nothing is parsed of what is longer than PROOF_MAX, and of the content nothing before the signature is found good.
 */
export async function readJwt(
  text: string,
  { keys, audience, now }: { keys: readonly SigningKey[]; audience: string; now: number },
): Promise<ProofReading> {
  if (text.length > PROOF_MAX) return MALFORMED;
  const [head = "", body = "", mac = "", ...rest] = text.split(".");
  if (rest.length > 0) return MALFORMED;
  const read = parsePart(head, header);
  if (read === null) return MALFORMED;
  if (read.alg !== "HS256") return { ok: false, flaw: "algorithm" };
  const key = keys.find(({ id }) => id === read.kid);
  if (key === undefined) return { ok: false, flaw: "unknown_key" };
  const signature = fromBase64Url(mac);
  if (signature === null || !(await isSigned(key.secret, signature, `${head}.${body}`)))
    return { ok: false, flaw: "signature" };
  const said = parsePart(body, claims);
  if (said === null) return MALFORMED;
  return judge(said, audience, now);
}

function judge(said: z.infer<typeof claims>, audience: string, now: number): ProofReading {
  const { aud, exp, nbf } = said;
  if (aud !== audience && !(Array.isArray(aud) && aud.includes(audience)))
    return { ok: false, flaw: "audience" };
  if (exp * 1_000 <= now) return { ok: false, flaw: "expired" };
  if (exp * 1_000 > now + PROOF_LIFETIME_MAX_MS + PROOF_SKEW_MS)
    return { ok: false, flaw: "lifetime" };
  if (nbf !== undefined && nbf * 1_000 > now + PROOF_SKEW_MS) return { ok: false, flaw: "not_yet" };
  const userId = normaliseIdentifier("user_id", said.sub);
  if (userId === null) return { ok: false, flaw: "subject" };
  const email = said.email_verified === true ? said.email : undefined;
  const phone = said.phone_verified === true ? said.phone : undefined;
  const others = [
    { kind: "email" as const, value: normaliseIdentifier("email", email ?? "") },
    { kind: "phone" as const, value: normaliseIdentifier("phone", phone ?? "") },
  ].flatMap(({ kind, value }) => (value === null ? [] : [{ kind, value }]));
  return { ok: true, proof: { userId, others, by: "jwt" } };
}

/** Reads the older proof: HMAC-SHA256 of the user id under any key, as 64 small hexadecimal digits. It never expires. */
export async function readHmac(
  userId: string,
  hmac: string,
  keys: readonly SigningKey[],
): Promise<ProofReading> {
  const subject = normaliseIdentifier("user_id", userId);
  if (subject === null) return { ok: false, flaw: "subject" };
  if (!/^[0-9a-f]{64}$/.test(hmac)) return MALFORMED;
  const signature = Uint8Array.from(hmac.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  for (const { secret } of keys) {
    if (await isSigned(secret, signature, subject))
      return { ok: true, proof: { userId: subject, others: [], by: "hmac" } };
  }
  return { ok: false, flaw: "signature" };
}

/** Compares in constant time. */
async function isSigned(
  secret: string,
  signature: Uint8Array<ArrayBuffer>,
  text: string,
): Promise<boolean> {
  const encoder = new TextEncoder();
  const key = await crypto.subtle.importKey(
    "raw",
    encoder.encode(secret),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["verify"],
  );
  return crypto.subtle.verify("HMAC", key, signature, encoder.encode(text));
}

function parsePart<T>(part: string, schema: z.ZodType<T>): T | null {
  const bytes = fromBase64Url(part);
  if (bytes === null) return null;
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
  const read = readBounded(text, { maxDepth: JWT_DEPTH_MAX });
  if (!read.ok) return null;
  const parsed = schema.safeParse(read.value);
  return parsed.success ? parsed.data : null;
}

/** Only the one spelling that an encoder writes (RFC 7515 section 2): without padding, without stray bits at the end. */
function fromBase64Url(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[A-Za-z0-9_-]+$/.test(text) || text.length % 4 === 1) return null;
  const plain = text.replaceAll("-", "+").replaceAll("_", "/");
  const binary = atob(plain);
  return btoa(binary).replaceAll("=", "") === plain
    ? Uint8Array.from(binary, (character) => character.charCodeAt(0))
    : null;
}
