import { Hono } from "hono";
import { now } from "../../durable-objects/runtime/clock.ts";
import { CodedError } from "../../protocol/errors.ts";
import { asId, newId, type InvitationId, type JobId } from "../../protocol/ids.ts";
import { INVITATION_LIFETIME_MS } from "../../protocol/limits.ts";
import { inviteInput, roleInput, type Colleagues } from "../../protocol/operator-api.ts";
import { attemptKey, takeAttempt } from "../d1/attempts.ts";
import {
  insertInvitation,
  listInvitations,
  readInvitation,
  renewInvitation,
  revokeInvitation,
  setInvitationMail,
} from "../d1/invitations.ts";
import {
  isOperatorEmail,
  listOperators,
  operatorCard,
  readOperator,
  readOperatorEver,
  updateOperator,
} from "../d1/operators.ts";
import type { Env } from "../env.ts";
import { memberOf, type ApiEnv, type Member } from "./api-env.ts";
import { endMembership } from "./inbox-news.ts";
import { found, json } from "./input.ts";

/** Invitation mails to one address in a day, from all workspaces together. */
const INVITATIONS_PER_ADDRESS = 5;
/** Invitation mails of one workspace in a day. Colleagues are without limit, floods are not. */
const INVITATIONS_PER_WORKSPACE = 200;
const DAY_MS = 24 * 3_600_000;

export const colleagueRoutes = new Hono<ApiEnv>()
  .get("/operators", async (c) => {
    const { workspace } = memberOf(c);
    const [operators, invitations] = await Promise.all([
      listOperators(c.env.DB, workspace),
      listInvitations(c.env.DB, workspace),
    ]);
    const colleagues: Colleagues = {
      operators: operators.map((row) => ({
        ...operatorCard(row),
        email: row.email,
        role: row.role,
        status: row.status,
        joinedAt: row.createdAt,
      })),
      invitations: invitations.map((row) => ({
        id: row.id,
        email: row.email,
        role: row.role,
        invitedAt: row.createdAt,
        expiresAt: row.expiresAt,
        // "Not known to have been sent": the one who invited decides whether to send again.
        mail: row.mail === "unknown" ? "failed" : row.mail,
      })),
    };
    return c.json(colleagues);
  })
  .post("/operators/invite", json(inviteInput), async (c) => {
    const member = memberOf(c);
    const { email, role } = c.req.valid("json");
    if (await isOperatorEmail(c.env.DB, member.workspace, email)) {
      throw new CodedError("conflict", "This person is already an operator here.");
    }
    const waiting = await listInvitations(c.env.DB, member.workspace);
    if (waiting.some((invitation) => invitation.email === email)) {
      throw new CodedError("conflict", "This person is already invited.");
    }
    if (!(await mayMail(c.env, member, email))) throw new CodedError("limit_reached");
    const at = now();
    const id = newId("inv", at);
    const job = newId("job", at);
    await insertInvitation(c.env.DB, {
      workspaceId: member.workspace,
      id,
      email,
      role,
      invitedBy: member.id,
      createdAt: at,
      expiresAt: at + INVITATION_LIFETIME_MS,
      mail: "queued",
      mailJob: job,
    });
    await sendInvitation(c.env, member, { id, email, job });
    return c.json({ id });
  })
  .post("/invitations/:id/resend", async (c) => {
    const member = memberOf(c);
    const id = asId("inv", found(c.get("id")));
    const { email } = found(await readInvitation(c.env.DB, member.workspace, id));
    if (!(await mayMail(c.env, member, email))) throw new CodedError("limit_reached");
    const at = now();
    const job = newId("job", at);
    await renewInvitation(c.env.DB, member.workspace, id, job, at + INVITATION_LIFETIME_MS);
    await sendInvitation(c.env, member, { id, email, job });
    return c.json({});
  })
  .delete("/invitations/:id", async (c) => {
    const { workspace } = memberOf(c);
    const id = asId("inv", found(c.get("id")));
    found(await readInvitation(c.env.DB, workspace, id));
    await revokeInvitation(c.env.DB, workspace, id, now());
    return c.json({});
  })
  .patch("/operators/:id", json(roleInput), async (c) => {
    const { workspace } = memberOf(c);
    const operator = found(
      await readOperator(c.env.DB, workspace, asId("opr", found(c.get("id")))),
    );
    if (operator.role === "owner") throw new CodedError("conflict", "A workspace keeps its owner.");
    found(
      await updateOperator(c.env.DB, workspace, operator.id, { role: c.req.valid("json").role }),
    );
    return c.json({});
  })
  .delete("/operators/:id", async (c) => {
    const { workspace } = memberOf(c);
    // Who was removed before may be removed again: the first time may have failed halfway.
    const operator = found(
      await readOperatorEver(c.env.DB, workspace, asId("opr", found(c.get("id")))),
    );
    if (operator.role === "owner") throw new CodedError("conflict", "A workspace keeps its owner.");
    await endMembership(c.env, workspace, operator.id, now());
    return c.json({});
  });

async function mayMail(env: Env, member: Member, email: string): Promise<boolean> {
  const at = now();
  const toAddress = await attemptKey("invitation-to", email);
  const byWorkspace = await attemptKey("invitation-by", member.workspace);
  return (
    (await takeAttempt(env.DB, byWorkspace, INVITATIONS_PER_WORKSPACE, DAY_MS, at)) &&
    (await takeAttempt(env.DB, toAddress, INVITATIONS_PER_ADDRESS, DAY_MS, at))
  );
}

async function sendInvitation(
  env: Env,
  member: Member,
  to: { id: InvitationId; email: string; job: JobId },
): Promise<void> {
  try {
    await env.EMAILS.send({
      type: "SendEmail",
      id: to.job,
      to: to.email,
      mail: {
        template: "invitation",
        workspace: member.workspace,
        invitation: to.id,
        workspaceName: member.workspaceName,
        inviterName: member.card.name,
        link: `${env.DASHBOARD_URL.replace(/\/+$/, "")}/`,
      },
    });
  } catch (error) {
    // The invitation stands; its mail can be sent again.
    console.error("invitation mail not queued", to.id, String(error));
    await setInvitationMail(env.DB, member.workspace, to.id, to.job, "failed");
  }
}
