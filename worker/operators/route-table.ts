import type { OperatorRole } from "../../protocol/operators.ts";

/**
 * Every route of `/api`, and who may use it. The gate lets in what this table says and nothing else; the
 * tests are generated from it; a test holds it equal to the routes that exist.
 */

export type IdKind = "cnv" | "vis" | "opr" | "inv" | "seg" | "trg" | "idk" | "session";

export type ApiRoute = {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  path: `/api/${string}`;
  /** `anyone`; `person`: signed in, workspace or not; else the roles that may, in the session's workspace. */
  who: "anyone" | "person" | readonly OperatorRole[];
  /** What the `:id` in the path names. */
  id?: IdKind;
  /** A WebSocket upgrade. */
  isSocket?: true;
};

const TEAM = ["owner", "admin", "agent"] as const;
const ADMINS = ["owner", "admin"] as const;

/** In the order in which they match: fixed words before `:id`. */
export const ROUTE_TABLE: readonly ApiRoute[] = [
  { method: "POST", path: "/api/sign-in/code", who: "anyone" },
  { method: "POST", path: "/api/sign-in", who: "anyone" },
  { method: "POST", path: "/api/sign-out", who: "anyone" },

  { method: "GET", path: "/api/me", who: "person" },
  { method: "POST", path: "/api/workspaces", who: "person" },
  { method: "POST", path: "/api/workspace", who: "person" },
  { method: "POST", path: "/api/invitations/:id/accept", who: "person", id: "inv" },
  { method: "GET", path: "/api/sessions", who: "person" },
  { method: "DELETE", path: "/api/sessions/:id", who: "person", id: "session" },

  { method: "GET", path: "/api/operators", who: TEAM },
  { method: "POST", path: "/api/operators/invite", who: ADMINS },
  { method: "PATCH", path: "/api/operators/me", who: TEAM },
  { method: "PUT", path: "/api/operators/me/photo", who: TEAM },
  { method: "DELETE", path: "/api/operators/me/photo", who: TEAM },
  { method: "PATCH", path: "/api/operators/:id", who: ADMINS, id: "opr" },
  { method: "DELETE", path: "/api/operators/:id", who: ADMINS, id: "opr" },
  { method: "POST", path: "/api/invitations/:id/resend", who: ADMINS, id: "inv" },
  { method: "DELETE", path: "/api/invitations/:id", who: ADMINS, id: "inv" },

  { method: "GET", path: "/api/settings", who: TEAM },
  { method: "PATCH", path: "/api/settings/workspace", who: ADMINS },
  { method: "PUT", path: "/api/settings/widget", who: ADMINS },
  { method: "PUT", path: "/api/settings/origins", who: ADMINS },

  { method: "GET", path: "/api/identity", who: ADMINS },
  { method: "PUT", path: "/api/identity/mode", who: ADMINS },
  { method: "POST", path: "/api/identity/keys", who: ADMINS },
  { method: "DELETE", path: "/api/identity/keys/:id", who: ADMINS, id: "idk" },

  { method: "GET", path: "/api/inbox/socket", who: TEAM, isSocket: true },
  { method: "GET", path: "/api/conversations", who: TEAM },
  { method: "GET", path: "/api/conversations/counts", who: TEAM },
  { method: "GET", path: "/api/conversations/:id", who: TEAM, id: "cnv" },
  { method: "GET", path: "/api/conversations/:id/entries", who: TEAM, id: "cnv" },
  { method: "POST", path: "/api/conversations/:id/assign", who: TEAM, id: "cnv" },
  { method: "POST", path: "/api/conversations/:id/close", who: TEAM, id: "cnv" },
  { method: "POST", path: "/api/conversations/:id/reopen", who: TEAM, id: "cnv" },
  { method: "POST", path: "/api/conversations/:id/mail-again", who: TEAM, id: "cnv" },
  { method: "POST", path: "/api/conversations/:id/accept", who: TEAM, id: "cnv" },
  { method: "GET", path: "/api/conversations/:id/mail", who: TEAM, id: "cnv" },
  { method: "GET", path: "/api/conversations/:id/mail-page", who: TEAM, id: "cnv" },
  { method: "GET", path: "/api/conversations/:id/attachment", who: TEAM, id: "cnv" },
  { method: "GET", path: "/api/conversations/:id/socket", who: TEAM, id: "cnv", isSocket: true },

  { method: "GET", path: "/api/settings/email", who: TEAM },
  { method: "PUT", path: "/api/settings/email", who: ADMINS },
  { method: "POST", path: "/api/settings/email/check", who: ADMINS },
  { method: "GET", path: "/api/suppressions", who: TEAM },
  { method: "POST", path: "/api/suppressions", who: TEAM },
  { method: "POST", path: "/api/suppressions/lift", who: TEAM },

  { method: "GET", path: "/api/visitors/online", who: TEAM },
  { method: "GET", path: "/api/visitors/search", who: TEAM },
  { method: "GET", path: "/api/visitors/:id", who: TEAM, id: "vis" },
  { method: "GET", path: "/api/visitors/:id/links", who: TEAM, id: "vis" },
  { method: "POST", path: "/api/visitors/:id/links", who: TEAM, id: "vis" },
  { method: "POST", path: "/api/visitors/:id/links/undo", who: TEAM, id: "vis" },
  { method: "POST", path: "/api/visitors/:id/links/dismiss", who: TEAM, id: "vis" },
  { method: "GET", path: "/api/visitors/:id/together/timeline", who: TEAM, id: "vis" },
  { method: "GET", path: "/api/visitors/:id/together/conversations", who: TEAM, id: "vis" },
  { method: "GET", path: "/api/visitors/:id/timeline", who: TEAM, id: "vis" },
  { method: "GET", path: "/api/visitors/:id/deliveries", who: TEAM, id: "vis" },
  { method: "POST", path: "/api/visitors/:id/conversation", who: TEAM, id: "vis" },
  { method: "GET", path: "/api/visitors/:id/socket", who: TEAM, id: "vis", isSocket: true },

  { method: "GET", path: "/api/funnel", who: TEAM },
  { method: "GET", path: "/api/catalogue", who: TEAM },
  { method: "GET", path: "/api/catalogue/event", who: TEAM },
  { method: "GET", path: "/api/segments", who: TEAM },
  { method: "POST", path: "/api/segments", who: ADMINS },
  { method: "POST", path: "/api/segments/preview", who: TEAM },
  { method: "POST", path: "/api/segments/explain", who: TEAM },
  { method: "PUT", path: "/api/segments/:id", who: ADMINS, id: "seg" },
  { method: "DELETE", path: "/api/segments/:id", who: ADMINS, id: "seg" },
  { method: "GET", path: "/api/segments/:id/people", who: TEAM, id: "seg" },

  { method: "GET", path: "/api/triggers", who: TEAM },
  { method: "POST", path: "/api/triggers", who: ADMINS },
  { method: "POST", path: "/api/triggers/preview", who: TEAM },
  { method: "GET", path: "/api/triggers/:id", who: TEAM, id: "trg" },
  { method: "PUT", path: "/api/triggers/:id", who: ADMINS, id: "trg" },
  { method: "POST", path: "/api/triggers/:id/status", who: ADMINS, id: "trg" },
  { method: "GET", path: "/api/triggers/:id/figures", who: TEAM, id: "trg" },
  { method: "GET", path: "/api/triggers/:id/people", who: TEAM, id: "trg" },
];

/** The route that a request means, with the `:id` in its path; null when the table has none. */
export function matchRoute(
  method: string,
  path: string,
): { route: ApiRoute; id: string | null } | null {
  const words = path.split("/");
  const asked = method === "HEAD" ? "GET" : method;
  for (const route of ROUTE_TABLE) {
    if (route.method !== asked) continue;
    const pattern = route.path.split("/");
    if (pattern.length !== words.length) continue;
    if (pattern.every((word, index) => word === ":id" || word === words[index])) {
      return { route, id: words[pattern.indexOf(":id")] ?? null };
    }
  }
  return null;
}
