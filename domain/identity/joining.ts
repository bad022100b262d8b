import type { ConversationId, TriggerId } from "../../protocol/ids.ts";
import { CAP_MESSAGES_MAX, PENDING_MAX, VISITOR_PROPERTIES_MAX } from "../../protocol/limits.ts";
import type { Money } from "../../protocol/person.ts";
import { joinContacts } from "./contact.ts";
import type {
  Conversations,
  Firings,
  HeldConversation,
  HeldProperty,
  HeldTrigger,
  VisitorState,
} from "../visitors/state.ts";

/** What one visitor leaves to the one that it is joined into, beside its events. What is absent was never known. */
export type Estate = Partial<
  Pick<
    VisitorState,
    | "seen"
    | "claims"
    | "contact"
    | "session"
    | "page"
    | "searches"
    | "cart"
    | "wishlist"
    | "orders"
    | "firings"
    | "capped"
    | "shown"
    | "goals"
    | "effects"
    | "unanswered"
    | "conversations"
  >
> & {
  properties: { [key: string]: HeldProperty };
  triggers: { [id: TriggerId]: HeldTrigger };
  /** When each version of a trigger was first sent or held out, by `<trigger>:<version>`. */
  exposedAt: { [exposure: string]: number };
};

const SEARCHES_KEPT = 20;
const WISHES_KEPT = 100;
const ORDER_IDS_KEPT = 500;
const GOALS_KEPT = 200;
const SHOWN_KEPT = 50;
const ASSIGNED_KEPT = 20;
const UNTOLD_KEPT = 20;

/**
 * One person's estate from two. Sums add up, first and last are the outermost, the newer of two values stays, what was
 * exposed first stays assigned, and what counts towards a cap counts from both. Of two claims that say different things
 * that of `own` stays. Joining in any grouping gives the same.
 */
export function joinEstates(own: Estate, other: Estate): Estate {
  const joined: Estate = {
    properties: joinProperties(own.properties, other.properties),
    triggers: {},
    exposedAt: { ...other.exposedAt, ...own.exposedAt },
  };
  for (const [exposure, at] of Object.entries(other.exposedAt))
    joined.exposedAt[exposure] = Math.min(at, own.exposedAt[exposure] ?? at);
  // Both are keyed by triggers' ids.
  for (const id of Object.keys({ ...own.triggers, ...other.triggers }) as TriggerId[])
    joined.triggers[id] = joinTriggers(id, own, other);
  const put = <K extends keyof Estate>(
    key: K,
    join: (a: NonNullable<Estate[K]>, b: NonNullable<Estate[K]>) => Estate[K],
  ) => {
    const a: Estate[K] | null = own[key];
    const b: Estate[K] | null = other[key];
    if (a != null && b != null) joined[key] = join(a, b);
    else if (a != null) joined[key] = a;
    else if (b != null) joined[key] = b;
  };
  put("seen", (a, b) => ({
    firstAt: Math.min(a.firstAt, b.firstAt),
    lastAt: Math.max(a.lastAt, b.lastAt),
    sessions: a.sessions + b.sessions,
    firstSource: a.firstAt <= b.firstAt ? a.firstSource : b.firstSource,
  }));
  put("claims", (a, b) => ({ ...b, ...a }));
  put("contact", joinContacts);
  put("session", (a, b) => (a.lastAt >= b.lastAt ? a : b));
  put("page", (a, b) => (a.since >= b.since ? a : b));
  put("cart", (a, b) => (a.changedAt >= b.changedAt ? a : b));
  put("searches", (a, b) => newestEach([...a, ...b], ({ query }) => query, SEARCHES_KEPT));
  put("wishlist", (a, b) =>
    firstEach([...a, ...b], ({ productId }) => productId).slice(0, WISHES_KEPT),
  );
  put("orders", (a, b) => ({
    count: a.count + b.count,
    totals: joinTotals(a.totals, b.totals),
    lastAt: a.lastAt === null ? b.lastAt : Math.max(a.lastAt, b.lastAt ?? 0),
    ids: [...new Set([...a.ids, ...b.ids])].slice(0, ORDER_IDS_KEPT),
  }));
  put("firings", joinFirings);
  put("capped", (a, b) => [...a, ...b].toSorted((x, y) => x - y).slice(-CAP_MESSAGES_MAX));
  put("shown", (a, b) => firstEach([...a, ...b], ({ id }) => id).slice(0, SHOWN_KEPT));
  put("goals", (a, b) =>
    firstEach([...a, ...b], ({ id }) => id)
      .toSorted((x, y) => x.at - y.at || (x.id < y.id ? -1 : 1))
      .slice(-GOALS_KEPT),
  );
  put("effects", (a, b) => [...new Set([...a, ...b])]);
  put("conversations", joinConversations);
  // Their numbers are those of the open conversation.
  const isOthers = joined.conversations?.open !== own.conversations?.open;
  const unanswered = isOthers ? other.unanswered : own.unanswered;
  if (unanswered !== undefined) joined.unanswered = unanswered;
  return joined;
}

