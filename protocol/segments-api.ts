import * as z from "zod";
import { condition, type Condition } from "./conditions.ts";
import type { PropertyValue } from "./facts.ts";
import type { SegmentId, VisitorId } from "./ids.ts";
import { EVENT_NAME_MAX } from "./limits.ts";

/** Inputs and answers of `/api/*` about segments, the funnel and the people in them. */

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
