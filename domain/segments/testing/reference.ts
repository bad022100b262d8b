import type {
  Condition,
  EventFilter,
  NumberTest,
  Span,
  TextTest,
  TimeTest,
  ValueTest,
} from "../../../protocol/conditions.ts";
import { asId } from "../../../protocol/ids.ts";
import type { Json } from "../../../protocol/json.ts";
import { canonicalName } from "../../events/names.ts";
import { toMinor } from "../../money/minor.ts";
import type { TestPerson } from "./person.ts";

/**
 * The slow and obvious meaning of a condition: everything is counted from the whole history, each time anew. Shares no
 * code with the evaluator, so that each proves the other.
 */
export type Asked = {
  person: TestPerson;
  now: number;
  timeZone: string;
  segments: ReadonlyMap<string, Condition>;
};

export function holdsByReference(condition: Condition, asked: Asked): boolean {
  const { person, segments } = asked;
  const view = person.view();
  const time = (test: TimeTest, at: number | null | undefined) => passesTime(test, at, asked);
  const { cart } = view;
  const hasCart = cart !== null && cart.items.length > 0;
  switch (condition.type) {
    case "all":
      return condition.of.every((part) => holdsByReference(part, asked));
    case "any":
      return condition.of.some((part) => holdsByReference(part, asked));
    case "not":
      return !holdsByReference(condition.of, asked);
    case "property":
      return passesValue(condition.is, view.property(condition.key), view.property("currency"));
    case "property_time":
      return time(condition.is, instantOf(view.property(condition.key)));
    case "event": {
      const { within, times, where, name } = condition;
      const counted = happened(person, name, where).filter(
        (at) => within === undefined || isWithin(within, at, asked),
      ).length;
      if (times.op === "at_least") return counted >= times.n;
      return times.op === "at_most" ? counted <= times.n : counted === times.n;
    }
    case "event_time": {
      const all = happened(person, condition.name, condition.where);
      if (all.length === 0) return time(condition.is, undefined);
      return time(condition.is, condition.which === "first" ? Math.min(...all) : Math.max(...all));
    }
    case "session_text": {
      const { session, page, seen } = view;
      const texts: Record<typeof condition.field, string | null | undefined> = {
        page: page?.url,
        title: page?.title,
        landing: session?.landing,
        referrer: session?.referrer,
        source: session?.source,
        first_source: seen?.firstSource,
        utm_source: session?.utm?.source,
        utm_medium: session?.utm?.medium,
        utm_campaign: session?.utm?.campaign,
        utm_term: session?.utm?.term,
        utm_content: session?.utm?.content,
        device: session?.device,
        browser: session?.browser,
        os: session?.os,
        country: session?.country,
        language: session?.language,
      };
      return passesText(condition.is, texts[condition.field]);
    }
    case "session_number": {
      const { session, seen } = view;
      if (condition.field === "visits") return passesNumber(condition.is, seen?.sessions);
      if (condition.field === "pages") return passesNumber(condition.is, session?.pages);
      const minutes = session && (session.activeMs - (session.activeMs % 60_000)) / 60_000;
      return passesNumber(condition.is, minutes);
    }
    case "seen":
      return time(
        condition.is,
        condition.which === "first" ? view.seen?.firstAt : view.seen?.lastAt,
      );
    case "cart_total":
      return (
        hasCart &&
        cart.currency === condition.currency &&
        passesMinor(condition.is, cart.totalMinor, condition.currency)
      );
    case "cart_items": {
      let items = 0;
      for (const item of cart?.items ?? []) items += item.quantity;
      return passesNumber(condition.is, items);
    }
    case "cart_product": {
      const items = cart?.items ?? [];
      const texts = [...items.map((item) => item.name), ...items.map((item) => item.productId)];
      return passesText(condition.is, texts.length === 0 ? null : texts);
    }
    case "cart_changed":
      return time(condition.is, hasCart ? cart.changedAt : null);
    case "orders_count":
      return passesNumber(condition.is, view.orders.count);
    case "orders_total": {
      const total = view.orders.totals.find((one) => one.currency === condition.currency);
      return (
        total !== undefined && passesMinor(condition.is, total.amountMinor, condition.currency)
      );
    }
    case "orders_average": {
      const { totals, count } = view.orders;
      const [total] = totals;
      if (count === 0 || totals.length !== 1 || total?.currency !== condition.currency)
        return false;
      const wanted = toMinor(condition.is.value, condition.currency);
      if (wanted === null) return false;
      return passesNumber({ ...condition.is, value: wanted * count }, total.amountMinor);
    }
    case "orders_last":
      return time(condition.is, view.orders.lastAt);
    case "conversation":
      if (condition.is === "open") return view.isConversationOpen;
      return condition.is === "ever" ? view.hasConversation : (view.conversation?.unread ?? 0) > 0;
    case "conversation_answered":
      return time(condition.is, view.conversation?.answeredAt);
    case "conversation_operator":
      return passesText(condition.is, view.conversation?.operator);
    case "reaction":
      return time(condition.is, view.reaction(asId("trg", condition.trigger), condition.what));
    case "segment": {
      const other = segments.get(condition.segment);
      return (other !== undefined && holdsByReference(other, asked)) === condition.is;
    }
  }
}

