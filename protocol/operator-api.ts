import * as z from "zod";
import { condition, type Condition } from "./conditions.ts";
import type { ConversationSummary } from "./conversation-frames.ts";
import type { OperatorEntry } from "./entries.ts";
import type { PropertyValue } from "./facts.ts";
import type {
  IdentityKeyId,
  InvitationId,
  SegmentId,
  TriggerId,
  VisitorId,
  WorkspaceId,
} from "./ids.ts";
import {
  CODE_DIGITS,
  ASK_AFTER_MAX_MINUTES,
  ASK_AFTER_MINUTES,
  COPY_AFTER_MAX_MINUTES,
  ORIGINALS_MAX_DAYS,
  ORIGINALS_MIN_DAYS,
  EVENT_NAME_MAX,
  KEY_OVERLAP_MAX_MS,
} from "./limits.ts";
import type { OperatorCard, OperatorRole, OperatorStatus } from "./operators.ts";
import type { Money, PresentVisitor, TimelineItem } from "./person.ts";
import {
  IDENTITY_MODES,
  type IdentityMode,
  openingHours,
  originPatterns,
  widgetSettings,
  type OpeningHours,
  type WidgetSettings,
} from "./settings.ts";
import {
  action,
  messageCap,
  SKIP_REASONS,
  triggerDefinition,
  type Action,
  type Delivery,
  type MessageCap,
  type MomentContent,
  type SkipReason,
  type TriggerDefinition,
  type TriggerStatus,
  type When,
} from "./triggers.ts";

/** Inputs and answers of `/api/*`, the operators' side. Inputs are strict: unknown fields are refused. */

const email = z.string().trim().toLowerCase().max(254).pipe(z.email());
const name = z.string().trim().min(1).max(80);
const role = z.enum(["admin", "agent"]);

export const codeRequestInput = z.strictObject({ email });
export const signInInput = z.strictObject({
  email,
  code: z
    .string()
    .trim()
    .regex(new RegExp(`^\\d{${CODE_DIGITS}}$`)),
});
export const createWorkspaceInput = z.strictObject({
  name,
  /** The site's origin, such as https://example.com; becomes the first allowed origin. */
  site: z.string().trim().max(253),
  operatorName: name,
});
export const inviteInput = z.strictObject({ email, role });
export const profileInput = z.strictObject({
  name: name.optional(),
  title: z.string().trim().max(80).optional(),
  status: z.enum(["online", "away"]).optional(),
});
export const workspaceInput = z.strictObject({
  name: name.optional(),
  hours: openingHours.nullable().optional(),
  /** At most so many automatic messages per person in so long; null for as many as are due. */
  cap: messageCap.nullable().optional(),
});
export const widgetInput = z.strictObject(widgetSettings.shape);
export const originsInput = z.strictObject({ origins: originPatterns });
export const roleInput = z.strictObject({ role });
export const selectWorkspaceInput = z.strictObject({ workspace: z.string().max(64) });
export const acceptInvitationInput = z.strictObject({ name });
export const assignInput = z.strictObject({
  /** Null puts the conversation back for anybody. */
  operator: z.string().max(64).nullable(),
  /** Words for the colleague who takes over. */
  note: z.string().trim().max(2_000).optional(),
});
/** `seq` of a message whose mail did not arrive, or may not have. */
export const mailAgainInput = z.strictObject({
  message: z.number().int().min(1),
  /** Also where mails to the address are held back: from now on they are not. */
  lift: z.boolean().optional(),
});
/** `seq` of a mail that nobody vouches for, to be taken as the person's. */
export const acceptInput = z.strictObject({ seq: z.number().int().min(1) });
/** `seq` of an entry that came by email. */
export const mailQuery = z.strictObject({ seq: z.coerce.number().int().min(1) });
/** `images`: with its pictures from elsewhere. */
export const mailPageQuery = z.strictObject({
  seq: z.coerce.number().int().min(1),
  images: z.enum(["hidden", "shown"]).default("hidden"),
});
/** `index`: the attachment's place in the entry's list, from 0. */
export const attachmentQuery = z.strictObject({
  seq: z.coerce.number().int().min(1),
  index: z.coerce.number().int().min(0).max(1_000),
});
const hostname = z
  .string()
  .trim()
  .toLowerCase()
  .max(200)
  .regex(/^(?!-)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*\.[a-z][a-z0-9-]{1,62}$/);
