import { runInDurableObject } from "cloudflare:test";
import { inboxName } from "../../../../protocol/addresses.ts";
import { SHOWN_MAX } from "../../../../protocol/limits.ts";
import type { Alert } from "../../../../protocol/inbox-frames.ts";
import type { Delivery } from "../../../../protocol/triggers.ts";
import type { ObjectBindings } from "../../../bindings.ts";
import { peersOf } from "../../../peers.ts";
import { Account, drawKey, kindOf, type Draws, type Exposure } from "./account.ts";
import type { Life } from "./life.ts";

/** What a life should have left, or has: sorted, so that two of them can be compared. */
export type Evidence = {
  exposures: string[];
  thread: string[];
  alerts: string[];
  shown: string[];
  /** Sent, but not known to have arrived. */
  owed: string[];
  /** Skips that have no reason, and page rules that should have been armed or should not. */
  unexplained: string[];
};

export type Verdict = { account: Account; draws: Draws; found: Evidence; due: Evidence };

/** What the product shows of a life (rows in D1, the thread, the Inbox, open pop-ups), beside what was due. */
export async function examine(bindings: ObjectBindings, life: Life): Promise<Verdict> {
  const { results } = await bindings.DB.prepare(
    "SELECT body FROM deliveries WHERE workspace_id = ? AND visitor_id = ?",
  )
    .bind(life.workspace, life.visitor)
    .all<{ body: string }>();
  const deliveries = results.map(({ body }) => JSON.parse(body) as Delivery); // the column's type
  const draws = drawsOf(deliveries);
  const account = new Account(life.zone, life.cap, draws);
  for (const one of life.happenings) account.take(one);
  return {
    draws,
    account,
    found: {
      exposures: deliveries
        .filter((one) => one.state !== "skipped")
        .map((one) =>
          lineOf({
            ...one,
            isHeldOut: one.state === "held_out",
            goalMinor: one.goalValue?.amountMinor ?? null,
          }),
        )
        .toSorted(),
      thread: await threadOf(bindings, life),
      alerts: await alertsOf(bindings, life),
      shown: await life.shown(),
      owed: deliveries.filter(isOwed).map((one) => one.id),
      unexplained: [...account.complaints, ...unexplained(account, deliveries)],
    },
    due: dueBy(account),
  };
}

function dueBy(account: Account): Evidence {
  const sent = account.said.filter((one) => !one.isHeldOut);
  const textsOf = (kind: string) =>
    sent
      .filter((one) => kindOf(one) === kind)
      .map((one) => one.text)
      .toSorted();
  return {
    exposures: account.said.map(lineOf).toSorted(),
    thread: textsOf("chat"),
    alerts: textsOf("alert"),
    shown: account.open
      .toReversed()
      .slice(0, SHOWN_MAX)
      .map((one) => one.text),
    owed: [],
    unexplained: [],
  };
}

/** What each version drew is what its first exposure tells; all others have to follow. */
function drawsOf(deliveries: Delivery[]): Draws {
  const draws = new Map<string, string | null>();
  const exposed = deliveries
    .filter((one) => one.state !== "skipped")
    .toSorted((a, b) => a.decidedAt - b.decidedAt);
  for (const one of exposed) if (!draws.has(drawKey(one))) draws.set(drawKey(one), one.variant);
  return draws;
}

function lineOf(one: Exposure): string {
  const drawn = one.isHeldOut ? "held out" : `sent ${one.variant}`;
  const goal = one.goalAt === null ? "" : `, goal ${one.goalAt} ${one.goalMinor} ${one.goalOrder}`;
  return `${drawKey(one)} ${one.firedAt} ${one.decidedAt}: ${drawn}${goal}`;
}

function isOwed({ state, action, deliveredAt }: Delivery): boolean {
  return state === "sent" && action !== "popup" && deliveredAt === null;
}

/** Skips need not be told each time, but each one that is has its reason, and is not told twice within the hour. */
function unexplained({ skipped }: Account, deliveries: Delivery[]): string[] {
  return deliveries
    .filter((one) => one.state === "skipped")
    .filter(
      (one) =>
        !skipped.some(
          ({ trigger, firedAt, reason }) =>
            trigger === one.trigger && firedAt === one.firedAt && reason === one.reason,
        ),
    )
    .map((one) => `${one.trigger} ${one.firedAt} ${one.decidedAt}: skipped as ${one.reason}`);
}

async function threadOf(bindings: ObjectBindings, life: Life): Promise<string[]> {
  const peers = peersOf(bindings);
  const card = await peers.visitor(life.workspace, life.visitor).card();
  if (card === null || card.openConversation === null) return [];
  const log = await peers.conversation(life.workspace, card.openConversation).log(0, 10_000);
  return log.flatMap((entry) => (entry.type === "message" ? [entry.text] : [])).toSorted();
}

async function alertsOf(bindings: ObjectBindings, life: Life): Promise<string[]> {
  const stub = bindings.INBOX.get(bindings.INBOX.idFromName(inboxName(life.workspace)));
  const rows = await runInDurableObject(stub, (_, { storage }) =>
    storage.sql.exec<{ alert: string }>("SELECT alert FROM alerts").toArray(),
  );
  return rows.map(({ alert }) => (JSON.parse(alert) as Alert).text).toSorted(); // the column's type
}
