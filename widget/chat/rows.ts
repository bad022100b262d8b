import type { VisibleEntry } from "../../protocol/entries.ts";
import type { DeliveryId } from "../../protocol/ids.ts";
import type { OperatorCard } from "../../protocol/operators.ts";
import type { Outgoing } from "./outbox.ts";

/** A message as it is shown. */
export type Message = {
  /** The same before and after it is acknowledged, so that its bubble stays the same. */
  key: string;
  /** 0 until it is acknowledged. */
  seq: number;
  at: number;
  text: string;
  /** Null for the person's own. */
  operator: OperatorCard | null;
  state: "waiting" | "sent" | "seen" | "refused";
  /** What a trigger sent with it. */
  moment?: VisibleEntry["moment"] | undefined;
  /** The delivery that it answers. */
  answers?: DeliveryId | undefined;
};

export type Row =
  | { type: "day"; key: string; at: number }
  | {
      type: "message";
      key: string;
      message: Message;
      /** Opens or ends a group of one author. */
      isFirst: boolean;
      isLast: boolean;
      /** Whether the state of sending is said under it. */
      hasState: boolean;
    };

/** A pause longer than this begins a new group. */
const GROUP_GAP_MS = 5 * 60_000;

/** Entries, then what is not acknowledged; `read` is how far the team has read. */
export function messagesOf(
  entries: readonly VisibleEntry[],
  outgoing: readonly Outgoing[],
  read: number,
): Message[] {
  const held = new Set(entries.map(({ key }) => key));
  return [
    ...entries.map(({ seq, at, text, author, key, moment, answers }): Message => {
      const operator = author.kind === "operator" ? author.operator : null;
      return {
        key: key ?? `${seq}`,
        seq,
        at,
        text,
        operator,
        state: seq <= read ? "seen" : "sent",
        moment,
        answers,
      };
    }),
    ...outgoing
      .filter(({ key }) => !held.has(key))
      .map(({ key, at, text, state, delivery }): Message => ({
        key,
        seq: 0,
        at,
        text,
        operator: null,
        state: state === "flying" ? "waiting" : state,
        answers: delivery,
      })),
  ];
}

/** Messages from the first one that answers a delivery. */
export function answersTo(delivery: DeliveryId, messages: readonly Message[]): readonly Message[] {
  const first = messages.findIndex(({ answers }) => answers === delivery);
  return first < 0 ? [] : messages.slice(first);
}

/** Messages with a separator before each day, grouped by author. `dayOf` names the day of an instant. */
export function rowsOf(messages: readonly Message[], dayOf: (at: number) => string): Row[] {
  const rows: Row[] = [];
  let lastOwn: Message | undefined;
  for (const message of messages)
    if (message.operator === null && message.state !== "refused") lastOwn = message;
  messages.forEach((message, i) => {
    const before = messages[i - 1];
    const after = messages[i + 1];
    const day = dayOf(message.at);
    if (!before || dayOf(before.at) !== day)
      rows.push({ type: "day", key: `day ${day}`, at: message.at });
    rows.push({
      type: "message",
      key: message.key,
      message,
      isFirst: !before || !belongTogether(before, message, dayOf),
      isLast: !after || !belongTogether(message, after, dayOf),
      hasState: message === lastOwn || message.state === "refused",
    });
  });
  return rows;
}

function belongTogether(a: Message, b: Message, dayOf: (at: number) => string): boolean {
  return (
    a.operator?.id === b.operator?.id && b.at - a.at < GROUP_GAP_MS && dayOf(a.at) === dayOf(b.at)
  );
}
