import { canMailAgain, UNPROVEN_LIMIT } from "../../domain/email/fate.ts";
import type { CopyRoute } from "../../domain/email/copy-route.ts";
import type { UnreadMessage } from "../../domain/email/unread-copy.ts";
import type { ChosenEmail, MailedEntry } from "../../protocol/entries.ts";
import { newId, type ConversationId, type JobId, type WorkspaceId } from "../../protocol/ids.ts";
import type { MailFate, SendEmail } from "../../protocol/jobs.ts";
import type { Json } from "../../protocol/json.ts";
import type { OperatorCard } from "../../protocol/operators.ts";
import type { Journal } from "../runtime/journal.ts";
import { entryAt, parseEntry } from "./entry.ts";
import { begun, changed } from "./head.ts";
import {
  fateKey,
  REQUEUE_MS,
  THREAD_KEY,
  threadOf,
  withFate,
  withPending,
  type AnswerWords,
  type CopyRange,
  type KnownFate,
  type MailThread,
} from "./mail-thread.ts";
import type { ConversationStore, OperatorAndVisible, Sending } from "./store.ts";
import { COPY_KEY, copyContent, copyRange, heldMark, type CopyMark } from "./unread-copies.ts";

/** How many entries back the message is looked for that an answer quotes. */
const QUOTE_SEARCH_MAX = 50;
const QUOTE_MAX = 2_000;

/** The mails that go out of one conversation: what operators write becomes jobs, and what becomes of them entries. */
export class MailLog {
  readonly #journal: Journal;
  readonly #store: ConversationStore;
  /** Jobs of this object's life that were not put on the queue yet. */
  readonly #fresh = new Set<JobId>();

  constructor(journal: Journal, store: ConversationStore) {
    this.#journal = journal;
    this.#store = store;
  }

