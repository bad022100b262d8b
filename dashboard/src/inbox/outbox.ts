import type { ChosenEmail } from "../../../protocol/entries.ts";
import type { ErrorCode } from "../../../protocol/errors.ts";
import type { ConversationId } from "../../../protocol/ids.ts";

/**
 * What was written and is not acknowledged yet. An item keeps its stream and number until it is settled,
 * so sending it again, from any socket or after a reload, can never double it.
 */
export type OutboxItem = {
  conversation: ConversationId;
  kind: "message" | "note";
  stream: string;
  n: number;
  text: string;
  /** Where it is to go out as a mail too. */
  email?: ChosenEmail;
  writtenAt: number;
  /** `acknowledged`: the server has it; the entry itself is on its way. */
  state: "sending" | "failed" | "acknowledged";
  failure: ErrorCode | null;
  /** The number and time it was given, once acknowledged. */
  seq: number | null;
  at: number | null;
};

export type Outbox = readonly OutboxItem[];

export const keyOf = (item: Pick<OutboxItem, "stream" | "n">): string => `${item.stream}:${item.n}`;

/** Refusals that pass: the item stays, and is sent again after a pause. */
const PASSING: ReadonlySet<ErrorCode> = new Set([
  "rate_limited",
  "overloaded",
  "internal",
  "stream_window",
]);

export const passes = (code: ErrorCode): boolean => PASSING.has(code);

const replace = (outbox: Outbox, key: string, change: (item: OutboxItem) => OutboxItem): Outbox =>
  outbox.map((item) => (keyOf(item) === key ? change(item) : item));

export function acknowledge(outbox: Outbox, key: string, seq: number, at: number): Outbox {
  return replace(outbox, key, (item) => ({
    ...item,
    state: "acknowledged",
    failure: null,
    seq,
    at,
  }));
}

export function refuse(outbox: Outbox, key: string, code: ErrorCode): Outbox {
  if (passes(code)) return outbox;
  return replace(outbox, key, (item) => ({ ...item, state: "failed", failure: code }));
}

/** Another try of a refused item, under a new number: the old one may stand for something else. */
export function retry(outbox: Outbox, key: string, stream: string, n: number, now: number): Outbox {
  const item = outbox.find((candidate) => keyOf(candidate) === key);
  if (item === undefined) return outbox;
  const again: OutboxItem = { ...item, stream, n, writtenAt: now, state: "sending", failure: null };
  return [...remove(outbox, key), again];
}

export const remove = (outbox: Outbox, key: string): Outbox =>
  outbox.filter((item) => keyOf(item) !== key);

/** What must be sent, in the order in which it was written. */
export const unsent = (outbox: Outbox): Outbox => outbox.filter((item) => item.state === "sending");

/** Without what the log shows by now: an acknowledged item leaves when the log has passed its number. */
export function withoutLogged(
  outbox: Outbox,
  through: number,
  has: (key: string) => boolean,
): Outbox {
  const rest = outbox.filter(
    (item) => !(has(keyOf(item)) || (item.seq !== null && item.seq <= through)),
  );
  return rest.length === outbox.length ? outbox : rest;
}

/** Numbers for one sender and one conversation, from 1 without gaps. */
export type Numbering = { stream: string; next: number };

export const startNumbering = (random: () => string): Numbering => ({ stream: random(), next: 1 });

/** A new stream after a refusal: a number that was refused would be a hole in the old one for ever. */
export const afterRefusal = (
  numbering: Numbering,
  stream: string,
  random: () => string,
): Numbering => (numbering.stream === stream ? startNumbering(random) : numbering);
