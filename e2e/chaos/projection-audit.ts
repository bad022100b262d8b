import type { OperatorEntry } from "../../protocol/entries.ts";
import type { ConversationPage } from "../../protocol/operator-api.ts";
import type { Truth } from "./audit.ts";
import type { Findings } from "./findings.ts";
import type { OperatorClient } from "./operator-client.ts";
import { pause } from "./random.ts";
import type { RunningServer } from "./running-server.ts";
import type { Row } from "./server.ts";
import type { VisitorClient } from "./visitor-client.ts";

/** D1 shows what the objects hold no later than this after the faults have ended. */
const DEADLINE_MS = 10_000;
const LOOK_EVERY_MS = 250;
/** Nothing changes any more when D1 has looked complete and the same for this long. */
const STILL_MS = 1_500;

/** How far D1 is with one conversation and its visitor. */
type Progress = {
  entries: number;
  last: number;
  visible: number;
  version: number;
  seq: number;
  person: number;
};
type Look = { at: number; progress: Map<string, Progress> };

/**
 * Watches D1 after the faults without touching any object: those that nobody has open must come back by their own
 * alarm. `looks` are kept, to find out later which was the first that showed everything.
 */
export class ProjectionWatch {
  readonly #server: RunningServer;
  readonly #since: number;
  readonly #looks: Look[] = [];

  /** @param since When the faults ended, by `performance.now()`. */
  constructor(server: RunningServer, since: number) {
    this.#server = server;
    this.#since = since;
  }

  /** Until D1 has everything that was acknowledged and stands still, or the deadline has passed. */
  async untilStill(visitors: VisitorClient[], isPatient: boolean): Promise<void> {
    let stillSince = performance.now();
    let before = "";
    for (;;) {
      const look = await this.#look();
      const now = performance.now();
      const text = JSON.stringify([...look.progress]);
      if (text !== before || !visitors.every((visitor) => covers(look, visitor))) stillSince = now;
      before = text;
      if (now - this.#since > DEADLINE_MS) return;
      if (!isPatient && now - stillSince > STILL_MS) return;
      await pause(LOOK_EVERY_MS);
    }
  }

  /** How long after the faults' end D1 first showed all of this; null if it never did. */
  lagMs(truths: Truth[]): number | null {
    const first = this.#looks.find((look) => truths.every((truth) => isLevel(look, truth)));
    return first === undefined ? null : Math.max(0, first.at - this.#since);
  }

  /** Conversations that the last look did not show as they are. */
  behind(truths: Truth[]): string[] {
    const last = this.#looks.at(-1);
    if (last === undefined) return [];
    return truths
      .filter((truth) => !isLevel(last, truth))
      .map(({ visitor, summary, log, person }) => {
        const held = { entries: log.length, version: summary.version, person: person.version };
        return `${visitor.name}: the objects hold ${JSON.stringify(held)}, D1 ${JSON.stringify(last.progress.get(summary.id))}`;
      });
  }

  async #look(): Promise<Look> {
    const at = performance.now();
    const rows = await this.#server.query(
      `SELECT c.id, c.version, c.summary ->> 'seq' AS seq, m.entries, m.last, m.visible, v.version AS person
       FROM conversations c
       LEFT JOIN (SELECT conversation_id AS id, count(*) AS entries, max(seq) AS last, max(visible_seq) AS visible
                  FROM messages GROUP BY conversation_id) m ON m.id = c.id
       LEFT JOIN visitors v ON v.workspace_id = c.workspace_id AND v.id = c.visitor_id
       ORDER BY c.id`,
    );
    const progress = new Map(
      rows.map(({ id, ...numbers }) => {
        const number = (name: string) => Number(numbers[name] ?? 0);
        const one: Progress = {
          entries: number("entries"),
          last: number("last"),
          visible: number("visible"),
          version: number("version"),
          seq: number("seq"),
          person: number("person"),
        };
        return [String(id), one];
      }),
    );
    const look = { at, progress };
    this.#looks.push(look);
    return look;
  }
}

