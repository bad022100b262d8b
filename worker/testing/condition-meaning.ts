import { leafTester } from "../../domain/segments/leaf.ts";
import type { PersonView } from "../../domain/segments/person-view.ts";
import type { BoundsOptions } from "../../domain/segments/sql-bounds.ts";
import { treeOf, verdictOf } from "../../domain/segments/tree.ts";
import { calendarOf } from "../../domain/time/calendar.ts";
import type { Condition } from "../../protocol/conditions.ts";
import type { Person } from "./segment-people.ts";

/** Whether a condition holds for a person, as their own object would say. */
export function meaning(
  condition: Condition,
  { card, history, isSpoken }: Person,
  options: BoundsOptions,
): boolean {
  const calendar = calendarOf(options.timeZone);
  const view: PersonView = {
    property(key) {
      if (key === "name") return card.name ?? undefined;
      const claimed = card.identifiers.find(({ kind }) => kind === key);
      if (claimed !== undefined) return claimed.value;
      return card.properties.find((one) => one.key === key)?.value ?? undefined;
    },
    event: (name) => card.events.find((one) => one.name === name),
    history: (name) => history.filter((one) => one.name === name),
    session: card.session ?? undefined,
    page: card.page ?? undefined,
    seen: {
      firstAt: card.firstSeenAt,
      lastAt: card.lastSeenAt,
      sessions: card.sessions,
      firstSource: card.firstSource,
    },
    cart: card.cart,
    orders: { ...card.orders, ids: [] },
    conversation: card.conversation,
    isConversationOpen: card.openConversation !== null && isSpoken,
    hasConversation: card.conversations.length > 0 && isSpoken,
    reaction: (trigger, what) => card.reactions.find((one) => one.trigger === trigger)?.at[what],
  };
  const verdict = (one: Condition): boolean =>
    verdictOf(treeOf(one, leafTester), (test) =>
      test(view, {
        now: options.now,
        calendar,
        segment: (id) => {
          const inner = options.segments.get(id);
          return { holds: inner !== undefined && verdict(inner), until: Infinity };
        },
      }),
    ).holds;
  return verdict(condition);
}
