import { ERRORS, type ErrorCode } from "../../../protocol/errors.ts";
import type {
  ConversationStatus,
  ConversationSummary,
} from "../../../protocol/conversation-frames.ts";
import type {
  Board,
  Colleagues,
  ConversationCounts,
  ConversationPage,
  EntryPage,
  Me,
  OpenedConversation,
  SignInSession,
  TimelinePage,
  WorkspaceSettings,
} from "../../../protocol/operator-api.ts";
import type { OperatorCard, OperatorRole, OperatorStatus } from "../../../protocol/operators.ts";
import type { PersonCard } from "../../../protocol/person.ts";
import type { OpeningHours, WidgetSettings } from "../../../protocol/settings.ts";
import { RequestFailure } from "./failure.ts";

/** Every request of the dashboard. A failure is a `RequestFailure`. */

export type Who = "all" | "mine" | "unassigned";
export type ConversationFilter = { status: ConversationStatus; who: Who };

type Method = "GET" | "POST" | "PATCH" | "PUT" | "DELETE";

async function ask<T>(method: Method, path: string, body?: unknown): Promise<T> {
  const init: RequestInit = { method, credentials: "same-origin" };
  if (body instanceof Blob) {
    init.body = body;
  } else if (body !== undefined || method !== "GET") {
    init.body = JSON.stringify(body ?? {});
    init.headers = { "content-type": "application/json" };
  }
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch {
    throw new RequestFailure("offline", 0);
  }
  if (!response.ok) throw await failureOf(response);
  return response.json();
}

async function failureOf(response: Response): Promise<RequestFailure> {
  const body: unknown = await response.json().catch(() => null);
  if (typeof body === "object" && body !== null && "error" in body) {
    const { error } = body;
    if (typeof error === "object" && error !== null && "code" in error && isErrorCode(error.code)) {
      return new RequestFailure(error.code, response.status);
    }
  }
  return new RequestFailure(
    response.status === 401 ? "not_signed_in" : "internal",
    response.status,
  );
}

const isErrorCode = (code: unknown): code is ErrorCode =>
  typeof code === "string" && Object.hasOwn(ERRORS, code);

function query(values: Record<string, string | number | null | undefined>): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(values)) {
    if (value !== null && value !== undefined) search.set(key, String(value));
  }
  return search.size === 0 ? "" : `?${search}`;
}

export const api = {
  requestCode: (email: string) => ask<object>("POST", "/api/sign-in/code", { email }),
  signIn: (email: string, code: string) => ask<object>("POST", "/api/sign-in", { email, code }),
  signOut: () => ask<object>("POST", "/api/sign-out"),
  me: () => ask<Me>("GET", "/api/me"),
  createWorkspace: (input: { name: string; site: string; operatorName: string }) =>
    ask<{ id: string }>("POST", "/api/workspaces", input),
  selectWorkspace: (workspace: string) => ask<object>("POST", "/api/workspace", { workspace }),
  acceptInvitation: (id: string, name: string) =>
    ask<object>("POST", `/api/invitations/${id}/accept`, { name }),

  colleagues: () => ask<Colleagues>("GET", "/api/operators"),
  invite: (email: string, role: "admin" | "agent") =>
    ask<{ id: string }>("POST", "/api/operators/invite", { email, role }),
  resendInvitation: (id: string) => ask<object>("POST", `/api/invitations/${id}/resend`),
  revokeInvitation: (id: string) => ask<object>("DELETE", `/api/invitations/${id}`),
  changeRole: (id: string, role: Exclude<OperatorRole, "owner">) =>
    ask<object>("PATCH", `/api/operators/${id}`, { role }),
  removeOperator: (id: string) => ask<object>("DELETE", `/api/operators/${id}`),

  changeProfile: (change: { name?: string; title?: string; status?: OperatorStatus }) =>
    ask<OperatorCard>("PATCH", "/api/operators/me", change),
  uploadPhoto: (photo: Blob) =>
    ask<{ photo: string | null }>("PUT", "/api/operators/me/photo", photo),
  removePhoto: () => ask<{ photo: string | null }>("DELETE", "/api/operators/me/photo"),
  sessions: () => ask<{ sessions: SignInSession[] }>("GET", "/api/sessions"),
  endSession: (id: string) => ask<object>("DELETE", `/api/sessions/${id}`),

  settings: () => ask<WorkspaceSettings>("GET", "/api/settings"),
  changeWorkspace: (change: { name?: string; hours?: OpeningHours | null }) =>
    ask<object>("PATCH", "/api/settings/workspace", change),
  changeWidget: (widget: WidgetSettings) => ask<object>("PUT", "/api/settings/widget", widget),
  changeOrigins: (origins: string[]) => ask<object>("PUT", "/api/settings/origins", { origins }),

  conversations: (filter: ConversationFilter, cursor: string | null) =>
    ask<ConversationPage>("GET", `/api/conversations${query({ ...filter, cursor })}`),
  counts: () => ask<ConversationCounts>("GET", "/api/conversations/counts"),
  conversation: (id: string) => ask<ConversationSummary>("GET", `/api/conversations/${id}`),
  entries: (id: string, before: number | null) =>
    ask<EntryPage>("GET", `/api/conversations/${id}/entries${query({ before })}`),
  assign: (id: string, operator: string | null, note?: string) =>
    ask<ConversationSummary>("POST", `/api/conversations/${id}/assign`, {
      operator,
      ...(note === undefined || note.trim() === "" ? {} : { note: note.trim() }),
    }),
  close: (id: string) => ask<ConversationSummary>("POST", `/api/conversations/${id}/close`),
  reopen: (id: string) => ask<ConversationSummary>("POST", `/api/conversations/${id}/reopen`),

  board: () => ask<Board>("GET", "/api/visitors/online"),
  person: (id: string) => ask<PersonCard>("GET", `/api/visitors/${id}`),
  timeline: (id: string, before: string | null) =>
    ask<TimelinePage>("GET", `/api/visitors/${id}/timeline${query({ before })}`),
  writeTo: (id: string) => ask<OpenedConversation>("POST", `/api/visitors/${id}/conversation`),
};