  /** Whether a job's end is still to be told. */
  get isWaiting(): boolean {
    return threadOf(this.#journal).pending.length > 0;
  }

  /** Whether a copy is on its way of which nobody has told the end. */
  get isCopying(): boolean {
    return threadOf(this.#journal).pending.some(({ copy }) => copy !== undefined);
  }

  /** Sends what was not read in the chat as one mail. */
  copy(
    unread: readonly UnreadMessage[],
    mark: CopyMark,
    route: CopyRoute,
    at: number,
  ): OperatorAndVisible | null {
    const [oldest, newest] = [unread[0], unread.at(-1)];
    const { visitor } = this.#store;
    if (oldest === undefined || newest === undefined || visitor === null) return null;
    const { seq, visible: through } = newest;
    const range = copyRange(unread, oldest.visible, through, route, visitor.id);
    return this.#queue(seq, null, at, range, [COPY_KEY, { ...mark, through }]);
  }

  /** Says of the newest message that its address has had its mail of the day; null when that was said. */
  hold(
    unread: readonly UnreadMessage[],
    mark: CopyMark,
    { to }: CopyRoute,
    at: number,
  ): OperatorAndVisible | null {
    const newest = unread.at(-1);
    const { held } = mark;
    if (newest === undefined || held === undefined || held.message === newest.seq) return null;
    const { until } = held;
    const told = { message: newest.seq, state: "held", code: UNPROVEN_LIMIT, by: null } as const;
    const copy = { to, from: 0, through: 0, count: unread.length };
    const next: CopyMark = { ...mark, held: { ...held, message: newest.seq } };
    return this.#mailed({ ...told, until }, at, threadOf(this.#journal), copy, [COPY_KEY, next]);
  }

  /** What a message brings along that goes out as a mail: each one in a conversation by email, else those meant to. */
  owe(sending: Sending, message: number, at: number): OperatorAndVisible[] {
    const isAnswer = sending.type === "message" && sending.author.kind === "operator";
    const isMailed = begun(this.#store.head).mail !== undefined || sending.email !== undefined;
    return isAnswer && isMailed ? [this.#queue(message, null, at)] : [];
  }

  /** Sends a message again that did not arrive; null when it did, or is on its way. */
  again(by: OperatorCard, message: number, at: number): OperatorAndVisible | null {
    const known = this.#known(message);
    const isOnItsWay = threadOf(this.#journal).pending.some((one) => one.message === message);
    if (known === null || !canMailAgain(known.fate) || isOnItsWay) return null;
    const copy: CopyRange | undefined = known.copy && { ...known.copy, isAgain: true };
    return this.#queue(message, by, at, copy);
  }

  /** Notes what became of a mail; null when that is not news. */
  told(
    told: { job: JobId; message: number; fate: MailFate; code: string | null; until?: number },
    at: number,
  ): OperatorAndVisible | null {
    const { job, message, fate, code, until } = told;
    const thread = withFate(threadOf(this.#journal), this.#known(message), told);
    if (thread === null) return null;
    const copy = this.#copyOf(message);
    const held = fate === "held" ? heldMark(this.#journal, copy, message, until) : null;
    // Of what no other mail takes along, a person hears that it did not leave.
    const state = fate === "held" && held === null ? "failed" : fate;
    const known: KnownFate = { job, fate: state, ...(copy === undefined ? {} : { copy }) };
    const entry = {
      message,
      state,
      code,
      by: null,
      ...(held === null || until === undefined ? {} : { until }),
    };
    const others: [string, Json][] = held === null ? [] : [[COPY_KEY, held]];
    return this.#mailed(entry, at, thread, copy, [fateKey(message), known], ...others);
  }

  /**
   * The jobs that are to be put on the queue: those that were not put there in this object's life, and those that have
   * waited long. Always with the same words.
   */
  jobs(workspace: WorkspaceId, conversation: ConversationId, now: number): SendEmail[] {
    return threadOf(this.#journal).pending.flatMap((one): SendEmail[] => {
      const { message, job, references, at, copy } = one;
      if (!this.#fresh.has(job) && now - at < REQUEUE_MS) return [];
      if (copy !== undefined) {
        const content = copyContent(this.#journal, copy);
        const mail = { template: "copy", workspace, conversation, message, references } as const;
        return [
          { type: "SendEmail" as const, id: job, to: copy.to, mail: { ...mail, ...content } },
        ];
      }
      const entry = entryAt(this.#journal, message);
      if (entry?.type !== "message" || entry.author.kind !== "operator") return [];
      const route = this.#routeOf(entry);
      if (route === null) return [];
      const { to, subject } = route;
      const { isProven, quoted } = one.answer ?? this.#answerWords(message);
      const mail: SendEmail["mail"] = {
        template: "answer",
        workspace,
        conversation,
        message,
        operatorName: entry.author.operator.name,
        subject,
        ...(entry.email === undefined ? {} : { ownSubject: entry.email.subject }),
        text: entry.text,
        isProven,
        references,
        quote: quoted === null ? null : this.#quote(quoted),
      };
      return [{ type: "SendEmail" as const, id: job, to, mail }];
    });
  }

  /** Whom a message goes to as a mail; null when it goes to nobody. */
  addressOf(message: number): string | null {
    const entry = entryAt(this.#journal, message);
    if (entry?.type !== "message") return null;
    return this.#copyOf(message)?.to ?? this.#routeOf(entry)?.to ?? null;
  }

  /** A job stands on the queue now. */
  queued(job: JobId): void {
    this.#fresh.delete(job);
  }

  #known(message: number): KnownFate | null {
    return (this.#journal.get(fateKey(message)) ?? null) as KnownFate | null; // written only here
  }

  #queue(
    message: number,
    by: OperatorCard | null,
    at: number,
    copy?: CopyRange,
    ...others: [string, Json][]
  ): OperatorAndVisible {
    const job = newId("job", at);
    const says = copy === undefined ? { answer: this.#answerWords(message) } : { copy };
    const thread = withPending(threadOf(this.#journal), message, job, at, says);
    this.#fresh.add(job);
    const told = { message, state: "queued", code: null, by } as const;
    return this.#mailed(told, at, thread, copy, ...others);
  }

  #mailed(
    told: Pick<MailedEntry, "message" | "state" | "code" | "by" | "until">,
    at: number,
    thread: MailThread,
    copy: CopyRange | undefined,
    ...others: [string, Json][]
  ): OperatorAndVisible {
    const sent = copy === undefined ? {} : { copy: { to: copy.to, messages: copy.count } };
    return this.#store.append(
      { type: "mailed", at, ...told, ...sent },
      changed(begun(this.#store.head), "inbox", "projection"),
      ...others,
      [THREAD_KEY, thread],
    );
  }

  #copyOf(message: number): CopyRange | undefined {
    const pending = threadOf(this.#journal).pending.find((one) => one.message === message);
    return pending === undefined ? this.#known(message)?.copy : pending.copy;
  }

  #routeOf({ email }: { email?: ChosenEmail | undefined }) {
    if (email !== undefined) return { ...email, isProven: true };
    const { mail } = begun(this.#store.head);
    return mail === undefined ? null : { ...mail, to: mail.address };
  }

  /** How a message speaks to whom it goes to: as that is known when it is put on its way, for all of its tries. */
  #answerWords(message: number): AnswerWords {
    const entry = entryAt(this.#journal, message);
    const isProven = entry?.type === "message" && this.#routeOf(entry)?.isProven === true;
    return { isProven, quoted: isProven ? this.#quotable(message) : null };
  }

  /** The number of what the visitor wrote last before a message, if it is known to be theirs. */
  #quotable(message: number): number | null {
    for (const row of this.#journal.before(message, QUOTE_SEARCH_MAX)) {
      const entry = parseEntry(row.entry);
      if (entry.type !== "message" || entry.author.kind !== "visitor") continue;
      const isDoubtful = entry.mail?.isProven === false && entry.accepted === undefined;
      if (isDoubtful && this.#journal.get(`~accepted:${row.seq}`) !== true) continue;
      return row.seq;
    }
    return null;
  }

  #quote(seq: number): { at: number; text: string } | null {
    const entry = entryAt(this.#journal, seq);
    return entry?.type === "message"
      ? { at: entry.at, text: entry.text.slice(0, QUOTE_MAX).toWellFormed() }
      : null;
  }
}
