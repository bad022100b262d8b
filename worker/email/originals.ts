import { isId, type WorkspaceId } from "../../protocol/ids.ts";
import {
  forgetOriginals,
  noteOriginal,
  noteUnknown,
  outlivedOriginals,
  unshownOriginals,
  type KeptOriginal,
} from "../d1/originals.ts";
import type { Env } from "../env.ts";

/** Mails as they came, in R2 under their workspace. Nothing is read before it is kept. */

/** Keeps a mail and answers its name: the same bytes have the same one. */
export async function keepOriginal(
  env: Pick<Env, "DB" | "FILES">,
  workspace: WorkspaceId,
  bytes: Uint8Array<ArrayBuffer>,
  now: number,
): Promise<string> {
  const name = await sha256(bytes);
  // First, so that nothing lies in R2 that nobody would delete.
  await noteOriginal(env.DB, { workspace, name, keptAt: now });
  await env.FILES.put(pathOf(workspace, name), bytes, {
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

/** How long a mail is kept that no message shows: a machine's, or one that was sent back. */
export const UNSHOWN_DAYS = 30;
const DAY_MS = 24 * 3_600_000;
/** Mails that one statement deletes, and how many of those one run carries out; the next run goes on. */
export const DELETION_STEP = 500;
export const DELETION_STEPS_MAX = 10;

/**
 * Deletes mails that are kept no longer, from R2 first. What fails is done by the next run.
 * @returns How many were deleted.
 */
export async function deleteOutlivedOriginals(
  env: Pick<Env, "DB" | "FILES">,
  now: number,
): Promise<number> {
  let count = 0;
  for (let step = 0; step < DELETION_STEPS_MAX; step++) {
    const unshown = await unshownOriginals(env.DB, now - UNSHOWN_DAYS * DAY_MS, DELETION_STEP);
    const due = unshown.length > 0 ? unshown : await outlivedOriginals(env.DB, now, DELETION_STEP);
    if (due.length === 0) break;
    await env.FILES.delete(due.map(({ workspace, name }: KeptOriginal) => pathOf(workspace, name)));
    await forgetOriginals(env.DB, due);
    count += due.length;
  }
  return count;
}

/** Kept mails that one run looks at. */
export const SEARCH_STEP = 1_000;
/** Where in R2 the last run's search has come to. */
const SEARCHED = "searched/mail";

/**
 * Notes mails that lie in R2 and that D1 does not know, as those do that came before it knew any, so that they are
 * deleted as all others are. A part of them at a time: the next run goes on, and after the last begins anew.
 * @returns How many were noted.
 */
export async function noteUnknownOriginals(
  env: Pick<Env, "DB" | "FILES">,
  step = SEARCH_STEP,
): Promise<number> {
  const after = await (await env.FILES.get(SEARCHED))?.text();
  const listed = await env.FILES.list({
    prefix: PREFIX,
    limit: step,
    ...(after === undefined || after === "" ? {} : { startAfter: after }),
  });
  const kept = listed.objects.flatMap(({ key, uploaded }) => keptAs(key, uploaded.getTime()));
  const count = await noteUnknown(env.DB, kept);
  await env.FILES.put(SEARCHED, listed.objects.at(-1)?.key ?? "");
  return count;
}

function keptAs(path: string, keptAt: number): KeptOriginal[] {
  const [workspace = "", file = ""] = path.slice(PREFIX.length).split("/");
  const name = file.replace(/\.eml$/, "");
  return isId("wsp", workspace) && pathOf(workspace, name) === path
    ? [{ workspace, name, keptAt }]
    : [];
}

export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const PREFIX = "mail/";
const pathOf = (workspace: WorkspaceId, name: string): string =>
  `${PREFIX}${workspace}/${name}.eml`;
