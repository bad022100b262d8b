import * as z from "zod";
import type { ChatMail, Contact } from "./contact.ts";
import type { ConversationStatus } from "./conversation-frames.ts";
import type { ErrorCode } from "./errors.ts";
import { batch, streamId, type Rejection } from "./facts.ts";
import type { ConversationId, DeliveryId, DeviceId, OperatorId, VisitorId } from "./ids.ts";
import {
  HANDOVER_KEYS_MAX,
  HANDOVER_SECRET_MAX,
  HANDOVER_SECRET_MIN,
  IDENTIFIER_MAX,
  MESSAGE_TEXT_MAX,
  URL_MAX,
} from "./limits.ts";
import type { OperatorCard, TeamAvailability } from "./operators.ts";
import type { WidgetSettings } from "./settings.ts";
import type { Moments } from "./triggers.ts";

/** Boot, and the frames of the socket between one open page and its visitor's object. */

const id = z.string().min(1).max(64);
const secret = z.string().min(HANDOVER_SECRET_MIN).max(HANDOVER_SECRET_MAX).regex(/^\S+$/);
const cut = (max: number) => z.string().transform((text) => text.slice(0, max));

/** `POST /v1/boot`, as `text/plain` JSON so that it needs no preflight. */
export const bootRequest = z.object({
  key: z.string().min(1).max(64),
  /** The device's token from an earlier visit. An unreadable one is answered with a new device. */
  token: z.string().max(512).optional(),
  /**
   * The secrets of the proofs that this browser has made, the newest first, with a space between them: a token that one of
   * them has ended is answered with the next one.
   */
  next: z
    .string()
    .transform((text) =>
      text.split(" ", HANDOVER_KEYS_MAX).map((one) => one.slice(0, HANDOVER_SECRET_MAX)),
    )
    .optional(),
  /** What the page knows of its surroundings. */
  client: z.object({
    language: cut(35).optional(),
    timeZone: cut(64).optional(),
  }),
  /** The first batch: the page view, and what was called before the script had loaded. */
  stream: streamId,
  sentAt: batch.shape.sentAt,
  facts: batch.shape.facts,
});
export type BootRequest = z.infer<typeof bootRequest>;

/** The visitor's side of one conversation, in absolute numbers. */
export type ConversationState = {
  id: ConversationId;
  status: ConversationStatus;
  /** Last visible number, and how far this person has read. */
  through: number;
  read: number;
  /** Messages of operators that this person has not read. */
  unread: number;
  /** The newest message of an operator, for the bubble beside the launcher. */
  preview: {
    author: OperatorCard;
    text: string;
    at: number;
    seq: number;
    /** Where a trigger wrote it. */
    delivery?: DeliveryId;
  } | null;
  /** The person's own last message, by its visible number; 0 before the first. */
  wrote: number;
  /** When an operator last wrote by hand, and who. */
  answered: { at: number; by: OperatorId } | null;
};

/** What a page is told: the open conversation, and what the person's others come to. */
export type OpenConversation = ConversationState & {
  /** Messages of operators that this person has not read, in all of their conversations. */
  waits: number;
  /** How many more conversations there are with something to read in them. */
  others: number;
};

/** One of the person's conversations, as their list shows it. */
export type ListedConversation = {
  id: ConversationId;
  status: ConversationStatus;
  unread: number;
  /** The newest message, its text cut to 200 characters. */
  last: { at: number; text: string; isOwn: boolean };
  /** Who wrote to the person last; null while nobody has. */
  operator: OperatorCard | null;
  /** Where it is by email. */
  mail: { subject: string } | null;
  /** It came with a visitor who turned out to be the same person. */
  isJoined: boolean;
};

export type BootResponse = {
  token: string;
  visitor: VisitorId;
  /** Visitors that this device was before and who are the same person, the newest last. */
  formerly: VisitorId[];
  device: DeviceId;
  settings: WidgetSettings;
  team: TeamAvailability;
  conversation: OpenConversation | null;
  /** Where this person is answered by mail. */
  contact: Contact;
  /** What the chat does by mail; null where it does nothing. */
  byMail: ChatMail | null;
  /** What is due to be shown, and which page rules to wait for; `continued` is there once more for who goes by these. */
  moments: Moments & { continued?: [Continued] };
  /** What became of a link that led to this page. */
  continued?: Continued;
  /** The first batch's fate. */
  through: number;
  rejected: Rejection[];
  serverTime: number;
  /** Somebody else has proven themselves on this device since the token was given: nothing of theirs may stay. */
  isAnotherPerson?: boolean;
};

/**
 * What became of a link by which somebody goes on in this browser: `opened`; `own`: the browser has a conversation or a
 * proof of its own, and keeps it; `gone`: the link does not work any more.
 */
