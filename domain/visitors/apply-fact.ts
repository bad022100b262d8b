import {
  EVENTS,
  isPropertyKey,
  type Fact,
  type Rejection,
  type PropertyValue,
} from "../../protocol/facts.ts";
import { fitsBytes, type Json } from "../../protocol/json.ts";
import {
  EVENT_MAX_BYTES,
  PROPERTIES_MAX,
  EVENT_NAME_MAX,
  IDENTIFIER_MAX,
  SESSION_GAP_MS,
  TITLE_MAX,
  URL_MAX,
  VISITOR_EVENT_NAMES_MAX,
  VISITOR_PROPERTIES_MAX,
} from "../../protocol/limits.ts";
import type { Search, TimelineItem } from "../../protocol/person.ts";
import { cartAfter, EMPTY_ORDERS, ordersAfter, wishlistAfter } from "../commerce/cart.ts";
import { canonicalName, isReservedName } from "../events/names.ts";
import { applyOperation, type PropertyOperation } from "../properties/operations.ts";
import type { Device } from "../sessions/device.ts";
import { outsideReferrer, pageAddress, sourceOf, utmOf } from "../sessions/source.ts";
import { cleanLine } from "../text/clean.ts";
import { EVENT_PREFIX, type VisitorDraft } from "./state.ts";

/** What is known of the page's surroundings when a batch arrives. */
export type FactContext = {
  device: Device;
  country: string | null;
  language: string | null;
  timeZone: string | null;
  /** Whether the device has proven who uses it. */
  isProven: boolean;
};

export type StoredItem = TimelineItem extends infer Item
  ? Item extends unknown
    ? Omit<Item, "seq" | "index">
    : never
  : never;

export type FactOutcome =
  | { ok: true; items: StoredItem[] }
  | { ok: false; code: Rejection["code"] };

const SEARCHES_KEPT = 20;
const NAME_MAX = 120;

/** A reaction is about a delivery, which is kept beside this state. */
export type FactOfState = Exclude<Fact, { type: "reaction" }>;

/**
 * Applies one fact to a visitor's state.
 * @param at The fact's time, corrected for the sender's skew.
 */
export function applyFact(
  draft: VisitorDraft,
  fact: FactOfState,
  at: number,
  context: FactContext,
): FactOutcome {
  switch (fact.type) {
    case "page":
      return applyPage(draft, fact, at, context);
    case "track":
      return applyTrack(draft, fact, at, context);
    case "identify":
      return applyIdentify(draft, fact, at);
    case "set":
      return applySet(draft, fact.ops, at);
    case "time":
      return applyTime(draft, fact.ms, at);
  }
}

function applyPage(
  draft: VisitorDraft,
  fact: Extract<Fact, { type: "page" }>,
  at: number,
  context: FactContext,
): FactOutcome {
  const url = pageAddress(fact.url).slice(0, URL_MAX);
  if (url === "") return { ok: false, code: "invalid" };
  const props = fact.props ?? {};
  const flaw = flawOf(props);
  if (flaw !== null) return { ok: false, code: flaw };
  const title = cleanLine(fact.title ?? "", TITLE_MAX) || null;
  const name = cleanLine(fact.name ?? "", TITLE_MAX);
  const referrer = outsideReferrer(fact.referrer, fact.url);
  const items: StoredItem[] = continueSession(draft, at, context, {
    url: fact.url,
    address: url,
    referrer,
  });
  draft.countEvent(EVENTS.pageViewed, at);
  // A page that was told late is part of the history, not where the person is now.
  if (at >= (draft.get("page")?.since ?? 0)) draft.set("page", { url, title, since: at });
  const session = draft.get("session");
  if (session !== undefined) draft.set("session", { ...session, pages: session.pages + 1 });
  items.push({
    type: "page",
    at,
    url,
    title,
    ...(name === "" ? {} : { name }),
    ...(Object.keys(props).length === 0 ? {} : { props }),
  });
  return { ok: true, items };
}

