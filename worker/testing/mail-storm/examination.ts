import { suppressionOf } from "../../../domain/email/fate.ts";
import type { MailedEntry } from "../../../protocol/entries.ts";
import type { JobId } from "../../../protocol/ids.ts";
import { isSuppressed } from "../../d1/suppressions.ts";
import { env } from "../operator-browser.ts";
import type { WorkspaceFixture } from "../workspace-fixture.ts";
import type { MailLife } from "./life.ts";

/** What providers tell, from the lightest to the heaviest. Written down again, so that the product's own is held against it. */
const FATES = ["sent", "delayed", "delivered", "bounced", "complained"];

/** Everything that is not as it was promised, in words; nothing when all is well. */
export async function examine(workspace: WorkspaceFixture, life: MailLife): Promise<string[]> {
  const wrong: string[] = [];
  const log = await life.log();
  const texts = log.flatMap((entry) => (entry.type === "message" ? [entry.text] : []));
  for (const text of [...life.answers, ...life.mails]) {
    const times = texts.filter((one) => one === text).length;
    if (times !== 1) wrong.push(`"${text}" stands there ${times} times`);
  }
  for (const [job, times] of life.office.arrived)
    if (times > 1) wrong.push(`${job} arrived ${times} times`);
  const fates = await life.fates();
  if (fates.size !== life.answers.length)
    wrong.push(`${fates.size} fates of ${life.answers.length} answers`);
  for (const [message, entry] of fates) wrong.push(...flawsOf(life, message, entry));
  const isHeldBack = await isSuppressed(env.DB, workspace.me.workspace.id, life.address);
  const held = life.office.events.some(
    (event) => suppressionOf(event) !== null && isKnown(life, event.providerId),
  );
  if (held && !isHeldBack) wrong.push("an address that has to be held back is not");
  return wrong;
}

/** Whether the product can know which mail an event tells of: by our own name for it, or once the answer was heard. */
function isKnown(life: MailLife, providerId: string | null): boolean {
  return life.hasKeys && providerId !== null;
}

function flawsOf(life: MailLife, message: number, { state, code }: MailedEntry): string[] {
  const jobs = life.jobs.filter(({ mail }) => "message" in mail && mail.message === message);
  const job = jobs.at(-1)?.id;
  if (job === undefined) return [`message ${message} never came onto the queue`];
  const arrived = life.office.arrived.get(job) ?? 0;
  const about = `message ${message} is ${state} (${code}), arrived ${arrived} times`;
  switch (state) {
    case "queued":
      return [`${about}: it has no fate`];
    case "failed":
      return arrived === 0 && isExplained(life, job, code) ? [] : [about];
    case "unknown":
      // With keys nobody asks any more after the last try, or once the address is held back.
      return life.hasKeys && !life.buried.has(job) && code !== "suppressed" ? [about] : [];
    case "dropped":
    case "held":
      return [about];
    case "sent":
    case "delayed":
    case "delivered":
    case "bounced":
    case "complained": {
      const told = life.office.toldOf(job).map(({ fate }) => FATES.indexOf(fate));
      const due = FATES[Math.max(0, ...told)];
      return arrived === 1 && state === due ? [] : [`${about}, and should be ${due}`];
    }
  }
}

function isExplained(life: MailLife, job: JobId, code: string | null): boolean {
  return code === "suppressed" || life.office.refused.has(job) || life.buried.has(job);
}