export type Continued = "opened" | "own" | "gone";

/** `POST /v1/continue`: makes a link that goes on elsewhere, and leads to this page of the site. */
export const continueRequest = z.strictObject({
  token: z.string().max(512),
  page: cut(URL_MAX).optional(),
});
export type ContinueResponse = {
  link: string;
  /** By the server's clock. */
  expiresAt: number;
  serverTime: number;
  /** The link as a QR code: a line for each row, `1` for dark. A quiet zone of four modules belongs around it. */
  code: string[];
};

/** `POST /v1/events`: a batch with its token, also used by `sendBeacon` when the page goes away. */
export const eventsRequest = batch.extend({ token: z.string().max(512) });

/** `POST /v1/auth/code`: sends a code to an address of somebody who wrote before. Answered alike for every address. */
export const codeRequest = z.strictObject({
  token: z.string().max(512),
  email: z.string().max(IDENTIFIER_MAX),
  /** A secret of the browser that asks: the code works with it, whichever right the browser has by then. */
  asker: secret.optional(),
});

/**
 * A secret that the browser draws for this one proof and keeps. With it, and not without it, boot leads from a token that
 * the proof has ended to the one that has taken its place.
 */
const next = secret.optional();

/**
 * `POST /v1/auth`: proves who uses this device. Either a JWT, or a user id with the HMAC that the customer's server made
 * of it, or an address with the code that this device asked to be mailed there. How long a JWT may be is checked where it
 * is read, so that a longer one is refused as a proof.
 */
export const authRequest = z.union([
  z.strictObject({ token: z.string().max(512), next, jwt: z.string() }),
  z.strictObject({
    token: z.string().max(512),
    next,
    userId: z.string().min(1).max(IDENTIFIER_MAX),
    hmac: z.string().max(128),
  }),
  z.strictObject({
    token: z.string().max(512),
    next,
    email: z.string().max(IDENTIFIER_MAX),
    code: z.string().max(16),
    asker: secret.optional(),
  }),
]);
export type AuthResponse = {
  /** The right to use from now on. The old one has ended where it is another one. */
  token: string;
  visitor: VisitorId;
  device: DeviceId;
  /** Somebody else had proven themselves on this device before: nothing of theirs may stay in the page. */
  isAnotherPerson: boolean;
};

/** `POST /v1/reset`: ends this device's right. Answered when every socket of the device is closed. */
export const resetRequest = z.object({ token: z.string().max(512) });

const events = batch.extend({ t: z.literal("events"), id });
/** A message for the open conversation, which the visitor's object starts or reopens, or for another one of theirs. */
const message = z.object({
  t: z.literal("message"),
  id,
  stream: streamId,
  n: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
  text: z
    .string()
    .max(MESSAGE_TEXT_MAX)
    .refine((value) => value.trim() !== "", "empty"),
  /** The delivery that this answers: what it said is put into the conversation first. */
  delivery: z.string().max(64).optional(),
  /** Where it was written, if not in the open conversation. What answers a delivery always goes to that one. */
  conversation: z.string().max(64).optional(),
});
/** A page rule has come true. Answered once it is decided; what there is to show follows as `moments`. */
const fired = z.object({ t: z.literal("fired"), id, delivery: z.string().max(64) });
/** Asks for a signed ticket to the socket of one of the person's conversations. */
const ticket = z.object({ t: z.literal("ticket"), id, conversation: z.string().max(64) });

/** Asks for a page of the person's conversations; `before` is `next` of the page before. */
const conversations = z.object({
  t: z.literal("conversations"),
  id,
  before: z
    .string()
    .regex(/^\d{1,16}\.cnv_[0-9a-z]{1,40}$/)
    .optional(),
});

export const pageCommand = z.discriminatedUnion("t", [
  events,
  message,
  ticket,
  fired,
  conversations,
]);
export type PageCommand = z.infer<typeof pageCommand>;

export type ToPage =
  | {
      t: "ack";
      id: string;
      /** For `events`: every number up to this one is settled. */
      through?: number;
      rejected?: Rejection[];
      /** For `message`: where it went, with its visible number. */
      conversation?: ConversationId;
      seq?: number;
      at?: number;
      /** For `ticket`. */
      ticket?: string;
      /** For `conversations`: the open one first, then the others, the newest first; null where there are no more. */
      conversations?: ListedConversation[];
      next?: string | null;
    }
  | { t: "error"; id?: string; code: ErrorCode; message: string }
  | { t: "hello"; conversation: OpenConversation | null; contact: Contact; moments: Moments }
  | { t: "contact"; contact: Contact }
  | { t: "moments"; moments: Moments }
  | { t: "conversation"; conversation: OpenConversation | null };