function applyTrack(
  draft: VisitorDraft,
  fact: Extract<Fact, { type: "track" }>,
  at: number,
  context: FactContext,
): FactOutcome {
  const name = cleanLine(canonicalName(fact.name), EVENT_NAME_MAX);
  if (name === "") return { ok: false, code: "invalid" };
  if (isReservedName(name)) return { ok: false, code: "reserved_name" };
  const props = fact.props ?? {};
  const flaw = flawOf(props);
  if (flaw !== null) return { ok: false, code: flaw };
  if (draft.event(name) === undefined && draft.count(EVENT_PREFIX) >= VISITOR_EVENT_NAMES_MAX) {
    return { ok: false, code: "limit_reached" };
  }
  const items: StoredItem[] = continueSession(draft, at, context, null);
  draft.countEvent(name, at);
  applyCommerce(draft, name, props, at);
  items.push({ type: "track", at, name, props });
  return { ok: true, items };
}

function applyCommerce(
  draft: VisitorDraft,
  name: string,
  props: { [key: string]: Json },
  at: number,
): void {
  if (name === EVENTS.productsSearched) {
    const search = searchOf(props, at);
    if (search !== null) {
      const others = (draft.get("searches") ?? []).filter(({ query }) => query !== search.query);
      draft.set("searches", [search, ...others].slice(0, SEARCHES_KEPT));
    }
  }
  const wishlist = wishlistAfter(draft.get("wishlist") ?? [], name, props);
  if (wishlist !== undefined) draft.set("wishlist", wishlist);
  const orders = ordersAfter(draft.get("orders") ?? EMPTY_ORDERS, name, props, at);
  if (orders !== undefined) draft.set("orders", orders);
  // A thank-you page that is loaded again says nothing of what has been put into the cart since.
  if (name === EVENTS.orderCompleted && orders === undefined) return;
  const cart = cartAfter(draft.get("cart") ?? null, name, props, at);
  if (cart !== undefined) draft.set("cart", cart);
}

function searchOf(props: { [key: string]: Json }, at: number): Search | null {
  const query = props["query"] ?? props["search_term"];
  if (typeof query !== "string" || query.trim() === "") return null;
  const results = props["results"] ?? props["results_count"];
  return {
    query: cleanLine(query, TITLE_MAX),
    results: typeof results === "number" && results >= 0 ? Math.floor(results) : null,
    at,
  };
}

function applyIdentify(
  draft: VisitorDraft,
  fact: Extract<Fact, { type: "identify" }>,
  at: number,
): FactOutcome {
  const traits = fact.traits ?? {};
  const flaw = flawOf(traits);
  if (flaw !== null) return { ok: false, code: flaw };
  const claims = { ...draft.get("claims") };
  const changes: { [key: string]: Json } = {};
  if (fact.userId !== undefined)
    changes["user_id"] = claims.userId = cleanLine(fact.userId, IDENTIFIER_MAX);
  const ops: PropertyOperation[] = [];
  for (const [key, value] of Object.entries({ ...fullName(traits, claims.name), ...traits })) {
    if (!claim(claims, key, value)) ops.push({ op: "set", key, value });
    changes[key] = value;
  }
  const outcome = applyProperties(draft, ops, at);
  if (outcome !== null) return outcome;
  keepClaims(draft, claims);
  return { ok: true, items: [{ type: "identify", at, changes }] };
}

/** Claims that are what they were are not a change: nobody is told of them. */
function keepClaims(draft: VisitorDraft, claims: Claims): void {
  if (JSON.stringify(claims) !== JSON.stringify(draft.get("claims") ?? {}))
    draft.set("claims", claims);
}

function applySet(draft: VisitorDraft, ops: PropertyOperation[], at: number): FactOutcome {
  const claims = { ...draft.get("claims") };
  const changes: { [key: string]: Json } = {};
  const others: PropertyOperation[] = [];
  for (const one of ops) {
    const isClaim =
      (one.op === "set" || one.op === "set_once") && claim(claims, one.key, one.value ?? null);
    if (!isClaim) others.push(one);
    changes[one.key] = one.value ?? null;
  }
  const flaw = flawOf(changes);
  if (flaw !== null) return { ok: false, code: flaw };
  const outcome = applyProperties(draft, others, at);
  if (outcome !== null) return outcome;
  keepClaims(draft, claims);
  return { ok: true, items: [{ type: "identify", at, changes }] };
}

