import { hc, type ClientResponse } from "hono/client";
import { ERRORS, type ErrorCode } from "../../../protocol/errors.ts";
import type { ConversationStatus } from "../../../protocol/conversation-frames.ts";
import type {
  Board,
  Colleagues,
  ConversationPage,
  EntryPage,
  Me,
  TimelinePage,
  WorkspaceSettings,
} from "../../../protocol/operator-api.ts";
import type { OperatorRole, OperatorStatus } from "../../../protocol/operators.ts";
import type { PersonCard } from "../../../protocol/person.ts";
import type { OpeningHours, WidgetSettings } from "../../../protocol/settings.ts";
import type { OperatorApi } from "../../../worker/operators/api.ts";
import { RequestFailure } from "./failure.ts";

/** Every request of the dashboard, by hono's client over the Worker's own types. A failure is a `RequestFailure`. */

export type Who = "all" | "mine" | "unassigned";
export type ConversationFilter = { status: ConversationStatus; who: Who };

const { api: routes } = hc<OperatorApi>(globalThis.location?.origin ?? "", {
  init: { credentials: "same-origin" },
});

async function ask<T>(request: Promise<ClientResponse<T, number, "json">>): Promise<T>;
async function ask(request: Promise<Response>): Promise<unknown>;
async function ask(
  request: Promise<{ ok: boolean; status: number; json(): Promise<unknown> }>,
): Promise<unknown> {
  const response = await request.catch(() => null);
  if (response === null) throw new RequestFailure("offline", 0);
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw failureOf(response.status, body);
  return body;
}

function failureOf(status: number, body: unknown): RequestFailure {
  if (typeof body === "object" && body !== null && "error" in body) {
    const { error } = body;
    if (typeof error === "object" && error !== null && "code" in error && isErrorCode(error.code)) {
      return new RequestFailure(error.code, status);
    }
  }
  return new RequestFailure(status === 401 ? "not_signed_in" : "internal", status);
}

const isErrorCode = (code: unknown): code is ErrorCode =>
  typeof code === "string" && Object.hasOwn(ERRORS, code);

/** Query values are text on the wire; what is null is left out. */
const optional = <K extends string>(
  key: K,
  value: string | number | null,
): Partial<Record<K, string>> =>
  value === null ? {} : ({ [key]: String(value) } as Partial<Record<K, string>>); // a computed key widens

export const api = {
  requestCode: (email: string) => ask(routes["sign-in"].code.$post({ json: { email } })),
  signIn: (email: string, code: string) => ask(routes["sign-in"].$post({ json: { email, code } })),
  signOut: () => ask(routes["sign-out"].$post()),
  me: (): Promise<Me> => ask(routes.me.$get()),
  createWorkspace: (input: { name: string; site: string; operatorName: string }) =>
    ask(routes.workspaces.$post({ json: input })),
  selectWorkspace: (workspace: string) => ask(routes.workspace.$post({ json: { workspace } })),
  acceptInvitation: (id: string, name: string) =>
    ask(routes.invitations[":id"].accept.$post({ param: { id }, json: { name } })),

  colleagues: (): Promise<Colleagues> => ask(routes.operators.$get()),
  invite: (email: string, role: "admin" | "agent") =>
    ask(routes.operators.invite.$post({ json: { email, role } })),
  resendInvitation: (id: string) => ask(routes.invitations[":id"].resend.$post({ param: { id } })),
  revokeInvitation: (id: string) => ask(routes.invitations[":id"].$delete({ param: { id } })),
  changeRole: (id: string, role: Exclude<OperatorRole, "owner">) =>
    ask(routes.operators[":id"].$patch({ param: { id }, json: { role } })),
  removeOperator: (id: string) => ask(routes.operators[":id"].$delete({ param: { id } })),

  changeProfile: (change: { name?: string; title?: string; status?: OperatorStatus }) =>
    ask(routes.operators.me.$patch({ json: change })),
  uploadPhoto: (photo: Blob) =>
    ask(routes.operators.me.photo.$put({}, { init: { body: photo, credentials: "same-origin" } })),
  removePhoto: () => ask(routes.operators.me.photo.$delete()),
  sessions: () => ask(routes.sessions.$get()),
  endSession: (id: string) => ask(routes.sessions[":id"].$delete({ param: { id } })),

  settings: (): Promise<WorkspaceSettings> => ask(routes.settings.$get()),
  changeWorkspace: (change: { name?: string; hours?: OpeningHours | null }) =>
    ask(routes.settings.workspace.$patch({ json: change })),
  changeWidget: (widget: WidgetSettings) => ask(routes.settings.widget.$put({ json: widget })),
  changeOrigins: (origins: string[]) => ask(routes.settings.origins.$put({ json: { origins } })),

  conversations: (filter: ConversationFilter, cursor: string | null): Promise<ConversationPage> =>
    ask(routes.conversations.$get({ query: { ...filter, ...optional("cursor", cursor) } })),
  counts: () => ask(routes.conversations.counts.$get()),
  conversation: (id: string) => ask(routes.conversations[":id"].$get({ param: { id } })),
  entries: (id: string, before: number | null): Promise<EntryPage> =>
    ask(
      routes.conversations[":id"].entries.$get({
        param: { id },
        query: optional("before", before),
      }),
    ),
  assign: (id: string, operator: string | null, note?: string) =>
    ask(
      routes.conversations[":id"].assign.$post({
        param: { id },
        json: {
          operator,
          ...(note === undefined || note.trim() === "" ? {} : { note: note.trim() }),
        },
      }),
    ),
  close: (id: string) => ask(routes.conversations[":id"].close.$post({ param: { id } })),
  reopen: (id: string) => ask(routes.conversations[":id"].reopen.$post({ param: { id } })),

  board: (): Promise<Board> => ask(routes.visitors.online.$get()),
  person: (id: string): Promise<PersonCard> => ask(routes.visitors[":id"].$get({ param: { id } })),
  timeline: (id: string, before: string | null): Promise<TimelinePage> =>
    ask(routes.visitors[":id"].timeline.$get({ param: { id }, query: optional("before", before) })),
  writeTo: (id: string) => ask(routes.visitors[":id"].conversation.$post({ param: { id } })),
};
