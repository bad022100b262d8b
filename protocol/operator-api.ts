import * as z from "zod";
import type { ConversationSummary } from "./conversation-frames.ts";
import type { OperatorEntry } from "./entries.ts";
import type { IdentityKeyId, InvitationId, WorkspaceId } from "./ids.ts";
import { CODE_DIGITS, KEY_OVERLAP_MAX_MS } from "./limits.ts";
import type { OperatorCard, OperatorRole, OperatorStatus } from "./operators.ts";
import type { PresentVisitor, TimelineItem } from "./person.ts";
import {
  IDENTITY_MODES,
  type IdentityMode,
  openingHours,
  originPatterns,
  widgetSettings,
  type OpeningHours,
  type WidgetSettings,
} from "./settings.ts";
import { messageCap, type MessageCap } from "./triggers.ts";

/** Inputs and answers of `/api/*`, the operators' side. Inputs are strict: unknown fields are refused. */

/** The address of somebody who signs in, is invited or is written to, as it is compared. */
export const emailField = z.string().trim().toLowerCase().max(254).pipe(z.email());
export const nameField = z.string().trim().min(1).max(80);
const role = z.enum(["admin", "agent"]);

export const codeRequestInput = z.strictObject({ email: emailField });
export const signInInput = z.strictObject({
  email: emailField,
  code: z
    .string()
    .trim()
    .regex(new RegExp(`^\\d{${CODE_DIGITS}}$`)),
});
export const createWorkspaceInput = z.strictObject({
  name: nameField,
  /** The site's origin, such as https://example.com; becomes the first allowed origin. */
  site: z.string().trim().max(253),
  operatorName: nameField,
});
export const inviteInput = z.strictObject({ email: emailField, role });
export const profileInput = z.strictObject({
  name: nameField.optional(),
  title: z.string().trim().max(80).optional(),
  status: z.enum(["online", "away"]).optional(),
});
export const workspaceInput = z.strictObject({
  name: nameField.optional(),
  hours: openingHours.nullable().optional(),
  /** At most so many automatic messages per person in so long; null for as many as are due. */
  cap: messageCap.nullable().optional(),
});
export const widgetInput = z.strictObject(widgetSettings.shape);
export const originsInput = z.strictObject({ origins: originPatterns });
export const roleInput = z.strictObject({ role });
export const selectWorkspaceInput = z.strictObject({ workspace: z.string().max(64) });
export const acceptInvitationInput = z.strictObject({ name: nameField });
export const assignInput = z.strictObject({
  /** Null puts the conversation back for anybody. */
  operator: z.string().max(64).nullable(),
  /** Words for the colleague who takes over. */
  note: z.string().trim().max(2_000).optional(),
});
export const conversationsQuery = z.strictObject({
  status: z.enum(["open", "closed"]).default("open"),
  who: z.enum(["all", "mine", "unassigned"]).default("all"),
  cursor: z.string().max(200).optional(),
});
export const entriesQuery = z.strictObject({ before: z.coerce.number().int().min(1).optional() });
export const timelineQuery = z.strictObject({
  /** `seq.index` of the oldest item already held. */
  before: z
    .string()
    .regex(/^\d{1,15}\.\d{1,4}$/)
    .optional(),
});

/* Identity. */

export const identityModeInput = z.strictObject({ mode: z.enum(IDENTITY_MODES) });
/** `overlapMs`: how long the keys that are there may still be used; without it they stay as they are. */
export const identityKeyInput = z.strictObject({
  overlapMs: z.number().int().min(0).max(KEY_OVERLAP_MAX_MS).optional(),
});

/** `GET /api/identity` */
export type IdentitySettings = {
  mode: IdentityMode;
  /** What `aud` of a JWT must be. */
  audience: WorkspaceId;
  /** Newest first. */
  keys: {
    id: IdentityKeyId;
    standing: "active" | "retiring" | "retired" | "revoked";
    createdAt: number;
    retiresAt: number | null;
    revokedAt: number | null;
    /** For JWTs. Only of keys that may be used, and only on this route. */
    secret: string | null;
    /** For the older proof, an HMAC of the user id, and for nothing else. */
    hashSecret: string | null;
  }[];
  /**
   * Counted over everybody who was seen in the last 30 days: the latest session of each, how many of them were on a
   * device that had proven who uses it, and how many people gave an identifier that nothing proves.
   */
  sessions: { people: number; proven: number; unproven: number };
};

export type WorkspaceChoice = { id: WorkspaceId; name: string; role: OperatorRole };
export type PendingInvitation = { id: InvitationId; workspaceName: string; inviterName: string };

/** `GET /api/me` */
export type Me = {
  email: string;
  /** The workspace this session works in; null before the first one exists. */
  workspace: { id: WorkspaceId; name: string; siteKey: string } | null;
  operator: (OperatorCard & { role: OperatorRole; status: OperatorStatus }) | null;
  workspaces: WorkspaceChoice[];
  invitations: PendingInvitation[];
};

/** `GET /api/operators` */
export type Colleagues = {
  operators: (OperatorCard & {
    email: string;
    role: OperatorRole;
    status: OperatorStatus;
    joinedAt: number;
  })[];
  invitations: {
    id: InvitationId;
    email: string;
    role: OperatorRole;
    invitedAt: number;
    expiresAt: number;
    /** What became of the mail: queued, sent, or failed. */
    mail: "queued" | "sent" | "failed";
  }[];
};

/** `GET /api/settings` */
export type WorkspaceSettings = {
  workspace: { id: WorkspaceId; name: string; siteKey: string };
  widget: WidgetSettings;
  hours: OpeningHours | null;
  cap: MessageCap | null;
  origins: string[];
  /** Where `widget.js` is served from, for the install snippet. */
  widgetOrigin: string;
};

/** `GET /api/sessions` */
export type SignInSession = {
  id: string;
  createdAt: number;
  lastUsedAt: number;
  browser: string;
  isThis: boolean;
};

/** `GET /api/conversations` */
export type ConversationPage = { conversations: ConversationSummary[]; nextCursor: string | null };
/** `GET /api/conversations/counts` */
export type ConversationCounts = { open: number; mine: number; unassigned: number; unread: number };
/** `GET /api/conversations/:id/entries?before=` (newest first page without `before`; entries ascend) */
export type EntryPage = { entries: OperatorEntry[]; hasMore: boolean };
/** `GET /api/visitors/:id/timeline` (newest first) */
export type TimelinePage = { items: TimelineItem[]; nextBefore: string | null };
/** `GET /api/visitors/online` */
export type Board = { present: PresentVisitor[]; total: number };
/** `POST /api/visitors/:id/conversation` */
export type OpenedConversation = { conversation: string };
