import {
  REACTIONS,
  SESSION_TEXTS,
  type LeafCondition,
  type NumberTest,
  type Reaction,
  type SESSION_NUMBERS,
  type TextTest,
} from "../../protocol/conditions.ts";
import { toMinor } from "../money/minor.ts";
import { eventBounds } from "./sql-bounds-event.ts";
import {
  comparison,
  exactly,
  FALSE,
  negated,
  UNDECIDED,
  unlessCut,
  type Pair,
} from "./sql-bounds-pair.ts";
import { isListCut, propertyBounds, propertyTimeBounds } from "./sql-bounds-property.ts";
import { textBounds, textPredicate } from "./sql-bounds-text.ts";
import { timeBounds, type TimeContext } from "./sql-bounds-time.ts";
import type { SqlValues } from "./sql-bounds-values.ts";

type Plain = Exclude<LeafCondition, { type: "segment" }>;

/** What D1 can tell of one condition. Texts from outside are values and never part of the SQL. */
export function leafBounds(leaf: Plain, context: TimeContext, values: SqlValues): Pair {
  const time = (x: string, is: Parameters<typeof timeBounds>[1]) =>
    timeBounds(x, is, context, values);
  switch (leaf.type) {
    case "property":
      return propertyBounds(leaf, values);
    case "property_time":
      return propertyTimeBounds(leaf, context, values);
    case "event":
    case "event_time":
      return eventBounds(leaf, context, values);
    case "session_text":
      return textBounds(sessionText(leaf.field), leaf.is, values);
    case "session_number":
      return compared(sessionNumber(leaf.field), leaf.is, values);
    case "seen":
      return time(
        leaf.which === "first" ? "nullif(v.first_seen_at,0)" : "nullif(v.last_seen_at,0)",
        leaf.is,
      );
    case "cart_total":
      return amount(
        `CASE WHEN ${HAS_CART} AND v.card->>'$.cart.currency'=${values.one(leaf.currency)} THEN v.card->>'$.cart.totalMinor' END`,
        leaf,
        values,
      );
    case "cart_items": {
      const sum =
        "ifnull((SELECT sum(i.value->>'quantity') FROM json_each(v.card,'$.cart.items') i),0)";
      return unlessCut(compared(sum, leaf.is, values), IS_CART_CUT);
    }
    case "cart_product":
      return unlessCut(productBounds(leaf.is, values), IS_CART_CUT);
    case "cart_changed":
      return unlessCut(
        time(`CASE WHEN ${HAS_CART} THEN v.card->>'$.cart.changedAt' END`, leaf.is),
        IS_CART_CUT,
      );
    case "orders_count":
      return compared("(v.card->>'$.orders.count')", leaf.is, values);
    case "orders_total":
      return amount(totalIn(leaf.currency, values), leaf, values);
    case "orders_average":
      return averageBounds(leaf, values);
    case "orders_last":
      return time("(v.card->>'$.orders.lastAt')", leaf.is);
    case "conversation":
      return conversationBounds(leaf.is);
    case "conversation_answered":
      return time("(v.card->>'$.conversation.answeredAt')", leaf.is);
    case "conversation_operator":
      return textBounds("(v.card->>'$.conversation.operator')", leaf.is, values);
    case "reaction":
      return unlessCut(
        time(reactionAt(leaf.trigger, leaf.what, values), leaf.is),
        isListCut("reactions"),
      );
  }
}

/** Fields of the visit by the names that conditions give them: the only words that become part of a path. */
const SESSION_PATHS: ReadonlyMap<string, string> = new Map(
  SESSION_TEXTS.map((field) => {
    if (field === "page") return [field, "$.page.url"];
    if (field === "title") return [field, "$.page.title"];
    if (field === "first_source") return [field, "$.firstSource"];
    return [
      field,
      field.startsWith("utm_") ? `$.session.utm.${field.slice(4)}` : `$.session.${field}`,
    ];
  }),
);

function sessionText(field: (typeof SESSION_TEXTS)[number]): string {
  return `(v.card->>'${SESSION_PATHS.get(field) ?? "$.none"}')`;
}

function sessionNumber(field: (typeof SESSION_NUMBERS)[number]): string {
  if (field === "pages") return "(v.card->>'$.session.pages')";
  // Nobody has been here without a visit.
  if (field === "visits") return "nullif(v.card->>'$.sessions',0)";
  return "CAST((v.card->>'$.session.activeMs')/60000 AS INTEGER)";
}

const HAS_CART = "json_array_length(v.card,'$.cart.items')>0";
const IS_CART_CUT = "ifnull(json_array_length(v.card,'$.cart.items')>=(v.card->>'cutTo'),0)";

function compared(x: string, { op, value }: NumberTest, values: SqlValues): Pair {
  return exactly(`ifnull(${x}${comparison(op)}${values.one(value)},0)`);
}

/** A comparison of minor units with a decimal amount. */
function amount(
  x: string,
  { is, currency }: { is: NumberTest; currency: string },
  values: SqlValues,
): Pair {
  const value = toMinor(is.value, currency);
  return value === null ? FALSE : compared(x, { op: is.op, value }, values);
}

function productBounds(test: TextTest, values: SqlValues): Pair {
  const has = exactly(`ifnull(${HAS_CART},0)`);
  if (test.op === "exists") return has;
  if (test.op === "exists_not") return negated(has);
  const predicate = textPredicate(test, values);
  if (predicate === null) return UNDECIDED;
  const { passes, isNegative } = predicate;
  const any = exactly(
    `EXISTS(SELECT 1 FROM json_each(v.card,'$.cart.items') i WHERE ${passes("i.value->>'name'")} OR ${passes("i.value->>'productId'")})`,
  );
  return isNegative ? negated(any) : any;
}

function totalIn(currency: string, values: SqlValues): string {
  return `(SELECT o.value->>'amountMinor' FROM json_each(v.card,'$.orders.totals') o WHERE o.value->>'currency'=${values.one(currency)})`;
}

function averageBounds(
  { is, currency }: Extract<Plain, { type: "orders_average" }>,
  values: SqlValues,
): Pair {
  const wanted = toMinor(is.value, currency);
  if (wanted === null) return FALSE;
  const count = "(v.card->>'$.orders.count')";
  const total = `CASE WHEN ${count}>0 AND json_array_length(v.card,'$.orders.totals')=1 THEN ${totalIn(currency, values)} END`;
  return exactly(`ifnull(${total}${comparison(is.op)}${values.one(wanted)}*${count},0)`);
}

/** The card lists conversations that were begun; whether something was said in one it tells only of an answer. */
function conversationBounds(is: "open" | "ever" | "unread"): Pair {
  const answered = "(v.card->>'$.conversation.answeredAt') IS NOT NULL";
  switch (is) {
    case "open": {
      const open = "(v.card->>'openConversation') IS NOT NULL";
      return { lower: `(${open} AND ${answered})`, upper: `(${open})` };
    }
    case "ever":
      return {
        lower: `(${answered})`,
        upper: "ifnull(json_array_length(v.card,'$.conversations')>0,0)",
      };
    case "unread":
      return exactly("ifnull((v.card->>'$.conversation.unread')>0,0)");
  }
}

function reactionAt(trigger: string, what: Reaction, values: SqlValues): string {
  const known = REACTIONS.find((one) => one === what) ?? "none";
  return `(SELECT e.value->>'$.at.${known}' FROM json_each(v.card,'$.reactions') e WHERE e.value->>'trigger'=${values.one(trigger)})`;
}