/** `PUT /api/settings/email`. Null is what the installation has. */
export const emailSettingsInput = z.strictObject({
  /** Stands in brackets behind the operator's name. */
  fromName: name.nullable(),
  fromAddress: email.nullable(),
  /** A subdomain that is used for nothing else. */
  replyDomain: hostname.nullable(),
  /** How long an answer stays unread in the chat before it goes out as a mail; 0 for never. */
  copyAfterMinutes: z.number().int().min(0).max(COPY_AFTER_MAX_MINUTES),
  /** How long a chat waits for an answer before it asks for an address; null for never. */
  askAfterMinutes: z
    .number()
    .int()
    .min(0)
    .max(ASK_AFTER_MAX_MINUTES)
    .nullable()
    .default(ASK_AFTER_MINUTES),
  /** How many days mails are kept as they came, with their attachments; 0 for as long as their message. */
  originalsDays: z
    .union([z.literal(0), z.number().int().min(ORIGINALS_MIN_DAYS).max(ORIGINALS_MAX_DAYS)])
    .default(0),
});
/** An address that gets no more mails, or gets them again. */
export const suppressionInput = z.strictObject({ address: email });
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

/* Segments. */

export const segmentInput = z.strictObject({
  name: z.string().trim().min(1).max(80),
  description: z.string().trim().max(300),
  condition,
});
/** `POST /api/segments/preview`: who would be in it. */
export const conditionInput = z.strictObject({ condition });
/** `POST /api/segments/explain`: why one person is in or not. */
export const explainInput = z.strictObject({ condition, visitor: z.string().max(64) });
export const peopleQuery = z.strictObject({ cursor: z.string().max(200).optional() });
/** `GET /api/catalogue/event?name=` */
export const catalogueEventQuery = z.strictObject({ name: z.string().min(1).max(EVENT_NAME_MAX) });

/* Triggers. */

export const triggerInput = z.strictObject({ definition: triggerDefinition });
/** `live` publishes the draft, or lets the paused version go on when nothing is unpublished. */
export const triggerStatusInput = z.strictObject({
  status: z.enum(["live", "paused", "archived", "draft"]),
});
/** `POST /api/triggers/preview`: what one person would be shown. Without a visitor, a made-up one. */
export const momentPreviewInput = z.strictObject({
  action,
  visitor: z.string().max(64).optional(),
});
export const FIGURES = [
  "eligible",
  "sent",
  "held_out",
  "skipped",
  "seen",
  "clicked",
  "answered",
  "closed",
  "goal",
  "goal_held_out",
] as const;
const version = z.coerce.number().int().min(1);
export const figuresQuery = z.strictObject({
  /** Only this version; all of them without it. */
  version: version.optional(),
  /** Days back from now, in the workspace's time zone. */
  days: z.coerce.number().int().min(1).max(366).default(30),
});
/** `GET /api/triggers/:id/people`: the people behind a number. */
export const figurePeopleQuery = z.strictObject({
  figure: z.enum(FIGURES),
  version: version.optional(),
  days: z.coerce.number().int().min(1).max(366).default(30),
  variant: z.string().max(12).optional(),
  reason: z.enum(SKIP_REASONS).optional(),
  cursor: z.string().max(200).optional(),
});

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

/** One record of DNS. */
export type DnsRecord = {
  /** What it is for: whose the domain is, who may send for it, the key, what comes back, the policy, what comes in. */
  what: "owner" | "spf" | "dkim" | "bounces" | "dmarc" | "mx";
  type: "TXT" | "MX";
  name: string;
  /** Null where the mail provider makes it. */
  value: string | null;
  isNeeded: boolean;
  /** As the last check found it; null where nobody knows. */
  isFound: boolean | null;
};

/** Why a workspace's own address is not used. */
export type SenderFlaw =
  | "records_missing"
  /** DNS or the provider could not be asked. */
  | "not_asked"
  /** Nobody has added the domain to the installation's account at the provider. */
  | "unknown_to_provider"
  | "waits_for_provider"
  /** The provider did not take a mail from it. */
  | "refused";

/** `GET /api/settings/email` */
export type EmailSettings = {
  provider: "cloudflare" | "resend" | "mailbox";
  fromName: string | null;
  /** The installation's address, used while the workspace's own is not. */
  platformFrom: string;
  from: {
    address: string;
    isUsed: boolean;
    flaw: SenderFlaw | null;
    records: DnsRecord[];
  } | null;
  /** Where mails to the workspace arrive; null while it takes none. */
  mailAddress: string | null;
  reply: {
    domain: string;
    isUsed: boolean;
    /** Whether a mail has come to `proofAddress`. */
    hasArrived: boolean;
    proofAddress: string;
    records: DnsRecord[];
  } | null;
  checkedAt: number | null;
  /** 0: never. */
  copyAfterMinutes: number;
  /** Null: never. */
  askAfterMinutes: number | null;
  originalsDays: number;
};

