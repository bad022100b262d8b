import { Hono } from "hono";
import { checkAddress, workspaceAddress } from "../../domain/email/reply-address.ts";
import { now } from "../../durable-objects/runtime/clock.ts";
import { CodedError } from "../../protocol/errors.ts";
import type { WorkspaceId } from "../../protocol/ids.ts";
import { emailSettingsInput, type EmailSettings } from "../../protocol/email-api.ts";
import { takeAttempt } from "../d1/attempts.ts";
import { readMailSender, writeMailSender, writeSenderCheck } from "../d1/mail-senders.ts";
import { parseMailbox } from "../email/mail.ts";
import {
  domainOf,
  expectedRecords,
  flawOf,
  lookFor,
  providerOf,
  senderSurroundings,
} from "../email/sender-check.ts";
import type { Env } from "../env.ts";
import { memberOf, type ApiEnv } from "./api-env.ts";
import { json } from "./input.ts";

/** Checks of one workspace in an hour: each asks DNS and the provider. */
const CHECKS_MAX = 60;

/** How a workspace's mails are sent. */
export const emailSettingsRoutes = new Hono<ApiEnv>()
  .get("/settings/email", async (c) => c.json(await settingsOf(c.env, memberOf(c).workspace)))
  .put("/settings/email", json(emailSettingsInput), async (c) => {
    const { workspace } = memberOf(c);
    const input = c.req.valid("json");
    const platform = c.env.EMAIL_REPLY_DOMAIN.toLowerCase();
    if (input.replyDomain !== null && input.replyDomain === domainOf(input.fromAddress))
      throw new CodedError("invalid", "replyDomain: every mail to it would come here");
    if (input.replyDomain === platform || domainOf(input.fromAddress) === platform)
      throw new CodedError("invalid", "replyDomain: it is the installation's own");
    await writeMailSender(c.env.DB, workspace, input);
    return c.json(await settingsOf(c.env, workspace));
  })
  .post("/settings/email/check", async (c) => {
    const { workspace } = memberOf(c);
    const key = `sender-check:${workspace}`;
    if (!(await takeAttempt(c.env.DB, key, CHECKS_MAX, 3_600_000, now())))
      throw new CodedError("rate_limited");
    await check(c.env, workspace);
    return c.json(await settingsOf(c.env, workspace));
  });

async function check(env: Env, workspace: WorkspaceId): Promise<void> {
  const sender = await readMailSender(env.DB, workspace);
  const around = senderSurroundings(env);
  const expected = await expectedRecords(env.PARLEY_SECRET, around.provider, workspace, sender);
  const [from, reply] = await Promise.all([
    lookFor(around.dns, expected.from),
    lookFor(around.dns, expected.reply),
  ]);
  const { fromAddress, replyDomain } = sender;
  const domain = domainOf(fromAddress);
  const checked = {
    fromAddress,
    replyDomain,
    fromFlaw: domain === null ? null : await flawOf(around, domain, from),
    found: { from, reply },
    isReplyOwned: reply.some(({ what, isFound }) => what === "owner" && isFound === true),
  };
  await writeSenderCheck(env.DB, workspace, checked, now());
}

async function settingsOf(env: Env, workspace: WorkspaceId): Promise<EmailSettings> {
  const sender = await readMailSender(env.DB, workspace);
  const { PARLEY_SECRET: secret, EMAIL_REPLY_DOMAIN: platform } = env;
  const provider = providerOf(env);
  const expected = await expectedRecords(secret, provider, workspace, sender);
  const { fromName, fromAddress, fromFlaw, replyDomain, found, checkedAt } = sender;
  const held = (which: "from" | "reply") =>
    expected[which].map(({ what, type, name, value, isNeeded }, index) => {
      return { what, type, name, value, isNeeded, isFound: found[which][index]?.isFound ?? null };
    });
  const usedDomain = sender.replyVerifiedAt === null ? platform : (replyDomain ?? platform);
  return {
    provider,
    fromName,
    platformFrom: parseMailbox(env.EMAIL_FROM).email,
    from:
      fromAddress === null
        ? null
        : {
            address: fromAddress,
            isUsed: sender.fromVerifiedAt !== null,
            flaw: fromFlaw,
            records: held("from"),
          },
    mailAddress: usedDomain === "" ? null : workspaceAddress(workspace, usedDomain),
    reply:
      replyDomain === null
        ? null
        : {
            domain: replyDomain,
            isUsed: sender.replyVerifiedAt !== null,
            hasArrived: sender.replyArrivedAt !== null,
            proofAddress: await checkAddress(secret, workspace, replyDomain),
            records: held("reply"),
          },
    checkedAt,
    copyAfterMinutes: sender.copyAfterMinutes,
    askAfterMinutes: sender.askAfterMinutes,
    originalsDays: sender.originalsDays,
  };
}
