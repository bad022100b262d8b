import { drawCode } from "../../domain/identity/mailed-code.ts";
import type { JobId, VisitorId, WorkspaceId } from "../../protocol/ids.ts";
import { hashCode, hashMailedCode } from "../code-hash.ts";
import { keepAnswerCode } from "../d1/history-codes.ts";
import type { Env } from "../env.ts";

/**
 * The code in an answer that goes to an address which was typed into a chat. It works for the devices of the visitor
 * whose chat that was, and for nobody else's.
 *
 * It follows from the job, so that every try of one mail says the same, and neither queue nor object holds it.
 */
export async function answerCode(
  env: Env,
  job: JobId,
  { workspace, visitor, address }: { workspace: WorkspaceId; visitor: VisitorId; address: string },
  now: number,
): Promise<string> {
  const digits = await hashCode(env.PARLEY_SECRET, `answer ${workspace} ${visitor} ${job}`);
  let at = 0;
  const code = drawCode(() => Number.parseInt(digits.slice(at, (at += 8)), 16));
  const { place, hash } = await hashMailedCode(
    env.PARLEY_SECRET,
    { workspace, device: visitor },
    address,
    code,
  );
  await keepAnswerCode(env.DB, place, hash, now);
  return code;
}
