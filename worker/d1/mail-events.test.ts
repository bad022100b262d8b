import { expect, it } from "vitest";
import type { MailEvent } from "../../domain/email/fate.ts";
import { newId, type JobId } from "../../protocol/ids.ts";
import { env } from "../testing/operator-browser.ts";
import { recordMailEvent } from "./mail-events.ts";
import { abandonMail, endMail, startMail } from "./mails.ts";

const SUBJECT = { address: "ada@corp.example", workspace: null, conversation: null, message: null };
const event = (more: Partial<MailEvent>): MailEvent => ({
  provider: "resend",
  id: crypto.randomUUID(),
  providerId: crypto.randomUUID(),
  job: null,
  fate: "delivered",
  isHard: false,
  reason: null,
  at: 1,
  ...more,
});
async function started(): Promise<JobId> {
  const job = newId("job", Date.now());
  await startMail(env.DB, job, SUBJECT, 1);
  return job;
}
const stateOf = async (job: JobId) =>
  (await env.DB.prepare("SELECT state FROM mails WHERE job = ?").bind(job).first())?.["state"];

it.each(["sending", "unknown"] as const)(
  "what a provider tells of is one that it took, although it was %s; from then on its own name is known",
  async (state) => {
    const job = await started();
    if (state === "unknown") await endMail(env.DB, job, { state, code: "TimeoutError" }, 2);
    const { providerId } = event({});
    expect(await recordMailEvent(env.DB, event({ job, providerId }), 3)).toMatchObject({ job });
    expect(await stateOf(job)).toBe("accepted");
    expect(await recordMailEvent(env.DB, event({ providerId }), 4)).toMatchObject({ job });
  },
);

it("an event that comes again with less than before is still known to be that mail's", async () => {
  const job = await started();
  const told = event({ job });
  for (const one of [told, { ...told, job: null, providerId: null }, told])
    expect(await recordMailEvent(env.DB, one, 2)).toMatchObject({ job });
});

it("what was accepted stays so, and what may have left when it was given up is unknown", async () => {
  const [accepted, sending] = [await started(), await started()];
  await endMail(env.DB, accepted, { state: "accepted", providerId: "p" }, 2);
  await endMail(env.DB, accepted, { state: "unknown", code: "late" }, 3);
  expect(await abandonMail(env.DB, accepted, 4)).toMatchObject({ state: "accepted" });
  expect(await abandonMail(env.DB, sending, 4)).toEqual({ state: "unknown", code: "gave_up" });
});
