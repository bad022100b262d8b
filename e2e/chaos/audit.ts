import type { ConversationSummary } from "../../protocol/conversation-frames.ts";
import type { MessageEntry, NoteEntry, OperatorEntry } from "../../protocol/entries.ts";
import type { EntryPage, TimelinePage } from "../../protocol/operator-api.ts";
import type { PersonCard, TimelineItem } from "../../protocol/person.ts";
import { FactStream } from "./facts.ts";
import type { Findings } from "./findings.ts";
import { keyOf, type Sending } from "./ledger.ts";
import type { OperatorClient, OperatorRoom } from "./operator-client.ts";
import { Random } from "./random.ts";
import type { SeenEntry, View } from "./view.ts";
import type { VisitorClient } from "./visitor-client.ts";

/** What an object says of itself after the faults, asked through the API as an operator. */
export type Truth = {
  visitor: VisitorClient;
  summary: ConversationSummary;
  log: OperatorEntry[];
  person: PersonCard;
};

export async function readTruth(operator: OperatorClient, visitor: VisitorClient): Promise<Truth> {
  const path = `/api/conversations/${visitor.conversation}`;
  const log: OperatorEntry[] = [];
  for (let before: number | null = null, hasMore = true; hasMore; before = log[0]?.seq ?? 1) {
    const query: string = before === null ? "" : `?before=${before}`;
    const page: EntryPage = await operator.api("GET", `${path}/entries${query}`);
    log.unshift(...page.entries);
    hasMore = page.hasMore && page.entries.length > 0;
  }
  return {
    visitor,
    log,
    summary: await operator.api("GET", path),
    person: await operator.api("GET", `/api/visitors/${visitor.visitor}`),
  };
}

/** Holds a conversation's log against what was sent into it and what was acknowledged. */
export function auditLog({ visitor, log, summary }: Truth, findings: Findings): void {
  const { name, ledger } = visitor;
  log.forEach((entry, index) => {
    if (entry.seq !== index + 1)
      findings.add("gap", `${name}: entry ${index + 1} has the number ${entry.seq}`);
  });
  const visible = log.filter((entry) => entry.type === "message");
  visible.forEach((entry, index) => {
    if (entry.visibleSeq !== index + 1) {
      findings.add(
        "gap",
        `${name}: message ${index + 1} has the visible number ${entry.visibleSeq}`,
      );
    }
  });
  if (summary.seq !== log.length || summary.visibleSeq !== visible.length) {
    findings.add(
      "gap",
      `${name}: the summary counts ${summary.seq}/${summary.visibleSeq}, the log ${log.length}/${visible.length}`,
    );
  }

  const found = new Map<string, MessageEntry | NoteEntry>();
  const lastOfStream = new Map<string, number>();
  for (const entry of log) {
    if (entry.type !== "message" && entry.type !== "note") continue;
    const sending = ledger.sendings.get(entry.key);
    if (found.has(entry.key)) {
      findings.add(
        "duplicated",
        `${name}: ${entry.key} stands at ${found.get(entry.key)?.seq} and ${entry.seq}`,
      );
      continue;
    }
    found.set(entry.key, entry);
    if (sending === undefined || !isSame(sending, entry)) {
      findings.add("invented", `${name}: ${JSON.stringify(entry)}`);
      continue;
    }
    const last = lastOfStream.get(sending.stream) ?? 0;
    if (sending.n < last)
      findings.add(
        "reordered",
        `${name}: ${entry.key} stands at ${entry.seq}, after number ${last}`,
      );
    lastOfStream.set(sending.stream, Math.max(last, sending.n));
  }
  for (const sending of ledger.acknowledged()) {
    const entry = found.get(keyOf(sending));
    if (entry === undefined) {
      findings.add(
        "lost",
        `${name}: ${keyOf(sending)} of ${sending.sender} was acknowledged as ${sending.acknowledged.join(", ")}`,
      );
      continue;
    }
    const number = sending.sender === "visitor" ? visibleOf(entry) : entry.seq;
    if (sending.acknowledged.some((seq) => seq !== number)) {
      findings.add(
        "renumbered",
        `${name}: ${keyOf(sending)} is ${number} and was acknowledged as ${sending.acknowledged.join(", ")}`,
      );
    }
  }
}

/** Holds what a client was told against the log. One that is still there must have been told all of it. */
export function auditView(
  name: string,
  view: View,
  expected: SeenEntry[],
  isWhole: boolean,
  findings: Findings,
): void {
  for (const [seq, seen] of view.entries) {
    const entry = expected[seq - 1];
    const isRight =
      entry?.type === seen.type &&
      entry.text === seen.text &&
      (seen.key ?? entry.key) === entry.key;
    if (!isRight)
      findings.add(
        "view",
        `${name}: ${seq} is ${JSON.stringify(entry)}, it was told ${JSON.stringify(seen)}`,
      );
  }
  if (isWhole && view.through < expected.length) {
    findings.add("view", `${name}: told ${view.through} of ${expected.length}`);
  }
}

