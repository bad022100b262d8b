import { createMessageBatch, runInDurableObject } from "cloudflare:test";
import { Journal } from "../../../durable-objects/runtime/journal.ts";
import { peersOf } from "../../../durable-objects/peers.ts";
import { asId } from "../../../protocol/ids.ts";
import type { PersonCard } from "../../../protocol/person.ts";
import { consumeProjection } from "../../queues/projection.ts";
import { env } from "../operator-browser.ts";
import type { Account, History } from "./account.ts";
import type { Shop } from "./shop.ts";
import { conversationsOf, visitorsOf, type Town } from "./town.ts";

/** What is there once everybody has done what they owe, held against the account. */

/** Rounds of calm in which everything that is owed must arrive. */
const ROUNDS = 8;
/** Events that the town's people do; the product counts others by itself. */
const DONE = ["Bell Rung", "Door Knocked", "Order Completed"];
/** Copies of tokens that are tried at the end. */
const COPIES_TRIED = 12;

/** Settles everything and throws at the first thing that is not as the account says. */
export async function examine(town: Town): Promise<void> {
  for (const shop of town.shops) await town.settles(shop);
  let flaws: string[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (const shop of town.shops)
      await town.alarms([...visitorsOf(shop), ...conversationsOf(shop)]);
    await project(town);
    flaws = (await Promise.all(town.shops.map(flawsOf))).flat();
    if (flaws.length === 0) break;
  }
  if (flaws.length > 0) throw new Error(flaws.join("\n"));
  for (const browser of town.browsers) await browser.looks(Number.POSITIVE_INFINITY);
  for (const shop of town.shops)
    for (const copy of shop.credentials.slice(-COPIES_TRIED)) await shop.triesPage(copy);
  await town.steps();
}

async function project(town: Town): Promise<void> {
  const jobs = town.projections.splice(0);
  if (jobs.length === 0) return;
  const messages = jobs.map((body) => ({
    id: crypto.randomUUID(),
    timestamp: new Date(),
    attempts: 1,
    body,
  }));
  await consumeProjection(createMessageBatch("parley-projection", messages), env);
}

async function flawsOf(shop: Shop): Promise<string[]> {
  const found = [
    ...(await peopleFlaws(shop)),
    ...(await identifierFlaws(shop)),
    ...(await threadFlaws(shop)),
    ...(await unfinished(shop)),
  ];
  return found.map((flaw) => `${shop.id}: ${flaw}`);
}

function compare(what: string, found: unknown, due: unknown): string[] {
  const [is, should] = [JSON.stringify(found), JSON.stringify(due)];
  return is === should ? [] : [`${what} is ${is} and should be ${should}`];
}

async function peopleFlaws({ id, account }: Shop): Promise<string[]> {
  const { results } = await env.DB.prepare(
    "SELECT id, card FROM visitors WHERE workspace_id = ? ORDER BY id",
  )
    .bind(id)
    .all<{ id: string; card: string }>();
  const listed = new Map(results.map((row) => [row.id, JSON.parse(row.card) as PersonCard]));
  const flaws: string[] = [];
  for (const history of account.histories) {
    const { visitor, root } = history;
    if (visitor === null) continue;
    const card = await peersOf(env).visitor(id, visitor).card();
    if (history !== root) {
      flaws.push(...compare(`${visitor}, joined`, card?.id, root.visitor));
      flaws.push(...compare(`${visitor}, joined, in D1`, listed.has(visitor), false));
      continue;
    }
    const due = dueOf(account, root);
    flaws.push(...compare(visitor, card && foundOf(card), due));
    const row = listed.get(visitor);
    flaws.push(...compare(`${visitor} in D1`, row && foundOf(row), due));
    listed.delete(visitor);
  }
  return [...flaws, ...compare("whoever else D1 lists", [...listed.keys()], [])];
}

function dueOf(account: Account, history: History) {
  const identifiers = [
    ...[...history.emails].map((email) => `email:${email}`),
    ...(history.userId === null ? [] : [`user_id:${history.userId}`]),
  ];
  const { count, paidMinor } = history.orders;
  return {
    identifiers: identifiers.toSorted(),
    events: DONE.map((name) => history.events.get(name) ?? null),
    orders: [count, paidMinor],
    note: history.note?.value ?? null,
    conversations: account
      .threadsOf(history)
      .map(([conversation]) => conversation)
      .toSorted(),
  };
}

