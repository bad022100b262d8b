import type { ReadMarks } from "../../../protocol/conversation-frames.ts";
import type { OperatorEntry } from "../../../protocol/entries.ts";
import type { OperatorId } from "../../../protocol/ids.ts";
import { TYPING_SHOWN_MS } from "../../../protocol/limits.ts";
import type { OperatorCard } from "../../../protocol/operators.ts";
import type { LinkState } from "../live/link.ts";
import { append, emptyLog, hasKey, lastSeq, type EntryLog } from "./entry-log.ts";
import { keyOf, withoutLogged, type Outbox, type OutboxItem } from "./outbox.ts";

/** What one conversation's view shows, and how it changes; no socket and no clock of its own. */
export type RoomState = {
  phase: "loading" | "ready" | "failed";
  failure: unknown;
  link: LinkState;
  log: EntryLog;
  marks: ReadMarks | null;
  /** An address that is known to be the person's, where a mail may be sent on purpose. */
  mailTo: string | null;
  /** How long an answer stays unread before it goes there by itself; null where none does. */
  copyAfterMs: number | null;
  /** Entries after this number were unread when the view was opened. */
  dividerAfter: number | null;
  /** Who writes right now, and until when that is shown; `null` is the visitor. */
  typing: readonly { operator: OperatorCard | null; until: number }[];
  outbox: Outbox;
};

export const newRoom = (outbox: Outbox): RoomState => ({
  phase: "loading",
  failure: null,
  link: "connecting",
  log: emptyLog,
  marks: null,
  mailTo: null,
  copyAfterMs: null,
  dividerAfter: null,
  typing: [],
  outbox,
});

/** Takes in newer entries, from wherever they came. */
export function withEntries(
  state: RoomState,
  entries: readonly OperatorEntry[],
  me: OperatorCard,
): { state: RoomState; isGap: boolean } {
  const { log, isGap } = append(state.log, entries);
  const typing = state.typing.filter(
    (typist) => !entries.some((entry) => isBy(entry, typist.operator)),
  );
  return { state: settle({ ...state, log, typing }, me), isGap };
}

function isBy(entry: OperatorEntry, operator: OperatorCard | null): boolean {
  if (entry.type !== "message" && entry.type !== "note") return false;
  return entry.author.kind === "operator"
    ? entry.author.operator.id === operator?.id
    : operator === null;
}

/** Moves acknowledged items into the log, as soon as everything before them is there. */
export function settle(state: RoomState, me: OperatorCard): RoomState {
  let { log } = state;
  const acknowledged = state.outbox
    .filter((item) => item.state === "acknowledged")
    .sort((a, b) => (a.seq ?? 0) - (b.seq ?? 0));
  for (const item of acknowledged) {
    if (item.seq === lastSeq(log) + 1 && state.phase === "ready")
      log = append(log, [entryOf(item, log, me)]).log;
  }
  const outbox = withoutLogged(state.outbox, lastSeq(log), (key) => hasKey(log, key));
  return log === state.log && outbox === state.outbox ? state : { ...state, log, outbox };
}

function entryOf(item: OutboxItem, log: EntryLog, me: OperatorCard): OperatorEntry {
  const common = {
    seq: item.seq ?? 0,
    at: item.at ?? item.writtenAt,
    author: { kind: "operator" as const, operator: me },
    text: item.text,
    key: keyOf(item),
  };
  if (item.kind === "note") return { type: "note", ...common };
  const visibleSeq =
    log.entries.reduce((last, entry) => (entry.type === "message" ? entry.visibleSeq : last), 0) +
    1;
  const { email } = item;
  return { type: "message", visibleSeq, ...common, ...(email === undefined ? {} : { email }) };
}

/** Somebody started or stopped writing. One's own writing in another tab is not shown. */
export function withTyping(
  state: RoomState,
  operator: OperatorCard | null,
  isOn: boolean,
  me: OperatorId,
  now: number,
): RoomState {
  if (operator?.id === me) return state;
  const others = state.typing.filter(
    (typist) => typist.operator?.id !== operator?.id && typist.until > now,
  );
  return {
    ...state,
    typing: isOn ? [...others, { operator, until: now + TYPING_SHOWN_MS }] : others,
  };
}

export function withoutStaleTyping(state: RoomState, now: number): RoomState {
  const typing = state.typing.filter((typist) => typist.until > now);
  return typing.length === state.typing.length ? state : { ...state, typing };
}

/** How far the reader has come, if that is news to the server. */
export function readThrough(state: RoomState): number | null {
  const last = lastSeq(state.log);
  if (state.phase !== "ready" || state.marks === null || last <= state.marks.team) return null;
  return last;
}