/** A log as operators see it, or as the visitor does. */
export function seenBy(who: "operator" | "visitor", log: OperatorEntry[]): SeenEntry[] {
  if (who === "operator") return log.map((entry) => ({ ...entry }));
  return log
    .filter((entry) => entry.type === "message")
    .map(({ visibleSeq, text, key }) => ({ seq: visibleSeq, type: "message", text, key }));
}

/** Every acknowledged event is counted once, and stands on the timeline once. */
export async function auditEvents(
  operator: OperatorClient,
  { visitor, person }: Truth,
  findings: Findings,
): Promise<void> {
  const known = visitor.streams.flatMap((stream) =>
    stream.facts.map((fact) => ({ ...fact, isSettled: fact.n <= stream.through })),
  );
  for (const name of new Set(known.map((fact) => fact.name))) {
    const sent = known.filter((fact) => fact.name === name);
    const least = sent.filter((fact) => fact.isSettled).length;
    const count = person.events.find((event) => event.name === name)?.count ?? 0;
    if (count < least || count > sent.length) {
      findings.add(
        "event",
        `${visitor.name}: ${name} counts ${count}; sent ${sent.length}, acknowledged ${least}`,
      );
    }
  }
  const times = new Map<string, number>();
  for (const item of await readTimeline(operator, person.id)) {
    const id = idOf(item);
    if (id !== null) times.set(id, (times.get(id) ?? 0) + 1);
  }
  for (const fact of known) {
    const count = times.get(fact.id) ?? 0;
    times.delete(fact.id);
    if (count > 1 || (fact.isSettled && count === 0)) {
      findings.add(
        "event",
        `${visitor.name}: ${fact.name} ${fact.id} stands ${count} times on the timeline`,
      );
    }
  }
  for (const id of times.keys()) findings.add("event", `${visitor.name}: ${id} was never sent`);
}

function idOf(item: TimelineItem): string | null {
  if (item.type === "page") return item.url;
  return item.type === "track" && typeof item.props["id"] === "string" ? item.props["id"] : null;
}

async function readTimeline(operator: OperatorClient, visitor: string): Promise<TimelineItem[]> {
  const items: TimelineItem[] = [];
  let before: string | null = "";
  while (before !== null) {
    const query: string = before === "" ? "" : `?before=${before}`;
    const page: TimelinePage = await operator.api(
      "GET",
      `/api/visitors/${visitor}/timeline${query}`,
    );
    items.push(...page.items);
    before = page.nextBefore;
  }
  return items;
}

/** What the visitor's next page would show beside the launcher is what the conversation holds. */
export async function auditNextPage(
  { visitor, log, summary }: Truth,
  findings: Findings,
): Promise<void> {
  const stream = new FactStream(new Random(log.length));
  stream.page("http://127.0.0.1/demo/last");
  const answer = await visitor.boot(stream);
  visitor.streams.push(stream);
  stream.settle(answer?.["through"]);
  // The protocol's ConversationState, compared field by field.
  const state = answer?.["conversation"] as
    | { through: number; read: number; unread: number; status: string }
    | undefined;
  const unread = log.filter(
    (entry) =>
      entry.type === "message" &&
      entry.author.kind === "operator" &&
      entry.visibleSeq > (state?.read ?? 0),
  ).length;
  const isRight =
    state?.through === summary.visibleSeq &&
    state.status === summary.status &&
    state.unread === unread;
  if (isRight) return;
  const truth = { through: summary.visibleSeq, status: summary.status, unread };
  findings.add(
    "view",
    `${visitor.name}: the next page is told ${JSON.stringify(state)} instead of ${JSON.stringify(truth)}`,
  );
}

export function auditViews(
  { visitor, log }: Truth,
  rooms: OperatorRoom[],
  isStillThere: boolean,
  findings: Findings,
): void {
  auditView(visitor.name, visitor.room.view, seenBy("visitor", log), isStillThere, findings);
  for (const { room, name } of rooms) {
    auditView(name, room.view, seenBy("operator", log), isStillThere, findings);
  }
}

function isSame(sending: Sending, entry: MessageEntry | NoteEntry): boolean {
  const author = entry.author.kind === "visitor" ? "visitor" : entry.author.operator.id;
  return sending.type === entry.type && sending.sender === author && sending.text === entry.text;
}

function visibleOf(entry: MessageEntry | NoteEntry): number {
  return entry.type === "message" ? entry.visibleSeq : 0;
}