/** `GET /api/suppressions`: addresses that get no mails. */
export type Suppressions = { suppressions: Suppression[] };
export type Suppression = {
  address: string;
  why: "bounced" | "complained" | "by_hand";
  /** In the mail server's words; null when it gave none. */
  reason: string | null;
  /** The operator's name, where somebody put it there by hand. */
  by: string | null;
  at: number;
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

/** One person in a list. */
export type PersonRow = {
  id: VisitorId;
  name: string | null;
  placeholder: string;
  email: string | null;
  lastSeenAt: number;
  country: string | null;
};
export type PeoplePage = { people: (PersonRow & { since: number })[]; nextCursor: string | null };

/** How many people: exact, or between two bounds where only the visitors' objects could tell. */
export type PeopleCount = { from: number; to: number };

export type SegmentSummary = {
  id: SegmentId;
  name: string;
  description: string;
  /** Place in the funnel, from 1. */
  stage: number | null;
  condition: Condition;
  version: number;
  people: number;
  updatedAt: number;
  /** Names of the live triggers and other segments that use it. */
  usedBy: string[];
};
/** `GET /api/segments` */
export type SegmentList = { segments: SegmentSummary[] };
/** `POST /api/segments/preview` */
export type SegmentPreview = { count: PeopleCount; of: number; sample: PersonRow[] };
/** `POST /api/segments/explain`: the condition with what became of each part. */
export type Explanation = {
  condition: Condition;
  holds: boolean;
  /** What the person has, in a few words for a screen: a number, a text, an instant; null where there is nothing. */
  actual: PropertyValue;
  /** Whether `actual` is an instant. */
  isInstant: boolean;
  /** When time alone may change it. */
  nextAt: number | null;
  of: Explanation[];
};
/** `GET /api/funnel` */
export type Funnel = {
  stages: { id: SegmentId; name: string; description: string; people: number }[];
  people: number;
};
/** `GET /api/catalogue`: what really occurs, from the newest visitors. */
export type Catalogue = {
  events: { name: string; people: number }[];
  properties: { key: string; types: ("text" | "number" | "flag" | "list")[]; values: string[] }[];
  session: Record<string, string[]>;
  currencies: string[];
};
/** `GET /api/catalogue/event?name=` */
export type CatalogueEvent = {
  properties: { key: string; types: ("text" | "number" | "flag" | "list")[]; values: string[] }[];
};

/** Of what was decided in the last 30 days, today included. */
export type TriggerTotals = {
  sent: number;
  seen: number;
  answered: number;
  goal: number;
  revenue: Money[];
};
export type TriggerSummary = {
  id: TriggerId;
  name: string;
  status: TriggerStatus;
  /** The newest published version; 0 before the first. */
  version: number;
  hasUnpublished: boolean;
  when: When;
  waitMs: number;
  action: Action["type"];
  updatedAt: number;
  totals: TriggerTotals;
};
/** `GET /api/triggers` */
export type TriggerList = { triggers: TriggerSummary[] };
/** `GET /api/triggers/:id` */
export type TriggerDetail = {
  id: TriggerId;
  status: TriggerStatus;
  version: number;
  hasUnpublished: boolean;
  draft: TriggerDefinition;
  versions: { version: number; definition: TriggerDefinition; publishedAt: number; by: string }[];
};
/** `POST /api/triggers/preview` */
export type MomentPreview = {
  /** Null where this person would be shown nothing. */
  content: MomentContent | null;
  /** Text of an alert. */
  alert: string | null;
  from: OperatorCard | null;
  /** Why there is nothing to show, and which place is empty. */
  problem: { reason: SkipReason; detail: string | null } | null;
};

/** Figures of one variant, or of the people who were held out. Counts are deliveries, rates are over people. */
export type FigureRow = {
  variant: string;
  name: string;
  sent: number;
  /** Different people among them. */
  people: number;
  seen: number;
  clicked: number;
  answered: number;
  closed: number;
  goal: number;
  goalPeople: number;
  revenue: Money[];
  /** Against the held-out people: the difference of the shares who reached the goal, and its 95 % interval. */
  effect: Effect | null;
};
export type Effect = {
  difference: number;
  from: number;
  to: number;
  /** `better` or `worse` only where the data allow it. */
  verdict: "better" | "worse" | "unclear" | "too_early";
};
/** `GET /api/triggers/:id/figures` */
export type TriggerFigures = {
  eligible: number;
  variants: FigureRow[];
  heldOut: { deliveries: number; people: number; goalPeople: number; revenue: Money[] };
  /** All variants together against the held-out. */
  effect: Effect | null;
  /** What the treated people bought beyond what the held-out ones would have; null without a hold-out. */
  incremental: { amount: Money; from: number; to: number }[] | null;
  /** People who were both treated and held out, left out of the comparison. */
  contradicting: number;
  skipped: { reason: SkipReason; count: number }[];
  days: {
    day: string;
    sent: number;
    heldOut: number;
    seen: number;
    answered: number;
    goal: number;
  }[];
  timeZone: string;
};
/** `GET /api/triggers/:id/people` */
export type FigurePeople = {
  people: (PersonRow & { delivery: Delivery })[];
  nextCursor: string | null;
};
/** `GET /api/visitors/:id/deliveries`, newest first. */
export type DeliveryList = { deliveries: Delivery[] };
