import type { Condition, LeafCondition } from "../../protocol/conditions.ts";
import type { PropertyValue } from "../../protocol/facts.ts";
import type { SegmentId } from "../../protocol/ids.ts";
import type { Explanation } from "../../protocol/segments-api.ts";
import { fractionDigits } from "../money/minor.ts";
import { calendarOf } from "../time/calendar.ts";
import { normalLeaf } from "./atoms.ts";
import { countedOf, countWithin } from "./event-leaf.ts";
import type { LeafContext } from "./leaf-context.ts";
import {
  cartTexts,
  filledCart,
  leafTester,
  ordersTotal,
  sessionNumber,
  sessionText,
} from "./leaf.ts";
import type { PersonView } from "./person-view.ts";
import { instantIn, type Verdict } from "./times.ts";
import { joined, negated, treeOf, verdictOf } from "./tree.ts";

/** What a condition is asked with, beside the person. `timeZone` is the workspace's. */
type Asking = { now: number; timeZone: string; isIn: (segment: SegmentId) => boolean };

/** Whether one condition holds, worked out from the view alone. */
export function holds(condition: Condition, view: PersonView, asking: Asking): boolean {
  const context = contextOf(asking);
  return verdictOf(treeOf(condition, leafTester), (test) => test(view, context)).holds;
}

/** What became of each part of a condition, and what the person has instead. */
export function explain(condition: Condition, view: PersonView, asking: Asking): Explanation {
  return explained(condition, view, contextOf(asking)).explanation;
}

function contextOf({ now, timeZone, isIn }: Asking): LeafContext {
  const segment = (id: SegmentId): Verdict => ({ holds: isIn(id), until: Infinity });
  return { now, calendar: calendarOf(timeZone), segment };
}

function explained(
  condition: Condition,
  view: PersonView,
  context: LeafContext,
): { verdict: Verdict; explanation: Explanation } {
  const answer = (verdict: Verdict, found: Found, of: Explanation[]) => ({
    verdict,
    explanation: {
      condition,
      holds: verdict.holds,
      ...found,
      nextAt: verdict.until === Infinity ? null : verdict.until,
      of,
    },
  });
  if (condition.type === "all" || condition.type === "any") {
    const parts = condition.of.map((part) => explained(part, view, context));
    const verdicts = parts.map((part) => part.verdict);
    const of = parts.map((part) => part.explanation);
    return answer(joined(condition.type, verdicts), NOTHING, of);
  }
  if (condition.type === "not") {
    const { verdict, explanation } = explained(condition.of, view, context);
    return answer(negated(verdict), NOTHING, [explanation]);
  }
  return answer(leafTester(condition)(view, context), foundBy(condition, view, context), []);
}

type Found = { actual: PropertyValue; isInstant: boolean };
const NOTHING: Found = { actual: null, isInstant: false };

function value(actual: PropertyValue | undefined): Found {
  return { actual: actual ?? null, isInstant: false };
}

function instant(at: number | null | undefined): Found {
  return { actual: at ?? null, isInstant: at != null };
}

function money(minor: number | null, currency: string): Found {
  if (minor === null) return NOTHING;
  const digits = fractionDigits(currency) ?? 2;
  return value(`${(minor / 10 ** digits).toFixed(digits)} ${currency}`);
}

/** What the person has where a condition looks. */
function foundBy(given: LeafCondition, view: PersonView, context: LeafContext): Found {
  const leaf = normalLeaf(given);
  switch (leaf.type) {
    case "property":
      return value(view.property(leaf.key));
    case "property_time": {
      const held = view.property(leaf.key);
      const at = instantIn(held);
      return at === undefined ? value(held) : instant(at);
    }
    case "event":
      return value(countWithin(leaf, view, context));
    case "event_time": {
      const counted = countedOf(leaf, view, {});
      return instant(leaf.which === "first" ? counted?.firstAt : counted?.lastAt);
    }
    case "session_text":
      return value(sessionText(view, leaf.field));
    case "session_number":
      return value(sessionNumber(view, leaf.field));
    case "seen":
      return instant(leaf.which === "first" ? view.seen?.firstAt : view.seen?.lastAt);
    case "cart_total": {
      const cart = filledCart(view);
      if (cart === null) return NOTHING;
      return cart.currency === null
        ? value(cart.totalMinor / 100)
        : money(cart.totalMinor, cart.currency);
    }
    case "cart_items":
      return value(view.cart?.items.reduce((sum, item) => sum + item.quantity, 0) ?? 0);
    case "cart_product":
      return cartTexts(view).length === 0
        ? NOTHING
        : value((view.cart?.items ?? []).map((item) => item.name));
    case "cart_changed":
      return instant(filledCart(view)?.changedAt);
    case "orders_count":
      return value(view.orders.count);
    case "orders_total":
      return money(ordersTotal(view, leaf.currency), leaf.currency);
    case "orders_average": {
      const total = ordersTotal(view, leaf.currency);
      const { count, totals } = view.orders;
      return total === null || count === 0 || totals.length !== 1
        ? NOTHING
        : money(total / count, leaf.currency);
    }
    case "orders_last":
      return instant(view.orders.lastAt);
    case "conversation":
      if (leaf.is === "open") return value(view.isConversationOpen);
      if (leaf.is === "ever") return value(view.hasConversation);
      return value(view.conversation?.unread ?? 0);
    case "conversation_answered":
      return instant(view.conversation?.answeredAt);
    case "conversation_operator":
      return value(view.conversation?.operator);
    case "reaction":
      return instant(
        view.reaction(leaf.trigger as Parameters<PersonView["reaction"]>[0], leaf.what),
      ); // its shape was checked with the condition
    case "segment":
      return value(context.segment(leaf.segment as SegmentId).holds); // its shape was checked with the condition
  }
}
