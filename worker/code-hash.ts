import type { CodePlace } from "./d1/history-codes.ts";

/**
 * How codes are kept. A million of them are hashed in a moment: without the key the hash alone would hide nothing.
 * @returns 64 hexadecimal digits.
 */
export async function hashCode(secret: string, text: string): Promise<string> {
  const encoder = new TextEncoder();
  const key = await crypto.subtle.importKey(
    "raw",
    encoder.encode(`codes:${secret}`),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign"],
  );
  const mac = new Uint8Array(await crypto.subtle.sign("HMAC", key, encoder.encode(text)));
  return Array.from(mac, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Where a code that was mailed to an address is kept, and as what: for one device, for the browser that asked, or for a visitor's. */
export async function hashMailedCode(
  secret: string,
  { workspace, device }: Pick<CodePlace, "workspace" | "device">,
  address: string,
  code: string,
): Promise<{ place: CodePlace; hash: string }> {
  const [place, hash] = await Promise.all([
    hashCode(secret, `${workspace} ${address}`),
    hashCode(secret, `${workspace} ${device} ${address} ${code}`),
  ]);
  return { place: { workspace, device, address: place }, hash };
}
