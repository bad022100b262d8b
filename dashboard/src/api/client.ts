import { hc } from "hono/client";
import type {
  ConversationStatus,
  ConversationSummary,
} from "../../../protocol/conversation-frames.ts";
import { ERRORS, type ErrorCode } from "../../../protocol/errors.ts";
import type { Condition } from "../../../protocol/conditions.ts";
import type {
  PeopleFound,
  PersonLinks,
  TogetherConversations,
  TogetherTimeline,
} from "../../../protocol/linking.ts";
import type { EmailSettings, Suppressions } from "../../../protocol/email-api.ts";
import type {
  Board,
  Colleagues,
  ConversationCounts,
  ConversationPage,
  EntryPage,
  IdentitySettings,
  Me,
  OpenedConversation,
  SignInSession,
  TimelinePage,
  WorkspaceSettings,
} from "../../../protocol/operator-api.ts";
import type {
  Catalogue,
  CatalogueEvent,
  Explanation,
  Funnel,
  PeoplePage,
  SegmentList,
  SegmentPreview,
  SegmentSummary,
} from "../../../protocol/segments-api.ts";
import type {
  DeliveryList,
  FigurePeople,
  FIGURES,
  MomentPreview,
  TriggerDetail,
  TriggerFigures,
  TriggerList,
} from "../../../protocol/triggers-api.ts";
import type { OperatorCard, OperatorStatus } from "../../../protocol/operators.ts";
import type { PersonCard } from "../../../protocol/person.ts";
import type { IdentityMode, OpeningHours, WidgetSettings } from "../../../protocol/settings.ts";
import type {
  Action,
  MessageCap,
  SkipReason,
  TriggerDefinition,
  TriggerStatus,
} from "../../../protocol/triggers.ts";
import type { OperatorApi } from "../../../worker/operators/api.ts";
import { actAs, actingOperator } from "./acting-operator.ts";
import { RequestFailure } from "./failure.ts";

/** Every request of the dashboard. A failure is a `RequestFailure`. */

export type Who = "all" | "mine" | "unassigned";
export type ConversationFilter = { status: ConversationStatus; who: Who };

const server = hc<OperatorApi>("/", {
  headers: (): Record<string, string> => {
    const operator = actingOperator();
    return operator === null ? {} : { "x-operator": operator };
  },
}).api;

/** The part of a response that matters here; what `json` answers is known from the route. */
type Answer<T> = Pick<Response, "ok" | "status"> & { json(): Promise<T> };

async function answer<T>(request: Promise<Answer<T>>): Promise<T> {
  let response: Answer<T>;
  try {
    response = await request;
  } catch {
    throw new RequestFailure("offline", 0);
  }
  if (!response.ok) {
    const failure = await failureOf(response);
    // Perhaps another tab signed in as somebody else.
    if (failure.code === "conflict") api.me().catch(() => {});
    throw failure;
  }
  return response.json();
}

/** A file of a mail: a download, which the typed client has no words for. */
async function fetchFile(path: string, method: "GET" | "HEAD"): Promise<Response> {
  const operator = actingOperator();
  const headers: Record<string, string> = operator === null ? {} : { "x-operator": operator };
  const response = await fetch(path, { method, headers }).catch(() => null);
  if (response === null) throw new RequestFailure("offline", 0);
  return response;
}

async function failureOf(response: Answer<unknown>): Promise<RequestFailure> {
  const body: unknown = await response.json().catch(() => null);
  if (typeof body === "object" && body !== null && "error" in body) {
    const { error } = body;
    if (typeof error === "object" && error !== null && "code" in error && isErrorCode(error.code)) {
      const detail = "message" in error && typeof error.message === "string" ? error.message : null;
      return new RequestFailure(error.code, response.status, detail);
    }
  }
  return new RequestFailure(
    response.status === 401 ? "not_signed_in" : "internal",
    response.status,
  );
}

const isErrorCode = (code: unknown): code is ErrorCode =>
  typeof code === "string" && Object.hasOwn(ERRORS, code);

/** What the form of a segment sends. */
export type SegmentInput = Pick<SegmentSummary, "name" | "description" | "condition">;

/** Which of a trigger's deliveries are counted. */
export type FigureScope = { days: number; version: number | null };
/** A number of a trigger, to ask for the people behind it. */
export type FigureChoice = {
  figure: (typeof FIGURES)[number];
  variant?: string;
  reason?: SkipReason;
};

const scopeQuery = ({ days, version }: FigureScope): URLSearchParams =>
  new URLSearchParams({
    days: String(days),
    ...(version === null ? {} : { version: String(version) }),
  });

