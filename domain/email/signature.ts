/** Short signatures that stand in mail addresses and DNS: nothing in them is lost when somebody makes them lower case. */

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
/** 26 characters of 5 bits. */
const LENGTH = 26;

/** A keyed hash of these words in their order. */
export async function sign(secret: string, words: readonly string[]): Promise<string> {
  const encoder = new TextEncoder();
  const key = await crypto.subtle.importKey(
    "raw",
    encoder.encode(secret),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign"],
  );
  const mac = new Uint8Array(
    await crypto.subtle.sign("HMAC", key, encoder.encode(words.join("\n"))),
  );
  let signed = "";
  let bits = 0;
  let held = 0;
  for (const byte of mac) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      signed += ALPHABET.charAt((held >> bits) & 31);
    }
    held &= (1 << bits) - 1;
  }
  return signed.slice(0, LENGTH);
}

/** Whether a text is this signature. Takes as long for a wrong one. */
export function isSame(expected: string, text: string): boolean {
  let difference = expected.length ^ text.length;
  for (let i = 0; i < expected.length; i++)
    difference |= expected.charCodeAt(i) ^ text.charCodeAt(i);
  return difference === 0;
}
