import type { Context } from "hono";
import { CodedError } from "../../protocol/errors.ts";
import type { OperatorId, WorkspaceId } from "../../protocol/ids.ts";
import type { OperatorCard } from "../../protocol/operators.ts";
import { operatorCard, type OperatorRow } from "../d1/operators.ts";
import type { Standing } from "../d1/sessions.ts";
import type { Env } from "../env.ts";

/** What the gate knows of a request, for the routes behind it. */
export type ApiEnv = {
  Bindings: Env;
  Variables: {
    /** Set on every route that is not for anyone. */
    standing?: Standing;
    /** The `:id` of the path; its shape is checked. */
    id?: string;
  };
};

export type ApiContext = Context<ApiEnv>;

/** The signed-in person. */
export function personOf(c: ApiContext): Standing["session"] {
  const standing = c.get("standing");
  if (standing === undefined) throw new CodedError("not_signed_in");
  return standing.session;
}

export type Member = {
  workspace: WorkspaceId;
  siteKey: string;
  workspaceName: string;
  id: OperatorId;
  row: OperatorRow;
  card: OperatorCard;
  /** Names the session towards objects; not a secret. */
  session: string;
};

/**
 * How objects know a session: by this membership of it. Objects never forget an ended name, so who was
 * removed and invited again comes back under another one.
 */
export function sessionName(session: string, joinedAt: number): string {
  return `${session}.${joinedAt.toString(36)}`;
}

/** The operator behind the request, in the workspace that the session works in. */
export function memberOf(c: ApiContext): Member {
  const standing = c.get("standing");
  if (standing === undefined) throw new CodedError("not_signed_in");
  if (standing.membership === null) throw new CodedError("no_workspace");
  const { workspace, operator } = standing.membership;
  return {
    workspace: workspace.id,
    siteKey: workspace.siteKey,
    workspaceName: workspace.name,
    id: operator.id,
    row: operator,
    card: operatorCard(operator),
    session: sessionName(standing.session.id, operator.createdAt),
  };
}
