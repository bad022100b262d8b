import { EMPTY_ORDERS } from "../commerce/cart.ts";
import { knownAs } from "../identity/known-as.ts";
import type { VisitorDraft } from "../visitors/state.ts";
import type { PersonView } from "./person-view.ts";

/** What a state alone does not tell. */
type Beside = Pick<
  PersonView,
  "history" | "conversation" | "isConversationOpen" | "hasConversation" | "reaction"
>;

/** What conditions may ask of a visitor's state, with the changes that are not written yet. Reads only what is asked. */
export function viewOf(draft: VisitorDraft, beside: Beside): PersonView {
  return {
    property(key) {
      switch (key) {
        case "name":
        case "email":
        case "phone":
          return knownAs(draft)[key] ?? undefined;
        case "user_id":
          return knownAs(draft).userId ?? undefined;
        default:
          return draft.property(key)?.value ?? undefined;
      }
    },
    event: (name) => draft.event(name),
    history: beside.history,
    get session() {
      return draft.get("session");
    },
    get page() {
      return draft.get("page");
    },
    get seen() {
      return draft.get("seen");
    },
    get cart() {
      return draft.get("cart") ?? null;
    },
    get orders() {
      return draft.get("orders") ?? EMPTY_ORDERS;
    },
    conversation: beside.conversation,
    isConversationOpen: beside.isConversationOpen,
    hasConversation: beside.hasConversation,
    reaction: beside.reaction,
  };
}

/** Somebody of whom nothing is known yet. */
export const NOBODY: PersonView = {
  property: () => undefined,
  event: () => undefined,
  history: () => [],
  session: undefined,
  page: undefined,
  seen: undefined,
  cart: null,
  orders: EMPTY_ORDERS,
  conversation: null,
  isConversationOpen: false,
  hasConversation: false,
  reaction: () => undefined,
};