function happened(person: TestPerson, name: string, where: EventFilter[] = []): number[] {
  return person.occurrences
    .filter((one) => one.name === canonicalName(name))
    .filter(({ props }) =>
      where.every(({ key, is }) => passesValue(is, props[key], props["currency"])),
    )
    .map((one) => one.at);
}

function passesValue(is: ValueTest, value: Json | undefined, currency: Json | undefined): boolean {
  if (is.type === "flag") return value === is.value;
  if (is.type === "amount") {
    const minor = toMinor(value, is.currency);
    if (typeof currency !== "string" || currency.toUpperCase() !== is.currency || minor === null)
      return false;
    return passesMinor(is.test, minor, is.currency);
  }
  if (is.type === "number") {
    const numbers = (Array.isArray(value) ? value : [value]).filter(
      (one) => typeof one === "number",
    );
    return numbers.some((one) => passesNumber(is.test, one));
  }
  if (is.test.op === "exists") return value != null;
  if (is.test.op === "exists_not") return value == null;
  const texts = (Array.isArray(value) ? value : [value]).filter((one) => typeof one === "string");
  return passesText(is.test, texts);
}

function passesText(test: TextTest, given: string | string[] | null | undefined): boolean {
  const texts = given == null ? [] : [given].flat();
  switch (test.op) {
    case "exists":
      return texts.length > 0;
    case "exists_not":
      return texts.length === 0;
    case "is":
      return texts.some((text) => lower(text) === lower(test.value));
    case "is_not":
      return texts.every((text) => lower(text) !== lower(test.value));
    case "contains":
      return texts.some((text) => lower(text).includes(lower(test.value)));
    case "contains_not":
      return texts.every((text) => !lower(text).includes(lower(test.value)));
    case "starts":
      return texts.some((text) => lower(text).startsWith(lower(test.value)));
    case "ends":
      return texts.some((text) => lower(text).endsWith(lower(test.value)));
    case "in":
      return texts.some((text) => test.values.some((value) => lower(text) === lower(value)));
    case "not_in":
      return texts.every((text) => test.values.every((value) => lower(text) !== lower(value)));
  }
}

function lower(text: string): string {
  return text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function passesNumber(test: NumberTest, value: number | null | undefined): boolean {
  if (value == null) return false;
  return {
    eq: value === test.value,
    ne: value !== test.value,
    lt: value < test.value,
    lte: value <= test.value,
    gt: value > test.value,
    gte: value >= test.value,
  }[test.op];
}

function passesMinor(test: NumberTest, minor: number, currency: string): boolean {
  const wanted = toMinor(test.value, currency);
  return wanted !== null && passesNumber({ ...test, value: wanted }, minor);
}

function passesTime(test: TimeTest, at: number | null | undefined, asked: Asked): boolean {
  if (at == null) return test.op === "never";
  switch (test.op) {
    case "within":
      return isWithin(test.span, at, asked);
    case "before_span":
      return !isWithin(test.span, at, asked);
    case "before":
      return at < test.at;
    case "after":
      return at > test.at;
    case "ever":
      return true;
    case "never":
      return false;
  }
}

const MINUTES = { minute: 1, hour: 60, day: 24 * 60 };

function isWithin({ n, unit }: Span, at: number, { now, timeZone }: Asked): boolean {
  if (unit !== "calendar_day") return now - at <= n * MINUTES[unit] * 60_000;
  return localDay(now, timeZone) - localDay(at, timeZone) < n;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** The local date's number, as a wall calendar shows it. */
function localDay(instant: number, timeZone: string): number {
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat("en-CA", { timeZone });
  formats.set(timeZone, format);
  return Date.parse(format.format(instant)) / 86_400_000;
}

/** Only the forms that the generators make. */
function instantOf(value: Json | undefined): number | undefined {
  if (typeof value === "number") return Math.floor(value);
  if (typeof value !== "string" || !/^\d{4}-\d{2}-\d{2}/.test(value)) return undefined;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : at;
}
