import { normaliseIdentifier } from "../../domain/identity/identifiers.ts";
import { knownAs } from "../../domain/identity/known-as.ts";
import { isVerified } from "../../domain/identity/proving.ts";
import type { VisitorDraft } from "../../domain/visitors/state.ts";
import { placeholderName } from "../../domain/visitors/placeholder.ts";
import { EMPTY_ORDERS } from "../../domain/commerce/cart.ts";
import type { PropertyValue } from "../../protocol/facts.ts";
import { encodedBytes } from "../../protocol/json.ts";
import { JOB_MAX_BYTES } from "../../protocol/limits.ts";
import type { VisitorLabel } from "../../protocol/conversation-frames.ts";
import { isId, type VisitorId } from "../../protocol/ids.ts";
import type {
  Identifier,
  PersonCard,
  PersonDevice,
  PresentVisitor,
} from "../../protocol/person.ts";
import { contactRouteOf } from "../../domain/identity/contact.ts";
import { contactNow } from "./contact.ts";
import { conversationSide } from "./rules.ts";
import type { VisitorStore } from "./store.ts";

/** What operators see of a person, built anew from the state whenever somebody asks. */
export function personCard(id: VisitorId, store: VisitorStore, isOnline: boolean): PersonCard {
  const state = store.draft();
  const seen = state.get("seen");
  const orders = state.get("orders") ?? EMPTY_ORDERS;
  const { open, list } = store.conversations;
  return {
    id,
    name: knownAs(state).name,
    placeholder: placeholderName(id),
    identifiers: identifiersOf(state),
    contact: contactRouteOf(contactNow(state)),
    devices: devicesOf(store),
    properties: store.propertyKeys().flatMap((key) => {
      const held = state.property(key);
      return held === undefined || held.value === null
        ? []
        : [{ key, value: held.value, at: held.at }];
    }),
    firstSeenAt: seen?.firstAt ?? 0,
    lastSeenAt: seen?.lastAt ?? 0,
    isOnline,
    page: state.get("page") ?? null,
    session: state.get("session") ?? null,
    sessions: seen?.sessions ?? 0,
    firstSource: seen?.firstSource ?? null,
    searches: state.get("searches") ?? [],
    cart: state.get("cart") ?? null,
    wishlist: state.get("wishlist") ?? [],
    orders: { count: orders.count, totals: orders.totals, lastAt: orders.lastAt },
    events: state.names().flatMap((name) => {
      const counted = state.event(name);
      return counted === undefined ? [] : [{ name, ...counted }];
    }),
    conversations: list.map((one) => one.state.id),
    openConversation: open,
    conversation: conversationSide(store.conversations),
    segments: Object.entries(store.rules.members).flatMap(([id, since]) =>
      isId("seg", id) ? [{ id, since }] : [],
    ),
    reactions: state.triggers().flatMap((trigger) => {
      const held = state.trigger(trigger);
      return held === null ? [] : [{ trigger, at: held.at }];
    }),
    version: store.versions.now,
  };
}

const DEVICES_SHOWN = 20;

/** What was proven, and of what was claimed whatever says something else. */
function identifiersOf(state: VisitorDraft): Identifier[] {
  const verified = state.get("verified") ?? [];
  const claims = state.get("claims") ?? {};
  const claimed = [
    { kind: "email" as const, value: claims.email },
    { kind: "phone" as const, value: claims.phone },
    { kind: "user_id" as const, value: claims.userId },
  ].flatMap(({ kind, value }) =>
    value === undefined ||
    isVerified(verified, { kind, value: normaliseIdentifier(kind, value) ?? value })
      ? []
      : [{ kind, value, isVerified: false }],
  );
  const order = ["email", "phone", "user_id"];
  return [
    ...verified.map(({ kind, value }) => ({ kind, value, isVerified: true })),
    ...claimed,
  ].toSorted((one, other) => order.indexOf(one.kind) - order.indexOf(other.kind));
}

/** A device that has got another right of this visitor is that one. */
function devicesOf(store: VisitorStore): PersonDevice[] {
  return store
    .devices()
    .filter(({ moved }) => moved === undefined || store.device(moved.device) === null)
    .toSorted((one, other) => other.since - one.since)
    .slice(0, DEVICES_SHOWN)
    .map(({ id, device, country, since, status, provenAt }) => ({
      id,
      ...device,
      country,
      since,
      isActive: status === "active",
      isProven: provenAt !== undefined,
    }));
}

export function visitorLabel(id: VisitorId, store: VisitorStore): VisitorLabel {
  const { name, email } = knownAs(store.draft());
  return { id, name, placeholder: placeholderName(id), email };
}

/** What conversations are told of the person. */
export function threadLabel(id: VisitorId, store: VisitorStore): VisitorLabel {
  const contact = contactRouteOf(contactNow(store.draft()));
  return { ...visitorLabel(id, store), ...(contact === undefined ? {} : { contact }) };
}

/** The row of the live board. @param version Grows with every telling. */
export function presentVisitor(
  id: VisitorId,
  store: VisitorStore,
  version: number,
): PresentVisitor {
  const state = store.draft();
  const session = state.get("session");
  const cart = state.get("cart") ?? null;
  const label = visitorLabel(id, store);
  return {
    ...label,
    page: state.get("page") ?? null,
    since: session?.startedAt ?? 0,
    source: session?.source ?? "Direct",
    country: session?.country ?? null,
    device: session?.device ?? "desktop",
    lastSearch: state.get("searches")?.[0] ?? null,
    cart:
      cart === null || cart.items.length === 0
        ? null
        : {
            items: cart.items.reduce((sum, item) => sum + item.quantity, 0),
            totalMinor: cart.totalMinor,
            currency: cart.currency,
          },
    openConversation: store.conversations.open,
    version,
  };
}

/** Longest lists and texts that the projection carries; the object itself keeps everything. */
const PROJECTED_LIST_MAX = 100;
const PROJECTED_TEXT_MAX = 200;

/** The card as D1 keeps it for lists: with lists as long as a queue's job allows. */
export function projectedCard(card: PersonCard): PersonCard {
  for (let most = PROJECTED_LIST_MAX; ; most = Math.floor(most / 2)) {
    const projected = shortened(card, most);
    if (isLonger(card, most)) projected.cutTo = most;
    if (most === 0 || encodedBytes(projected) <= JOB_MAX_BYTES) return projected;
  }
}

function isLonger(
  { properties, events, cart, conversations, reactions }: PersonCard,
  most: number,
) {
  const lists = [properties, events, cart?.items ?? [], conversations, reactions];
  return lists.some((list) => list.length > most);
}

function shortened(card: PersonCard, most: number): PersonCard {
  const cut = (text: string) => text.slice(0, PROJECTED_TEXT_MAX).toWellFormed();
  const value = (held: PropertyValue): PropertyValue =>
    Array.isArray(held) ? held.slice(0, 5).map(cut) : typeof held === "string" ? cut(held) : held;
  const items = card.cart?.items.slice(0, most) ?? [];
  return {
    ...card,
    properties: card.properties.slice(0, most).map((one) => ({ ...one, value: value(one.value) })),
    searches: card.searches.slice(0, most),
    events: card.events.slice(0, most),
    cart:
      card.cart === null
        ? null
        : { ...card.cart, items: items.map((item) => ({ ...item, url: null, imageUrl: null })) },
    wishlist: card.wishlist.slice(0, most).map((item) => ({ ...item, url: null })),
    conversations: card.conversations.slice(0, most),
    reactions: card.reactions.slice(0, most),
  };
}
