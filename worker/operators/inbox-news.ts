import { peersOf } from "../../durable-objects/peers.ts";
import type { OperatorId, VisitorId, WorkspaceId } from "../../protocol/ids.ts";
import {
  listMemberships,
  operatorCard,
  readOperator,
  removeOperator,
  type OperatorRow,
} from "../d1/operators.ts";
import { expireSession, forgetSession } from "../d1/sessions.ts";
import type { Env } from "../env.ts";
import { sessionName } from "./api-env.ts";

/**
 * What the Inbox must hear of. Ending a right: first D1, so that nobody gets in any more; then every open
 * socket is closed; only then is it answered. An ending that fails halfway can be asked for again.
 */

const TRIES = 3;

/** Ends one session everywhere. False when this person has no such session. */
export async function endSession(env: Env, session: string, userId: string): Promise<boolean> {
  if (!(await expireSession(env.DB, session, userId))) return false;
  const memberships = await listMemberships(env.DB, userId);
  await Promise.all(
    memberships.map(({ id, joinedAt }) =>
      insist(() => peersOf(env).inbox(id).endSession(sessionName(session, joinedAt))),
    ),
  );
  await forgetSession(env.DB, session);
  return true;
}

/** Ends an operator's membership in one workspace. */
export async function endMembership(
  env: Env,
  workspace: WorkspaceId,
  operator: OperatorId,
  now: number,
): Promise<void> {
  await removeOperator(env.DB, workspace, operator, now);
  await insist(() => peersOf(env).inbox(workspace).operatorRemoved(operator));
}

/** Tells colleagues of a new or changed operator. The row is the truth: who is not told now hears it later. */
export async function announceOperator(env: Env, operator: OperatorRow): Promise<void> {
  try {
    await insist(() =>
      peersOf(env)
        .inbox(operator.workspaceId)
        .operatorChanged(operatorCard(operator), operator.status),
    );
    await withdrawRemoved(env, operator.workspaceId, operator.id);
  } catch (error) {
    console.error("inbox not told of operator", operator.workspaceId, operator.id, String(error));
  }
}

/** Tells colleagues whose links have changed. The rows are the truth: who is not told now sees it on the next load. */
export async function announceLinks(
  env: Env,
  workspace: WorkspaceId,
  visitors: VisitorId[],
): Promise<void> {
  if (visitors.length === 0) return;
  try {
    await insist(() => peersOf(env).inbox(workspace).linksChanged(visitors));
  } catch (error) {
    console.error("inbox not told of links", workspace, String(error));
  }
}

/**
 * Takes out of the Inbox again who was put there while their membership ended. Asked after every such
 * writing: the removal may have reached the Inbox before it.
 */
export async function withdrawRemoved(
  env: Env,
  workspace: WorkspaceId,
  operator: OperatorId,
): Promise<void> {
  if ((await readOperator(env.DB, workspace, operator)) !== null) return;
  await insist(() => peersOf(env).inbox(workspace).operatorRemoved(operator));
}

/** An object that was just moved or restarted answers on the next try, through a new stub. */
async function insist(work: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (tries >= TRIES) throw error;
    }
  }
}
