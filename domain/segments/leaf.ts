import type { LeafCondition, SESSION_NUMBERS, SESSION_TEXTS } from "../../protocol/conditions.ts";
import { asId } from "../../protocol/ids.ts";
import { canonicalName } from "../events/names.ts";
import { toMinor } from "../money/minor.ts";
import { eventVerdict } from "./event-leaf.ts";
import type { LeafContext } from "./leaf-context.ts";
import { compares } from "./numbers.ts";
import type { PersonView } from "./person-view.ts";
import { textTester } from "./texts.ts";
import { ALWAYS, instantIn, NEVER, timeVerdict, type Verdict } from "./times.ts";
import { valueTester } from "./values.ts";

export type LeafTester = (view: PersonView, context: LeafContext) => Verdict;

/** A condition made ready to be asked often: texts are folded and lists are indexed once. */
export function leafTester(leaf: LeafCondition): LeafTester {
  switch (leaf.type) {
    case "property": {
      const passes = valueTester(leaf.is);
      return (view) => fixed(passes(view.property(leaf.key), view.property("currency")));
    }
    case "property_time":
      return (view, { now, calendar }) =>
        timeVerdict(leaf.is, instantIn(view.property(leaf.key)), now, calendar);
    case "event":
    case "event_time": {
      const named = { ...leaf, name: canonicalName(leaf.name) };
      return (view, context) => eventVerdict(named, view, context);
    }
    case "session_text": {
      const passes = textTester(leaf.is);
      return (view) => {
        const text = sessionText(view, leaf.field);
        return fixed(passes(text === null ? [] : [text], text !== null));
      };
    }
    case "session_number":
      return (view) => number(leaf.is.op, sessionNumber(view, leaf.field), leaf.is.value);
    case "seen":
      return (view, { now, calendar }) => {
        const at = leaf.which === "first" ? view.seen?.firstAt : view.seen?.lastAt;
        return timeVerdict(leaf.is, at, now, calendar);
      };
    case "cart_total": {
      const wanted = toMinor(leaf.is.value, leaf.currency);
      return (view) => {
        const cart = filledCart(view);
        return number(
          leaf.is.op,
          cart?.currency === leaf.currency ? cart.totalMinor : null,
          wanted,
        );
      };
    }
    case "cart_items":
      return (view) => {
        const items = view.cart?.items.reduce((sum, item) => sum + item.quantity, 0) ?? 0;
        return number(leaf.is.op, items, leaf.is.value);
      };
    case "cart_product": {
      const passes = textTester(leaf.is);
      return (view) => {
        const texts = cartTexts(view);
        return fixed(passes(texts, texts.length > 0));
      };
    }
    case "cart_changed":
      return (view, { now, calendar }) =>
        timeVerdict(leaf.is, filledCart(view)?.changedAt, now, calendar);
    case "orders_count":
      return (view) => number(leaf.is.op, view.orders.count, leaf.is.value);
    case "orders_total": {
      const wanted = toMinor(leaf.is.value, leaf.currency);
      return (view) => number(leaf.is.op, ordersTotal(view, leaf.currency), wanted);
    }
    case "orders_average": {
      const wanted = toMinor(leaf.is.value, leaf.currency);
      return (view) => {
        const { count, totals } = view.orders;
        const isOneCurrency = count > 0 && totals.length === 1;
        const total = isOneCurrency ? ordersTotal(view, leaf.currency) : null;
        // Compared as total and count times what is asked, so that nothing is rounded.
        return number(leaf.is.op, total, wanted === null ? null : wanted * count);
      };
    }
    case "orders_last":
      return (view, { now, calendar }) =>
        timeVerdict(leaf.is, view.orders.lastAt ?? undefined, now, calendar);
    case "conversation":
      return (view) => {
        if (leaf.is === "open") return fixed(view.isConversationOpen);
        if (leaf.is === "ever") return fixed(view.hasConversation);
        return fixed((view.conversation?.unread ?? 0) > 0);
      };
    case "conversation_answered":
      return (view, { now, calendar }) =>
        timeVerdict(leaf.is, view.conversation?.answeredAt ?? undefined, now, calendar);
    case "conversation_operator": {
      const passes = textTester(leaf.is);
      return (view) => {
        const operator = view.conversation?.operator ?? null;
        return fixed(passes(operator === null ? [] : [operator], operator !== null));
      };
    }
    case "reaction": {
      const trigger = asId("trg", leaf.trigger);
      return (view, { now, calendar }) =>
        timeVerdict(leaf.is, view.reaction(trigger, leaf.what), now, calendar);
    }
    case "segment": {
      const id = asId("seg", leaf.segment);
      return (_, context) => {
        const { holds, until } = context.segment(id);
        return { holds: holds === leaf.is, until };
      };
    }
  }
}

function fixed(holds: boolean): Verdict {
  return holds ? ALWAYS : NEVER;
}

function number(
  op: Parameters<typeof compares>[0],
  value: number | null | undefined,
  wanted: number | null,
): Verdict {
  return fixed(value != null && wanted !== null && compares(op, value, wanted));
}

/** A text of the current visit, or of the last one; null where there is none. */
export function sessionText(
  view: PersonView,
  field: (typeof SESSION_TEXTS)[number],
): string | null {
  switch (field) {
    case "page":
      return view.page?.url ?? null;
    case "title":
      return view.page?.title ?? null;
    case "first_source":
      return view.seen?.firstSource ?? null;
    case "utm_source":
      return view.session?.utm?.source ?? null;
    case "utm_medium":
      return view.session?.utm?.medium ?? null;
    case "utm_campaign":
      return view.session?.utm?.campaign ?? null;
    case "utm_term":
      return view.session?.utm?.term ?? null;
    case "utm_content":
      return view.session?.utm?.content ?? null;
    case "landing":
    case "referrer":
    case "source":
    case "device":
    case "browser":
    case "os":
    case "country":
    case "language":
      return view.session?.[field] ?? null;
  }
}

/** Pages and whole minutes of the visit, or visits so far; undefined where there was none. */
export function sessionNumber(
  view: PersonView,
  field: (typeof SESSION_NUMBERS)[number],
): number | undefined {
  switch (field) {
    case "pages":
      return view.session?.pages;
    case "minutes":
      return view.session === undefined ? undefined : Math.floor(view.session.activeMs / 60_000);
    case "visits":
      return view.seen?.sessions;
  }
}

/** A cart that holds nothing is none. */
export function filledCart(view: PersonView): PersonView["cart"] {
  const { cart } = view;
  return cart !== null && cart.items.length > 0 ? cart : null;
}

/** Names and ids of the products in the cart: a condition may name either. */
export function cartTexts(view: PersonView): string[] {
  return (view.cart?.items ?? []).flatMap(({ name, productId }) => [name, productId]);
}

/** What was ordered in a currency, in minor units; null where nothing was. */
export function ordersTotal(view: PersonView, currency: string): number | null {
  return view.orders.totals.find((one) => one.currency === currency)?.amountMinor ?? null;
}
