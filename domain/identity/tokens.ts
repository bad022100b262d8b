import {
  isId,
  type ConversationId,
  type DeviceId,
  type VisitorId,
  type WorkspaceId,
} from "../../protocol/ids.ts";

/**
 * Signed tokens: `<kind>.<fields…>.<mac>`, HMAC-SHA256 in base64url. Every character may stand in a
 * WebSocket subprotocol, so that no token ever travels in a URL.
 */

/** A device's right to its visitor. */
export type DeviceToken = { workspace: WorkspaceId; device: DeviceId; visitor: VisitorId };

/** A device's right to open one conversation's socket, for a minute. */
export type ConversationTicket = {
  workspace: WorkspaceId;
  conversation: ConversationId;
  device: DeviceId;
  issuedAt: number;
};

const DEVICE = "d1";
const TICKET = "t1";

export async function signDeviceToken(secret: string, token: DeviceToken): Promise<string> {
  return sign(secret, [DEVICE, token.workspace, token.device, token.visitor]);
}

/** Tokens that were found to be ours: a device sends the same one with every request. */
const known = new Map<string, DeviceToken>();
const KNOWN_MAX = 1_000;

/** The token's content, or null if it is not one of ours. Runs in constant time over the signature. */
export async function readDeviceToken(secret: string, text: string): Promise<DeviceToken | null> {
  const name = `${secret}|${text}`;
  const held = known.get(name);
  if (held !== undefined) return held;
  const token = await verifiedDeviceToken(secret, text);
  if (token === null) return null;
  if (known.size >= KNOWN_MAX) known.clear();
  known.set(name, token);
  return token;
}

async function verifiedDeviceToken(secret: string, text: string): Promise<DeviceToken | null> {
  const [kind, workspace, device, visitor, ...rest] = await verified(secret, text);
  if (kind !== DEVICE || rest.length > 0) return null;
  if (!isId("wsp", workspace) || !isId("dev", device) || !isId("vis", visitor)) return null;
  return { workspace, device, visitor };
}

export async function signTicket(secret: string, ticket: ConversationTicket): Promise<string> {
  return sign(secret, [
    TICKET,
    ticket.workspace,
    ticket.conversation,
    ticket.device,
    ticket.issuedAt.toString(36),
  ]);
}

/** The ticket's content, or null if it is forged or malformed. Its age is for the caller to judge. */
export async function readTicket(secret: string, text: string): Promise<ConversationTicket | null> {
  const [kind, workspace, conversation, device, issued, ...rest] = await verified(secret, text);
  if (kind !== TICKET || rest.length > 0) return null;
  if (!isId("wsp", workspace) || !isId("cnv", conversation) || !isId("dev", device)) return null;
  const issuedAt = Number.parseInt(issued ?? "", 36);
  return Number.isSafeInteger(issuedAt) ? { workspace, conversation, device, issuedAt } : null;
}

const encoder = new TextEncoder();
const keys = new Map<string, Promise<CryptoKey>>();

function keyOf(secret: string): Promise<CryptoKey> {
  let key = keys.get(secret);
  if (key === undefined) {
    key = crypto.subtle.importKey(
      "raw",
      encoder.encode(secret),
      { name: "HMAC", hash: "SHA-256" },
      false,
      ["sign", "verify"],
    );
    keys.set(secret, key);
  }
  return key;
}

async function sign(secret: string, fields: string[]): Promise<string> {
  const text = fields.join(".");
  const mac = await crypto.subtle.sign("HMAC", await keyOf(secret), encoder.encode(text));
  return `${text}.${toBase64Url(new Uint8Array(mac))}`;
}

const TOKEN_MAX = 512;

async function verified(secret: string, token: string): Promise<string[]> {
  if (token.length > TOKEN_MAX) return [];
  const cut = token.lastIndexOf(".");
  const mac = fromBase64Url(token.slice(cut + 1));
  if (cut < 0 || mac === null) return [];
  const text = token.slice(0, cut);
  const isOurs = await crypto.subtle.verify("HMAC", await keyOf(secret), mac, encoder.encode(text));
  return isOurs ? text.split(".") : [];
}

function toBase64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

/** Only the one spelling that `toBase64Url` writes is accepted: 32 bytes in 43 characters. */
function fromBase64Url(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[A-Za-z0-9_-]{43}$/.test(text)) return null;
  const bytes = Uint8Array.from(atob(`${text.replaceAll("-", "+").replaceAll("_", "/")}=`), (c) =>
    c.charCodeAt(0),
  );
  return toBase64Url(bytes) === text ? bytes : null;
}