function covers({ progress }: Look, { conversation, ledger }: VisitorClient): boolean {
  if (conversation === null) return true;
  const shown = progress.get(conversation);
  if (shown === undefined || shown.entries !== shown.last || shown.seq !== shown.last) return false;
  return ledger
    .acknowledged()
    .every(
      ({ sender, acknowledged }) =>
        (sender === "visitor" ? shown.visible : shown.last) >= Math.max(...acknowledged),
    );
}

function isLevel({ progress }: Look, { summary, log, person }: Truth): boolean {
  const shown = progress.get(summary.id);
  return (
    shown !== undefined &&
    shown.entries === log.length &&
    shown.last === log.length &&
    shown.version === summary.version &&
    shown.person === person.version
  );
}

/** Whether D1 shows an entry of some conversation without the one before it. */
export async function hasHoles(server: RunningServer): Promise<boolean> {
  const rows = await server.query(
    "SELECT conversation_id FROM messages GROUP BY workspace_id, conversation_id HAVING count(*) < max(seq) LIMIT 1",
  );
  return rows.length > 0;
}

/** Entry by entry and field by field: D1's rows against the objects, and the operators' lists against both. */
export async function auditRows(
  server: RunningServer,
  operator: OperatorClient,
  truths: Truth[],
  findings: Findings,
): Promise<void> {
  const listed = await readLists(operator);
  for (const { visitor, summary, log, person } of truths) {
    const rows = await server.query(
      "SELECT * FROM messages WHERE conversation_id = ? ORDER BY seq",
      summary.id,
    );
    log.forEach((entry, index) => {
      const shown = rows[index] === undefined ? undefined : entryOf(rows[index]);
      if (isEqual(shown, entry)) return;
      findings.add(
        "projection",
        `${visitor.name}: entry ${entry.seq} is ${JSON.stringify(entry)}, D1 has ${JSON.stringify(shown)}`,
      );
    });
    if (rows.length > log.length)
      findings.add(
        "projection",
        `${visitor.name}: D1 has ${rows.length} entries, the log ${log.length}`,
      );
    const [row] = await server.query("SELECT summary FROM conversations WHERE id = ?", summary.id);
    if (!isEqual(JSON.parse(String(row?.["summary"] ?? null)), summary)) {
      findings.add(
        "projection",
        `${visitor.name}: the summary is ${JSON.stringify(summary)}, D1 has ${String(row?.["summary"])}`,
      );
    }
    const [shown] = await server.query("SELECT card FROM visitors WHERE id = ?", person.id);
    const card = JSON.parse(String(shown?.["card"] ?? null)) as { events?: unknown } | null; // only compared
    if (!isEqual(card?.events, person.events)) {
      findings.add(
        "projection",
        `${visitor.name}: events are ${JSON.stringify(person.events)}, D1 has ${JSON.stringify(card?.events)}`,
      );
    }
    const found = listed.filter(({ id }) => id === summary.id);
    if (found.length !== 1 || !isEqual(found[0], summary)) {
      findings.add(
        "projection",
        `${visitor.name}: the operators' list shows ${JSON.stringify(found)}`,
      );
    }
  }
}

async function readLists(operator: OperatorClient): Promise<ConversationPage["conversations"]> {
  const all: ConversationPage["conversations"] = [];
  for (const status of ["open", "closed"]) {
    let cursor: string | null = "";
    while (cursor !== null) {
      const next: string = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
      const page: ConversationPage = await operator.api(
        "GET",
        `/api/conversations?status=${status}${next}`,
      );
      all.push(...page.conversations);
      cursor = page.nextCursor;
    }
  }
  return all;
}

/** An entry as its row holds it: the text stands in a column of its own. */
function entryOf({ body, text, type }: Row): OperatorEntry {
  const entry = JSON.parse(String(body)) as OperatorEntry; // compared with the object's own
  return type === "message" || type === "note" ? Object.assign(entry, { text }) : entry;
}

/** Whether two values are the same JSON, whatever the order of their keys. */
function isEqual(one: unknown, other: unknown): boolean {
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null)
    return one === other;
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].every((key) => isEqual(Reflect.get(one, key), Reflect.get(other, key)));
}
