import type { ConversationId } from "../../protocol/ids.ts";
import type { ListedConversation, OpenConversation } from "../../protocol/visitor-frames.ts";
import { movedAt } from "../identity/joining.ts";
import type { Conversations, HeldConversation } from "./state.ts";

/** A person's conversations as they see them, and which one is the open one. */

type Page = { conversations: ListedConversation[]; next: string | null };

/** Conversations with something to read in them: one that has only been begun, or holds only notes, is nothing yet. */
const readable = ({ list }: Conversations): HeldConversation[] =>
  list.filter(({ state }) => state.through > 0);

/** Every one of them, also the open one that has not told anything of itself yet. */
export function idsOf({ open, list }: Conversations): ConversationId[] {
  return [...new Set([...list.map(({ state }) => state.id), ...(open === null ? [] : [open])])];
}

/** What all of them come to. */
export function totalsOf(conversations: Conversations): Pick<OpenConversation, "waits" | "others"> {
  const all = readable(conversations);
  return {
    waits: all.reduce((sum, { state }) => sum + state.unread, 0),
    others: all.filter(({ state }) => state.id !== conversations.open).length,
  };
}

/**
 * A page of the list: the open one first, then the others by their newest message.
 * @param before `next` of the page before, `<at>.<id>`: a place in the order, whether or not anything stands there.
 * @param limit Rows of one page, two at least.
 */
export function listPage(conversations: Conversations, before: string | null, limit: number): Page {
  const all = readable(conversations);
  const isOpen = ({ state }: HeldConversation) => state.id === conversations.open;
  const others = all.filter((held) => !isOpen(held)).toSorted(byPlace);
  const rows =
    before === null
      ? [...all.filter(isOpen), ...others]
      : others.filter((held) => isAfter(held, before));
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const hasMore = rows.length > shown.length && last !== undefined;
  return { conversations: shown.map(listed), next: hasMore ? placeOf(last) : null };
}

/** The open conversation after one of them has told something: the one in which somebody spoke last, by hand. */
export function openAfter({ open, list }: Conversations, told: HeldConversation): ConversationId {
  const heldOf = (id: ConversationId | null) => list.find(({ state }) => state.id === id);
  const before = heldOf(told.state.id);
  const isWritten = told.state.wrote > (before?.state.wrote ?? 0);
  const isAnswered = answeredAt(told) > answeredAt(before);
  const takesOver = (isWritten || isAnswered) && spokenAt(told) > spokenAt(heldOf(open));
  return takesOver ? told.state.id : (open ?? told.state.id);
}

const answeredAt = (held: HeldConversation | undefined): number => held?.state.answered?.at ?? 0;

const spokenAt = (held: HeldConversation | undefined): number =>
  Math.max(answeredAt(held), held?.words?.own?.at ?? 0);

const placeOf = (held: HeldConversation): string => `${movedAt(held)}.${held.state.id}`;

/** The newest first; at the same instant the one that was made later. */
function byPlace(a: HeldConversation, b: HeldConversation): number {
  return movedAt(b) - movedAt(a) || (a.state.id < b.state.id ? 1 : -1);
}

function isAfter(held: HeldConversation, place: string): boolean {
  const cut = place.indexOf(".");
  const at = Number(place.slice(0, cut));
  const moved = movedAt(held);
  return moved < at || (moved === at && held.state.id < place.slice(cut + 1));
}

function listed(held: HeldConversation): ListedConversation {
  const { state, words, isJoined = false } = held;
  const { id, status, unread, preview, through } = state;
  const isOwn = preview === null || through > preview.seq;
  const subject = words?.subject ?? null;
  return {
    id,
    status,
    unread,
    last: { at: movedAt(held), text: (isOwn ? words?.own?.text : preview.text) ?? "", isOwn },
    operator: preview?.author ?? null,
    mail: subject === null ? null : { subject },
    isJoined,
  };
}
