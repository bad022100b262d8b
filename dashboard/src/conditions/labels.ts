import type {
  LeafCondition,
  NumberTest,
  Reaction,
  TextTest,
  TimeTest,
  TimeUnit,
} from "../../../protocol/conditions.ts";

/** What fields and comparisons are called, once, for the builder and for sentences. */

type SessionText = Extract<LeafCondition, { type: "session_text" }>["field"];
type SessionNumber = Extract<LeafCondition, { type: "session_number" }>["field"];
type ConversationState = Extract<LeafCondition, { type: "conversation" }>["is"];

export const SESSION_TEXT_LABELS: Record<SessionText, string> = {
  page: "current page",
  title: "title of the page",
  landing: "landing page",
  referrer: "referrer",
  source: "source",
  first_source: "first source",
  utm_source: "UTM source",
  utm_medium: "UTM medium",
  utm_campaign: "UTM campaign",
  utm_term: "UTM term",
  utm_content: "UTM content",
  device: "device",
  browser: "browser",
  os: "operating system",
  country: "country",
  language: "language",
};

export const SESSION_NUMBER_LABELS: Record<SessionNumber, string> = {
  pages: "pages of the visit",
  minutes: "minutes of the visit",
  visits: "number of visits",
};

export const CONVERSATION_LABELS: Record<ConversationState, string> = {
  open: "has an open conversation",
  ever: "has had a conversation",
  unread: "has not read an answer yet",
};

export const REACTION_LABELS: Record<Reaction, string> = {
  sent: "was sent",
  seen: "saw",
  clicked: "clicked in",
  answered: "answered",
  closed: "closed",
  goal: "reached the goal of",
  held_out: "was held out of",
};

/** Properties that everybody may have, by their plain names. */
export const IDENTITY_LABELS: { readonly [key: string]: string } = {
  name: "name",
  email: "email",
  phone: "phone number",
  user_id: "user ID",
};

export const propertyLabel = (key: string): string => IDENTITY_LABELS[key] ?? key;

export const TEXT_OPS: Record<TextTest["op"], string> = {
  is: "is",
  is_not: "is not",
  contains: "contains",
  contains_not: "does not contain",
  starts: "starts with",
  ends: "ends with",
  in: "is one of",
  not_in: "is none of",
  exists: "is known",
  exists_not: "is not known",
};

export const NUMBER_OPS: Record<NumberTest["op"], string> = {
  eq: "is exactly",
  ne: "is not",
  gt: "is more than",
  gte: "is at least",
  lt: "is less than",
  lte: "is at most",
};

export const TIME_OPS: Record<TimeTest["op"], string> = {
  within: "in the last",
  before_span: "more than",
  before: "before",
  after: "after",
  ever: "at any time",
  never: "never",
};

/** One and many of each unit. */
export const UNITS: Record<TimeUnit, readonly [string, string]> = {
  minute: ["minute", "minutes"],
  hour: ["hour", "hours"],
  day: ["day", "days"],
  calendar_day: ["calendar day", "calendar days"],
};
