import type { LeafCondition, TextTest, TimeTest, ValueTest } from "../../protocol/conditions.ts";
import {
  allOf,
  comparison,
  exactly,
  FALSE,
  negated,
  UNDECIDED,
  unlessCut,
  type Pair,
} from "./sql-bounds-pair.ts";
import { textBounds, textPredicate } from "./sql-bounds-text.ts";
import { timeBounds, type TimeContext } from "./sql-bounds-time.ts";
import type { SqlValues } from "./sql-bounds-values.ts";

/** Where D1's card cuts texts and lists: durable-objects/visitor/card.ts. What reaches it may have been longer. */
const TEXT_CUT = 200;
const LIST_CUT = 5;

/** Identifiers stand in columns of their own, and are always texts. */
const COLUMNS: ReadonlyMap<string, string> = new Map([
  ["name", "v.name"],
  ["email", "v.email"],
  ["phone", "v.phone"],
  ["user_id", "v.user_id"],
]);

/** Whether entries of a list of the card are missing from it. */
export function isListCut(list: "properties" | "events" | "reactions"): string {
  return `ifnull(json_array_length(v.card,'$.${list}')>=(v.card->>'cutTo'),0)`;
}

export function propertyBounds(
  { key, is }: Extract<LeafCondition, { type: "property" }>,
  values: SqlValues,
): Pair {
  const column = COLUMNS.get(key);
  if (column !== undefined) return columnBounds(column, is, values);
  return unlessCut(heldBounds(key, is, values), isListCut("properties"));
}

function columnBounds(column: string, is: ValueTest, values: SqlValues): Pair {
  if (is.type === "text") return textBounds(column, is.test, values);
  return is.type === "amount" ? { lower: "0", upper: `(${column} IS NOT NULL)` } : FALSE;
}

function heldBounds(key: string, is: ValueTest, values: SqlValues): Pair {
  const has = (more: string) =>
    `EXISTS(SELECT 1 FROM json_each(v.card,'$.properties') p,json_each(p.value,'$.value') i WHERE p.value->>'key'=${values.one(key)}${more})`;
  const exists = exactly(
    `EXISTS(SELECT 1 FROM json_each(v.card,'$.properties') p WHERE p.value->>'key'=${values.one(key)})`,
  );
  switch (is.type) {
    case "text":
      return textOf(is.test, has, exists, values);
    case "number":
      return exactly(
        has(
          ` AND i.type IN ('integer','real') AND i.value${comparison(is.test.op)}${values.one(is.test.value)}`,
        ),
      );
    case "flag":
      // A list of texts holds no flags.
      return exactly(has(` AND i.type='${is.value ? "true" : "false"}'`));
    case "amount":
      return allOf([exists, UNDECIDED]);
  }
}

function textOf(
  test: TextTest,
  has: (more: string) => string,
  exists: Pair,
  values: SqlValues,
): Pair {
  if (test.op === "exists") return exists;
  if (test.op === "exists_not") return negated(exists);
  const predicate = textPredicate(test, values);
  if (predicate === null) return UNDECIDED;
  const isText = " AND i.type='text'";
  const passes = predicate.passes("i.value");
  const bytes = "length(CAST(i.value AS BLOB))";
  const pair = {
    lower: has(`${isText} AND ${passes}${predicate.needsWhole ? ` AND ${bytes}<${TEXT_CUT}` : ""}`),
    upper: has(
      `${isText} AND (${passes} OR ${bytes}>=${TEXT_CUT} OR json_array_length(p.value,'$.value')>=${LIST_CUT})`,
    ),
  };
  return predicate.isNegative ? negated(pair) : pair;
}

/** The instant in the usual forms of ISO 8601; NULL where a property holds none, or one in another form. */
const INSTANT =
  `CASE WHEN t IN ('integer','real') THEN CASE WHEN abs(x)<=8640000000000000 THEN x END
 WHEN t='text' AND date(x)=substr(x,1,10) AND substr(x,12,2)<'24' AND
 (length(x)=10 OR x GLOB '????-??-??T??:??:??Z' OR x GLOB '????-??-??T??:??:??.???Z')
 THEN unixepoch(x)*1000+CASE length(x) WHEN 24 THEN substr(x,21,3) ELSE 0 END END`.replaceAll(
    "\n",
    "",
  );

export function propertyTimeBounds(
  { key, is }: { key: string; is: TimeTest },
  context: TimeContext,
  values: SqlValues,
): Pair {
  const column = COLUMNS.get(key);
  if (column !== undefined)
    return is.op === "never"
      ? { lower: `(${column} IS NULL)`, upper: "1" }
      : { lower: "0", upper: `(${column} IS NOT NULL)` };
  const rows = `(SELECT e.value->>'value' x,json_type(e.value,'$.value') t FROM json_each(v.card,'$.properties') e WHERE e.value->>'key'=${values.one(key)})`;
  const instant = `(SELECT ${INSTANT} FROM ${rows})`;
  const odd = `EXISTS(SELECT 1 FROM ${rows} WHERE t='text' AND ${INSTANT} IS NULL)`;
  const known = timeBounds(instant, is, context, values);
  return unlessCut(
    { lower: `(${known.lower} AND NOT ${odd})`, upper: `(${known.upper} OR ${odd})` },
    isListCut("properties"),
  );
}
