import type { WorkspaceId } from "../../protocol/ids.ts";

/** Mails as they came, in R2 under their workspace. Nothing is read before it is kept. */

/** Keeps a mail and answers its name: the same bytes have the same one. */
export async function keepOriginal(
  files: R2Bucket,
  workspace: WorkspaceId,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<string> {
  const name = await sha256(bytes);
  await files.put(pathOf(workspace, name), bytes, {
    httpMetadata: { contentType: "message/rfc822" },
  });
  return name;
}

/** A kept mail; null when there is none of this name. */
export async function readOriginal(
  files: R2Bucket,
  workspace: WorkspaceId,
  name: string,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const object = await files.get(pathOf(workspace, name));
  return object === null ? null : new Uint8Array(await object.arrayBuffer());
}

export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const pathOf = (workspace: WorkspaceId, name: string): string => `mail/${workspace}/${name}.eml`;