const request = <T>(method: string, path: string, body?: unknown): Promise<T> => {
  const operator = actingOperator();
  return answer<T>(
    fetch(`/api${path}`, {
      method,
      headers: {
        ...(operator === null ? {} : { "x-operator": operator }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
  );
};

const cursorQuery = (cursor: string | null): string =>
  cursor === null ? "" : `?${new URLSearchParams({ cursor })}`;
const at = (id: string) => ({ param: { id } });

export const api = {
  requestCode: (email: string) => answer(server["sign-in"].code.$post({ json: { email } })),
  signIn: (email: string, code: string) =>
    answer(server["sign-in"].$post({ json: { email, code } })),
  signOut: () => answer(server["sign-out"].$post()),
  async me(): Promise<Me> {
    const me = await answer<Me>(server.me.$get());
    // While the page is left, no screen may take up the other one's name.
    return actAs(me) ? me : new Promise<never>(() => {});
  },
  createWorkspace: (input: { name: string; site: string; operatorName: string }) =>
    answer(server.workspaces.$post({ json: input })),
  selectWorkspace: (workspace: string) => answer(server.workspace.$post({ json: { workspace } })),
  acceptInvitation: (id: string, name: string) =>
    answer(server.invitations[":id"].accept.$post({ ...at(id), json: { name } })),

  colleagues: (): Promise<Colleagues> => answer(server.operators.$get()),
  invite: (email: string, role: "admin" | "agent") =>
    answer(server.operators.invite.$post({ json: { email, role } })),
  resendInvitation: (id: string) => answer(server.invitations[":id"].resend.$post(at(id))),
  revokeInvitation: (id: string) => answer(server.invitations[":id"].$delete(at(id))),
  changeRole: (id: string, role: "admin" | "agent") =>
    answer(server.operators[":id"].$patch({ ...at(id), json: { role } })),
  removeOperator: (id: string) => answer(server.operators[":id"].$delete(at(id))),

  changeProfile: (change: {
    name?: string;
    title?: string;
    status?: OperatorStatus;
  }): Promise<OperatorCard> => answer(server.operators.me.$patch({ json: change })),
  uploadPhoto: (photo: Blob) =>
    answer(server.operators.me.photo.$put({}, { init: { body: photo } })),
  removePhoto: () => answer(server.operators.me.photo.$delete()),
  sessions: (): Promise<{ sessions: SignInSession[] }> => answer(server.sessions.$get()),
  endSession: (id: string) => answer(server.sessions[":id"].$delete(at(id))),

  settings: (): Promise<WorkspaceSettings> => answer(server.settings.$get()),
  changeWorkspace: (change: {
    name?: string;
    hours?: OpeningHours | null;
    cap?: MessageCap | null;
  }) => answer(server.settings.workspace.$patch({ json: change })),
  changeWidget: (widget: WidgetSettings) => answer(server.settings.widget.$put({ json: widget })),
  changeOrigins: (origins: string[]) => answer(server.settings.origins.$put({ json: { origins } })),

  identity: (): Promise<IdentitySettings> => request("GET", "/identity"),
  changeIdentityMode: (mode: IdentityMode) => request("PUT", "/identity/mode", { mode }),
  createIdentityKey: (overlapMs: number | undefined) =>
    request("POST", "/identity/keys", overlapMs === undefined ? {} : { overlapMs }),
  revokeIdentityKey: (id: string) => request("DELETE", `/identity/keys/${id}`),

  conversations: (filter: ConversationFilter, cursor: string | null): Promise<ConversationPage> =>
    answer(
      server.conversations.$get({ query: { ...filter, ...(cursor === null ? {} : { cursor }) } }),
    ),
  counts: (): Promise<ConversationCounts> => answer(server.conversations.counts.$get()),
  conversation: (id: string): Promise<ConversationSummary> =>
    answer(server.conversations[":id"].$get(at(id))),
  entries: (id: string, before: number | null): Promise<EntryPage> =>
    answer(
      server.conversations[":id"].entries.$get({
        ...at(id),
        query: before === null ? {} : { before: String(before) },
      }),
    ),
  assign: (id: string, operator: string | null, note = ""): Promise<ConversationSummary> =>
    answer(
      server.conversations[":id"].assign.$post({
        ...at(id),
        json: { operator, ...(note.trim() === "" ? {} : { note: note.trim() }) },
      }),
    ),
  close: (id: string): Promise<ConversationSummary> =>
    answer(server.conversations[":id"].close.$post(at(id))),
  reopen: (id: string): Promise<ConversationSummary> =>
    answer(server.conversations[":id"].reopen.$post(at(id))),

  mailAgain: (id: string, message: number, lift: boolean): Promise<ConversationSummary> =>
    answer(server.conversations[":id"]["mail-again"].$post({ ...at(id), json: { message, lift } })),
  acceptMail: (id: string, seq: number): Promise<ConversationSummary> =>
    answer(server.conversations[":id"].accept.$post({ ...at(id), json: { seq } })),
  file: async (path: string): Promise<Blob> => {
    const response = await fetchFile(path, "GET");
    if (!response.ok) throw await failureOf(response);
    return response.blob();
  },
  /** Whether a file of a mail was deleted; what else is wrong with it is seen by whoever opens it. */
  isDeleted: async (path: string): Promise<boolean> =>
    (await fetchFile(path, "HEAD")).status === ERRORS.deleted.status,
  emailSettings: (): Promise<EmailSettings> => answer(server.settings.email.$get()),
  changeEmailSettings: (sender: {
    fromName: string | null;
    fromAddress: string | null;
    replyDomain: string | null;
    copyAfterMinutes: number;
    askAfterMinutes: number | null;
    originalsDays: number;
  }): Promise<EmailSettings> => answer(server.settings.email.$put({ json: sender })),
  checkEmailSettings: (): Promise<EmailSettings> => answer(server.settings.email.check.$post()),
  suppressions: (): Promise<Suppressions> => answer(server.suppressions.$get()),
  suppress: (address: string) => answer(server.suppressions.$post({ json: { address } })),
  liftSuppression: (address: string) =>
    answer(server.suppressions.lift.$post({ json: { address } })),

  board: (): Promise<Board> => answer(server.visitors.online.$get()),
  person: (id: string): Promise<PersonCard> => answer(server.visitors[":id"].$get(at(id))),
  timeline: (id: string, before: string | null): Promise<TimelinePage> =>
    answer(
      server.visitors[":id"].timeline.$get({ ...at(id), query: before === null ? {} : { before } }),
    ),
  links: (id: string): Promise<PersonLinks> => request("GET", `/visitors/${id}/links`),
  link: (id: string, visitor: string): Promise<PersonLinks> =>
    request("POST", `/visitors/${id}/links`, { visitor }),
  undoLink: (id: string, visitor: string): Promise<PersonLinks> =>
    request("POST", `/visitors/${id}/links/undo`, { visitor }),
  dismissLink: (id: string, visitor: string): Promise<PersonLinks> =>
    request("POST", `/visitors/${id}/links/dismiss`, { visitor }),
  findPeople: (typed: string): Promise<PeopleFound> =>
    request("GET", `/visitors/search?${new URLSearchParams({ q: typed })}`),
  togetherTimeline: (id: string, cursor: string | null): Promise<TogetherTimeline> =>
    request("GET", `/visitors/${id}/together/timeline${cursorQuery(cursor)}`),
  togetherConversations: (id: string, cursor: string | null): Promise<TogetherConversations> =>
    request("GET", `/visitors/${id}/together/conversations${cursorQuery(cursor)}`),
  deliveries: (id: string): Promise<DeliveryList> => request("GET", `/visitors/${id}/deliveries`),
  writeTo: (id: string): Promise<OpenedConversation> =>
    answer(server.visitors[":id"].conversation.$post(at(id))),

  segments: (): Promise<SegmentList> => answer(server.segments.$get()),
  createSegment: (input: SegmentInput): Promise<SegmentSummary> =>
    answer(server.segments.$post({ json: input })),
  changeSegment: (id: string, input: SegmentInput): Promise<SegmentSummary> =>
    answer(server.segments[":id"].$put({ ...at(id), json: input })),
  deleteSegment: (id: string) => answer(server.segments[":id"].$delete(at(id))),
  previewSegment: (condition: Condition): Promise<SegmentPreview> =>
    answer(server.segments.preview.$post({ json: { condition } })),
  explain: (condition: Condition, visitor: string): Promise<Explanation> =>
    answer(server.segments.explain.$post({ json: { condition, visitor } })),
  segmentPeople: (id: string, cursor: string | null): Promise<PeoplePage> =>
    answer(
      server.segments[":id"].people.$get({ ...at(id), query: cursor === null ? {} : { cursor } }),
    ),
  funnel: (): Promise<Funnel> => answer(server.funnel.$get()),
  catalogue: (): Promise<Catalogue> => answer(server.catalogue.$get()),
  catalogueEvent: (name: string): Promise<CatalogueEvent> =>
    answer(server.catalogue.event.$get({ query: { name } })),

  triggers: (): Promise<TriggerList> => request("GET", "/triggers"),
  trigger: (id: string): Promise<TriggerDetail> => request("GET", `/triggers/${id}`),
  createTrigger: (definition: TriggerDefinition): Promise<TriggerDetail> =>
    request("POST", "/triggers", { definition }),
  changeTrigger: (id: string, definition: TriggerDefinition): Promise<TriggerDetail> =>
    request("PUT", `/triggers/${id}`, { definition }),
  setTriggerStatus: (id: string, status: TriggerStatus): Promise<TriggerDetail> =>
    request("POST", `/triggers/${id}/status`, { status }),
  previewMoment: (action: Action, visitor: string | null): Promise<MomentPreview> =>
    request("POST", "/triggers/preview", { action, ...(visitor === null ? {} : { visitor }) }),
  figures: (id: string, scope: FigureScope): Promise<TriggerFigures> =>
    request("GET", `/triggers/${id}/figures?${scopeQuery(scope)}`),
  figurePeople(
    id: string,
    scope: FigureScope,
    { figure, variant, reason }: FigureChoice,
    cursor: string | null,
  ): Promise<FigurePeople> {
    const search = scopeQuery(scope);
    search.set("figure", figure);
    if (variant !== undefined) search.set("variant", variant);
    if (reason !== undefined) search.set("reason", reason);
    if (cursor !== null) search.set("cursor", cursor);
    return request("GET", `/triggers/${id}/people?${search}`);
  },
};