/** Applies all or nothing; null when all were applied. */
function applyProperties(
  draft: VisitorDraft,
  ops: PropertyOperation[],
  at: number,
): FactOutcome | null {
  if (ops.some((one) => !isPropertyKey(one.key))) return { ok: false, code: "invalid" };
  const after = new Map<string, PropertyValue>();
  for (const one of ops) {
    const before = after.has(one.key) ? after.get(one.key) : draft.property(one.key)?.value;
    const value = applyOperation(before, one);
    if (value !== undefined) after.set(one.key, value);
  }
  const held = (key: string): boolean => (draft.property(key)?.value ?? null) !== null;
  const added = [...after].filter(([key, value]) => value !== null && !held(key)).length;
  if (added > 0 && draft.countProperties() + added > VISITOR_PROPERTIES_MAX) {
    return { ok: false, code: "limit_reached" };
  }
  for (const [key, value] of after) draft.setProperty(key, value, at);
  return null;
}

type Claims = { name?: string; email?: string; phone?: string; userId?: string };

/** Takes a trait that names the person; false if the key is an ordinary property. */
function claim(claims: Claims, key: string, value: Json): boolean {
  if (key !== "name" && key !== "email" && key !== "phone") return false;
  const text =
    typeof value === "string" ? cleanLine(value, key === "name" ? NAME_MAX : IDENTIFIER_MAX) : "";
  if (text === "") {
    if (value === null) delete claims[key];
  } else claims[key] = key === "email" ? text.toLowerCase() : text;
  return true;
}

/** The name that its parts make. One part alone is no better than a name that is known. */
function fullName(traits: { [key: string]: Json }, known: string | undefined): { name?: string } {
  if (traits["name"] !== undefined) return {};
  const parts = [
    traits["firstName"] ?? traits["first_name"],
    traits["lastName"] ?? traits["last_name"],
  ].filter((part) => typeof part === "string");
  const name = parts.join(" ");
  return name === "" || (parts.length === 1 && known !== undefined) ? {} : { name };
}

function applyTime(draft: VisitorDraft, ms: number, at: number): FactOutcome {
  const session = draft.get("session");
  if (session !== undefined) {
    draft.set("session", {
      ...session,
      activeMs: session.activeMs + ms,
      lastAt: Math.max(session.lastAt, at),
    });
  }
  return { ok: true, items: [] };
}

function continueSession(
  draft: VisitorDraft,
  at: number,
  context: FactContext,
  page: { url: string; address: string; referrer: string | null } | null,
): StoredItem[] {
  const seen = draft.get("seen") ?? { firstAt: at, lastAt: at, sessions: 0, firstSource: null };
  const session = draft.get("session");
  const isSame = session !== undefined && at - session.lastAt <= SESSION_GAP_MS;
  if (isSame) {
    draft.set("session", { ...session, lastAt: Math.max(session.lastAt, at) });
    draft.set("seen", { ...seen, lastAt: Math.max(seen.lastAt, at) });
    return [];
  }
  const utm = page === null ? null : utmOf(page.url);
  const referrer = page?.referrer ?? null;
  const source = sourceOf(utm, referrer);
  const landing = page?.address ?? null;
  draft.set("session", {
    startedAt: at,
    lastAt: at,
    activeMs: 0,
    pages: 0,
    landing,
    referrer,
    source,
    utm,
    device: context.device.kind,
    browser: context.device.browser,
    os: context.device.os,
    country: context.country,
    language: context.language,
    timeZone: context.timeZone,
    isProven: context.isProven,
  });
  draft.set("seen", {
    firstAt: Math.min(seen.firstAt, at),
    lastAt: Math.max(seen.lastAt, at),
    sessions: seen.sessions + 1,
    firstSource: seen.firstSource ?? source,
  });
  draft.countEvent(EVENTS.sessionStarted, at);
  return [{ type: "session", at, source, referrer, utm, landing }];
}

/** Why a set of properties cannot be kept, or null. */
function flawOf(props: { [key: string]: Json }): "invalid" | "too_large" | null {
  const keys = Object.keys(props);
  if (keys.length > PROPERTIES_MAX) return "too_large";
  if (!keys.every(isPropertyKey)) return "invalid";
  // JSON has no such numbers, but its text may name one that is too large.
  if (Object.values(props).some((value) => value === Infinity || value === -Infinity))
    return "invalid";
  return fitsBytes(JSON.stringify(props), EVENT_MAX_BYTES) ? null : "too_large";
}