function foundOf(card: PersonCard): ReturnType<typeof dueOf> {
  const { orders } = card;
  const note = card.properties.find(({ key }) => key === "note")?.value;
  return {
    identifiers: card.identifiers
      .filter(({ isVerified }) => isVerified)
      .map(({ kind, value }) => `${kind}:${value}`)
      .toSorted(),
    events: DONE.map((name) => {
      const held = card.events.find((event) => event.name === name);
      return held === undefined
        ? null
        : { count: held.count, firstAt: held.firstAt, lastAt: held.lastAt };
    }),
    orders: [orders.count, orders.totals[0]?.amountMinor ?? 0],
    note: typeof note === "string" ? note : null,
    conversations: card.conversations.toSorted(),
  };
}

/** One identifier, one visitor, and the one that the account says. */
async function identifierFlaws({ id, account }: Shop): Promise<string[]> {
  const { results: joins } = await env.DB.prepare(
    "SELECT visitor_id AS visitor, into_id AS heir FROM joined_visitors WHERE workspace_id = ?",
  )
    .bind(id)
    .all<{ visitor: string; heir: string }>();
  const heirs = new Map(joins.map(({ visitor, heir }) => [visitor, heir]));
  const living = (visitor: string): string => {
    const heir = heirs.get(visitor);
    return heir === undefined ? visitor : living(heir);
  };
  const { results } = await env.DB.prepare(
    `SELECT kind || ':' || value AS name, visitor_id AS visitor FROM identifiers
     WHERE workspace_id = ? ORDER BY 1`,
  )
    .bind(id)
    .all<{ name: string; visitor: string }>();
  const found = results.map(({ name, visitor }) => {
    const history = account.histories.find((one) => one.visitor === living(visitor));
    // Somebody whom no browser has ever come to is nothing but an identifier.
    return `${name} ${history === undefined ? "?" : history.root.visitor}`;
  });
  const due = account.live.flatMap((history) =>
    dueOf(account, history).identifiers.map((name) => `${name} ${history.visitor ?? "?"}`),
  );
  const joined = account.histories.filter(({ into, visitor }) => into !== null && visitor !== null);
  return [
    ...compare("whose identifiers are", found, due.toSorted(byCode)),
    ...joined.flatMap(({ visitor, root }) =>
      compare(`${visitor} in D1`, visitor && living(visitor), root.visitor),
    ),
  ];
}

async function threadFlaws({ id, account }: Shop): Promise<string[]> {
  const { results } = await env.DB.prepare(
    `SELECT c.id, c.visitor_id AS visitor,
       (SELECT json_group_array(text ORDER BY seq) FROM messages AS m
        WHERE m.workspace_id = c.workspace_id AND m.conversation_id = c.id AND m.type = 'message') AS words
     FROM conversations AS c WHERE c.workspace_id = ? ORDER BY c.id`,
  )
    .bind(id)
    .all<{ id: string; visitor: string; words: string }>();
  const found = results.map((row) => [row.id, row.visitor, JSON.parse(row.words)]);
  const due = [...account.threads]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([conversation, { history, words }]) => [conversation, history.root.visitor, words]);
  const flaws = compare("what D1 lists of conversations", found, due);
  for (const [conversation, { history }] of account.threads) {
    const room = peersOf(env).conversation(id, asId("cnv", conversation));
    const summary = await room.summary();
    flaws.push(...compare(conversation, summary?.visitor.id, history.root.visitor));
  }
  return flaws;
}

/** Proofs, identifiers and joins that wait for something still. */
async function unfinished(shop: Shop): Promise<string[]> {
  const flaws: string[] = [];
  for (const stub of visitorsOf(shop)) {
    const left = await runInDurableObject(stub, (_, { storage }) => {
      const journal = new Journal(storage);
      const joined = journal.get("joined") as { isDone: boolean } | undefined; // the object's own words
      return joined === undefined
        ? [journal.get("proving") ?? [], journal.get("claiming") ?? []]
        : [joined.isDone];
    });
    flaws.push(...compare("what waits", left, left.length === 1 ? [true] : [[], []]));
  }
  return flaws;
}

const byCode = (one: string, other: string): number => (one < other ? -1 : 1);
