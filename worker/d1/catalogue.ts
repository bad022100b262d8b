import type { SESSION_TEXTS } from "../../protocol/conditions.ts";
import type { PropertyValue } from "../../protocol/facts.ts";
import type { VisitorId, WorkspaceId } from "../../protocol/ids.ts";
import type { Catalogue } from "../../protocol/segments-api.ts";
import type { CurrentPage, VisitSession } from "../../protocol/person.ts";
import { Occurring } from "../segments/occurring.ts";

/** The newest visitors, who stand for all. */
const VISITORS_READ = 300;
const EVENTS_MAX = 500;
/** Different values of properties that are read; rarer ones are left out. */
const VALUES_READ = 5_000;

const NEWEST = `(SELECT id, card FROM visitors WHERE workspace_id = ?1 ORDER BY id DESC LIMIT ${VISITORS_READ})`;

/** What really occurs among the newest visitors, the most frequent first. */
export async function readCatalogue(db: D1Database, workspace: WorkspaceId): Promise<Catalogue> {
  const [events, values, visits] = await db.batch([
    db
      .prepare(
        `SELECT e.value ->> 'name' AS name, count(*) AS people
         FROM ${NEWEST} v, json_each(v.card, '$.events') e
         GROUP BY 1 ORDER BY people DESC, name LIMIT ${EVENTS_MAX}`,
      )
      .bind(workspace),
    db
      .prepare(
        `SELECT p.value ->> 'key' AS key, p.value -> 'value' AS value, count(*) AS people
         FROM ${NEWEST} v, json_each(v.card, '$.properties') p
         GROUP BY 1, 2 ORDER BY people DESC, key, value LIMIT ${VALUES_READ}`,
      )
      .bind(workspace),
    db
      .prepare(
        `SELECT v.card -> 'session' AS session, v.card -> 'page' AS page, v.card ->> 'firstSource' AS firstSource,
                v.card ->> '$.cart.currency' AS cartCurrency, v.card -> '$.orders.totals' AS totals
         FROM ${NEWEST} v`,
      )
      .bind(workspace),
  ]);
  // The columns named above, in the order of the statements.
  const visitRows = (visits?.results ?? []) as VisitRow[];
  return {
    events: (events?.results ?? []) as Catalogue["events"],
    properties: propertiesOf((values?.results ?? []) as ValueRow[]),
    session: sessionValues(visitRows),
    currencies: currenciesOf(visitRows),
  };
}

type ValueRow = { key: string; value: string; people: number };
type VisitRow = {
  session: string | null;
  page: string | null;
  firstSource: string | null;
  cartCurrency: string | null;
  totals: string | null;
};

function propertiesOf(rows: ValueRow[]): Catalogue["properties"] {
  const occurring = new Occurring();
  for (const { key, value, people } of rows)
    occurring.note(key, JSON.parse(value) as PropertyValue, people); // a property's value, as the object projected it
  return occurring.list();
}

function sessionValues(rows: VisitRow[]): Catalogue["session"] {
  const occurring = new Occurring();
  for (const row of rows) {
    // The card's own parts.
    const session = JSON.parse(row.session ?? "null") as VisitSession | null;
    const page = JSON.parse(row.page ?? "null") as CurrentPage | null;
    const utm = session?.utm;
    const texts: Record<(typeof SESSION_TEXTS)[number], string | null | undefined> = {
      page: page?.url,
      title: page?.title,
      landing: session?.landing,
      referrer: session?.referrer,
      source: session?.source,
      first_source: row.firstSource,
      utm_source: utm?.source,
      utm_medium: utm?.medium,
      utm_campaign: utm?.campaign,
      utm_term: utm?.term,
      utm_content: utm?.content,
      device: session?.device,
      browser: session?.browser,
      os: session?.os,
      country: session?.country,
      language: session?.language,
    };
    for (const [field, text] of Object.entries(texts))
      if (text != null && text !== "") occurring.note(field, text, 1);
  }
  return Object.fromEntries(occurring.list().map(({ key, values }) => [key, values]));
}

function currenciesOf(rows: VisitRow[]): string[] {
  const occurring = new Occurring();
  for (const { cartCurrency, totals } of rows) {
    const ordered = JSON.parse(totals ?? "[]") as { currency: string }[]; // the card's own part
    for (const currency of [cartCurrency, ...ordered.map((one) => one.currency)])
      if (currency !== null) occurring.note("currency", currency, 1);
  }
  return occurring.list()[0]?.values ?? [];
}

/** The newest visitors to whom an event happened. */
export async function visitorsWithEvent(
  db: D1Database,
  workspace: WorkspaceId,
  name: string,
  most: number,
): Promise<VisitorId[]> {
  const { results } = await db
    .prepare(
      `SELECT v.id FROM ${NEWEST} v
       WHERE EXISTS (SELECT 1 FROM json_each(v.card, '$.events') e WHERE e.value ->> 'name' = ?2)
       ORDER BY v.id DESC LIMIT ?3`,
    )
    .bind(workspace, name, most)
    .all<{ id: VisitorId }>();
  return results.map(({ id }) => id);
}
