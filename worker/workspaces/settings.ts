import type { ChatMail } from "../../protocol/contact.ts";
import type { WorkspaceId } from "../../protocol/ids.ts";
import type { OpeningHours, WidgetSettings } from "../../protocol/settings.ts";
import { readMailSender } from "../d1/mail-senders.ts";
import { readWorkspaceByKey, type WorkspaceRow } from "../d1/workspaces.ts";
import type { Env } from "../env.ts";
import { IsolateCache } from "../../durable-objects/runtime/isolate-cache.ts";

/** What visitors' requests need of a workspace. */
export type WorkspaceForVisitors = {
  id: WorkspaceId;
  widget: WidgetSettings;
  hours: OpeningHours | null;
  origins: string[];
  /** What the chat does by mail; null where it does nothing. */
  byMail: ChatMail | null;
  /** Grows with every change of the settings. */
  version: number;
};

type SettingsEnv = Pick<Env, "DB" | "EMAIL_REPLY_DOMAIN">;

const SITE_KEY = /^pk_[0-9a-z]{1,40}$/;

const AGES = { freshMs: 3_000, staleMs: 8_000 };

const known = new IsolateCache<WorkspaceForVisitors | null>({
  ...AGES,
  maxKeys: 2_000,
  isKept: (workspace) => workspace !== null,
});

/**
 * Unknown keys are held too, so that a wrong snippet on a busy site costs nothing; apart and few, so that
 * made-up ones push out no workspace.
 */
const unknown = new IsolateCache<WorkspaceForVisitors | null>({
  ...AGES,
  maxKeys: 200,
  isKept: (workspace) => workspace === null,
});

/** The workspace with this site key, at most eight seconds old; null when there is none. */
export async function workspaceByKey(
  env: SettingsEnv,
  siteKey: string,
): Promise<WorkspaceForVisitors | null> {
  if (!SITE_KEY.test(siteKey)) return null;
  return known.get(siteKey, () => unknown.get(siteKey, () => readWorkspace(env, siteKey)));
}

async function readWorkspace(
  env: SettingsEnv,
  siteKey: string,
): Promise<WorkspaceForVisitors | null> {
  const row = await readWorkspaceByKey(env.DB, siteKey);
  if (row === null) return null;
  return {
    id: row.id,
    widget: row.widget,
    hours: row.hours,
    origins: row.origins,
    byMail: await chatMail(env, row),
    version: row.version,
  };
}

/** Nothing where no mail would leave, or no answer come back. Where claims are refused, nobody is asked for one. */
async function chatMail(env: SettingsEnv, row: WorkspaceRow): Promise<ChatMail | null> {
  const sender = await readMailSender(env.DB, row.id);
  const isAnswerable = env.EMAIL_REPLY_DOMAIN !== "" || sender.replyVerifiedAt !== null;
  if (!isAnswerable || sender.copyAfterMinutes === 0) return null;
  const { askAfterMinutes } = sender;
  const isAsking = askAfterMinutes !== null && row.identityMode !== "enforce";
  return { askAfterMs: isAsking ? askAfterMinutes * 60_000 : null };
}

/** After a change: this isolate reads the workspace anew. Others follow within seconds. */
export function forgetWorkspace(siteKey: string): void {
  known.forget(siteKey);
  unknown.forget(siteKey);
}
