import * as z from "zod";
import type { ConversationSummary } from "./conversation-frames.ts";
import type { VisitorId } from "./ids.ts";
import { LOOK_UP_MAX } from "./limits.ts";
import type { PersonRow } from "./segments-api.ts";
import type { TimelineItem } from "./person.ts";

/** Visitors that operators have linked by hand, and those that may be linked. */

/** `POST /api/visitors/:id/links`, `…/links/undo` and `…/links/dismiss`: the other one. */
export const linkInput = z.strictObject({ visitor: z.string().max(64) });
/** `GET /api/visitors/search` */
export const lookUpQuery = z.strictObject({ q: z.string().trim().min(1).max(LOOK_UP_MAX) });
/** `GET /api/visitors/:id/together/…` */
export const togetherQuery = z.strictObject({ cursor: z.string().max(1_200).optional() });

/** Two visitors that an operator has linked. */
export type VisitorLink = {
  one: VisitorId;
  other: VisitorId;
  /** Name of the operator; null when they are gone. */
  by: string | null;
  at: number;
};

export type LinkSuggestion = {
  person: PersonRow;
  /** What both are known as. `isVerified`: this person has proven it. */
  shares: { kind: "email" | "phone"; value: string; isVerified: boolean }[];
  /** Both have proven a user id, and not the same. */
  isAnotherLogin: boolean;
};

/** What an operator did about a visitor and another one. */
export type LinkChange = {
  other: Pick<PersonRow, "id" | "name" | "placeholder">;
  what: "linked" | "undone" | "dismissed";
  by: string | null;
  at: number;
};

/** `GET /api/visitors/:id/links`, and the answer of every change */
export type PersonLinks = {
  /** The visitor itself first, then whoever is linked, the nearest first. */
  people: PersonRow[];
  links: VisitorLink[];
  suggestions: LinkSuggestion[];
  /** More share something with them than are suggested. */
  hasMore: boolean;
  /** Of this visitor, newest first, the newest few. */
  changes: LinkChange[];
};

/** `GET /api/visitors/search` */
export type PeopleFound = { people: PersonRow[] };
/** `GET /api/visitors/:id/together/timeline`: newest first, each one's own in its own order */
export type TogetherTimeline = {
  items: { visitor: VisitorId; item: TimelineItem }[];
  nextCursor: string | null;
};
/** `GET /api/visitors/:id/together/conversations`: the newest first */
export type TogetherConversations = {
  conversations: { visitor: VisitorId; summary: ConversationSummary }[];
  nextCursor: string | null;
};
