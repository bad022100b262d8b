/** Headers of a webhook that a provider has signed with this secret. */
export async function signedHeaders(
  secret: string,
  id: string,
  body: Uint8Array<ArrayBuffer>,
  at: number,
): Promise<Headers> {
  const timestamp = String(Math.floor(at / 1_000));
  const bytes = Uint8Array.from(atob(secret.replace("whsec_", "")), (sign) => sign.charCodeAt(0));
  const key = await crypto.subtle.importKey(
    "raw",
    bytes,
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign"],
  );
  const text = `${id}.${timestamp}.${new TextDecoder().decode(body)}`;
  const mac = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(text));
  return new Headers({
    "svix-id": id,
    "svix-timestamp": timestamp,
    "svix-signature": `v1,${btoa(String.fromCharCode(...new Uint8Array(mac)))}`,
  });
}
