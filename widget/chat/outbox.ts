import type { ErrorCode } from "../../protocol/errors.ts";
import type { ConversationId, DeliveryId, VisitorId } from "../../protocol/ids.ts";
import type { Memory } from "../memory.ts";

/** A message of this browser, until its entry is here. */
export type Outgoing = {
  /** `<stream>:<n>`, as the server gives it back on the entry. */
  key: string;
  stream: string;
  n: number;
  text: string;
  at: number;
  state: "waiting" | "flying" | "refused" | "sent";
  /** What it answers. */
  delivery?: DeliveryId | undefined;
  /** The conversation that it was written in, if that was not the open one, or that it was once on its way to. */
  place?: ConversationId | undefined;
  /** Who has written it; nobody yet while the browser's right is on its way. */
  whose?: VisitorId | undefined;
  /** Why it was refused. */
  code?: ErrorCode;
};

/** How many may wait for their answers at once. */
const FLYING_MAX = 32;
/** So long a message that somebody else has left behind is kept: a tab of theirs may still be about to send it. */
export const FOREIGN_KEPT_MS = 86_400_000;
const PLACE = ":out:";
const FLAG = ":unsent";

/**
 * Messages, numbered per stream and kept in the browser until they are acknowledged: a closed tab loses nothing,
 * because the next page load sends what it finds, under the same stream and number.
 *
 * A number that was refused is never filled, so what comes after it goes under a new stream.
 */
export function createOutbox(memory: Memory, newStream: () => string, now: () => number) {
  let items: Outgoing[] = [];
  let stream = newStream();
  let last = 0;

  function put(item: Outgoing) {
    const { text, at, code, delivery, place, whose } = item;
    memory.keep(PLACE + item.key, JSON.stringify({ text, at, code, delivery, place, whose }));
    memory.keep(FLAG, "1");
  }

  function take(item: Outgoing) {
    items = items.filter((other) => other !== item);
    forget(PLACE + item.key);
  }

  function forget(name: string) {
    memory.keep(name);
    if (memory.names(PLACE).length === 0) memory.keep(FLAG);
  }

  function renew() {
    stream = newStream();
    last = 0;
  }

  return {
    all: (): readonly Outgoing[] => items,
    add(text: string, delivery?: DeliveryId, place?: ConversationId): Outgoing {
      const n = ++last;
      const item: Outgoing = {
        key: `${stream}:${n}`,
        stream,
        n,
        text,
        at: now(),
        state: "waiting",
        delivery,
        place,
      };
      items.push(item);
      put(item);
      return item;
    },
    /**
     * Takes over what other page loads left behind and nobody has sent for `quietMs`.
     * @param isOurs Whether whoever is here now has written it.
     * @param isKnown Who is here now is known, so that what is somebody else's may be forgotten.
     */
    adopt(quietMs: number, isOurs: (whose?: VisitorId) => boolean, isKnown = false): void {
      for (const name of memory.names(PLACE)) {
        const key = name.slice(PLACE.length);
        const [from = "", n] = key.split(":");
        const kept = read(memory.recall(name));
        if (!kept || from === "" || items.some((item) => item.key === key)) continue;
        const age = now() - kept.at;
        if (age < quietMs) continue;
        if (!isOurs(kept.whose)) {
          if (isKnown && age > FOREIGN_KEPT_MS) forget(name);
          continue;
        }
        items.push({
          key,
          stream: from,
          n: Number(n),
          ...kept,
          state: kept.code ? "refused" : "waiting",
        });
      }
      items.sort((a, b) => a.at - b.at || a.n - b.n);
    },
    /** What to send now, oldest first, so that at most `limit` are on their way. */
    next(limit: number = FLYING_MAX): Outgoing[] {
      const flying = items.filter(({ state }) => state === "flying").length;
      return items.filter(({ state }) => state === "waiting").slice(0, Math.max(0, limit - flying));
    },
    isFlying: (): boolean => items.some(({ state }) => state === "flying"),
    take,
    refuse(item: Outgoing, code: ErrorCode): void {
      item.state = "refused";
      item.code = code;
      put(item);
      if (item.stream === stream) renew();
    },
    /** Sends a refused message again: under its own number, unless that number means something else by now. */
    retry(item: Outgoing): void {
      const { code } = item;
      if (code === "client_id_conflict") {
        take(item);
        this.add(item.text, item.delivery, item.place);
        return;
      }
      item.state = "waiting";
      delete item.code;
      put(item);
    },
    /** What is written from here on has a stream of its own, as each conversation has. */
    renew,
    /** Whoever is here now has written what is nobody's yet. */
    sign(whose: VisitorId): void {
      for (const item of items)
        if (!item.whose) {
          item.whose = whose;
          put(item);
        }
    },
    /** Nothing of the former visitor stays. What was written since is nobody's yet. */
    clear(): void {
      for (const item of items) if (item.whose) take(item);
      renew();
    },
  };
}

function read(
  json: string | undefined,
): Pick<Outgoing, "text" | "at" | "code" | "delivery" | "place" | "whose"> | undefined {
  try {
    const kept = JSON.parse(json ?? "");
    // What is no message, however it came there, must not stand in the way of those that are.
    return typeof kept.text === "string" ? kept : undefined;
  } catch {
    return undefined;
  }
}