function joinProperties(own: Estate["properties"], other: Estate["properties"]) {
  const joined = { ...own };
  for (const [key, held] of Object.entries(other)) {
    const known = own[key];
    if (known !== undefined) joined[key] = known.at >= held.at ? known : held;
    else if (Object.keys(joined).length < VISITOR_PROPERTIES_MAX) joined[key] = held;
  }
  return joined;
}

function joinTriggers(id: TriggerId, own: Estate, other: Estate): HeldTrigger {
  const [a, b] = [own.triggers[id], other.triggers[id]];
  if (a === undefined || b === undefined) return (a ?? b) as HeldTrigger; // the id is one of theirs
  const exposedAt = (estate: Estate, version: number) =>
    estate.exposedAt[`${id}:${version}`] ?? Number.POSITIVE_INFINITY;
  const assigned = firstEach([...a.assigned, ...b.assigned], ({ version }) => `${version}`).map(
    (one) => {
      const theirs = b.assigned.find(({ version }) => version === one.version);
      return theirs !== undefined && exposedAt(other, one.version) < exposedAt(own, one.version)
        ? theirs
        : one;
    },
  );
  const untold = [...new Set([...(a.untold ?? []), ...(b.untold ?? [])])]
    .toSorted((x, y) => x - y)
    .slice(-UNTOLD_KEPT);
  return {
    assigned: assigned.toSorted((x, y) => x.version - y.version).slice(-ASSIGNED_KEPT),
    exposures: a.exposures + b.exposures,
    lastAt: a.lastAt === null ? b.lastAt : Math.max(a.lastAt, b.lastAt ?? 0),
    isRefused: a.isRefused || b.isRefused,
    at: newestOf(a.at, b.at),
    skippedAt: newestOf(a.skippedAt, b.skippedAt),
    ...(untold.length === 0 ? {} : { untold }),
  };
}

function newestOf<K extends string>(
  a: Partial<Record<K, number>>,
  b: Partial<Record<K, number>>,
): Partial<Record<K, number>> {
  const newest = { ...a };
  // The keys of a record of K are K's.
  for (const [key, at] of Object.entries(b) as [K, number][])
    newest[key] = Math.max(at, newest[key] ?? 0);
  return newest;
}

/** What waits goes on waiting, under new numbers. A page rule's key says nothing of its number. */
function joinFirings(own: Firings, other: Firings): Firings {
  const waiting = [...own.waiting];
  let { last } = own;
  for (const firing of other.waiting) {
    last++;
    if (waiting.length >= PENDING_MAX) continue;
    const key = firing.key === `${firing.n}` ? `${last}` : firing.key;
    waiting.push({ ...firing, n: last, key });
  }
  return { last, waiting };
}

/** All of both; of those that are open the one that was last moved stays the open one. */
function joinConversations(own: Conversations, other: Conversations): Conversations {
  const byId = new Map<ConversationId, HeldConversation>();
  for (const held of [...own.list, ...other.list]) {
    const known = byId.get(held.state.id);
    if (known === undefined || known.version < held.version) byId.set(held.state.id, held);
  }
  const list = [...byId.values()].toSorted(
    (x, y) => movedAt(y) - movedAt(x) || (x.state.id < y.state.id ? 1 : -1),
  );
  const candidates = [own.open, other.open].filter((id) => id !== null);
  const [open = null] = candidates.toSorted((x, y) => rankOf(byId.get(y)) - rankOf(byId.get(x)));
  return { open, list };
}

/** Open ones before closed ones, then the one that was last moved. */
function rankOf(held: HeldConversation | undefined): number {
  if (held === undefined) return Number.MAX_SAFE_INTEGER;
  return movedAt(held) + (held.state.status === "open" ? 2 ** 52 : 0);
}

/** When something last happened in a conversation that the person can read, or else when it was made. */
export function movedAt({ state: { id, preview, answered }, words }: HeldConversation): number {
  return Math.max(preview?.at ?? 0, answered?.at ?? 0, words?.own?.at ?? 0, timeOf(id));
}

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

/** When an id was made: its first ten characters. */
function timeOf(id: ConversationId): number {
  let time = 0;
  for (const character of id.slice(4, 14))
    time = time * 32 + Math.max(0, ALPHABET.indexOf(character));
  return time;
}

function joinTotals(own: Money[], other: Money[]): Money[] {
  const sums = new Map<string, number>();
  for (const { currency, amountMinor } of [...own, ...other])
    sums.set(currency, (sums.get(currency) ?? 0) + amountMinor);
  return [...sums].map(([currency, amountMinor]) => ({ currency, amountMinor }));
}

function newestEach<T extends { at: number }>(
  all: T[],
  keyOf: (one: T) => string,
  most: number,
): T[] {
  const order = all.toSorted((x, y) => y.at - x.at);
  return firstEach(order, keyOf).slice(0, most);
}

function firstEach<T>(all: T[], keyOf: (one: T) => string): T[] {
  const seen = new Set<string>();
  return all.filter((one) => {
    const key = keyOf(one);
    return seen.has(key) ? false : seen.add(key);
  });
}
