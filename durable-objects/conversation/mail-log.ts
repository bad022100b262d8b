import { canMailAgain } from "../../domain/email/fate.ts";
import type { CopyRoute } from "../../domain/email/copy-route.ts";
import type { UnreadMessage } from "../../domain/email/unread-copy.ts";
import type { ChosenEmail, MailedEntry, ReceivedMail } from "../../protocol/entries.ts";
import { newId, type ConversationId, type JobId, type WorkspaceId } from "../../protocol/ids.ts";
import type { MailFate, SendEmail } from "../../protocol/jobs.ts";
import type { Json } from "../../protocol/json.ts";
import type { OperatorCard } from "../../protocol/operators.ts";
import type { ArrivedMail } from "../contracts.ts";
import type { Journal } from "../runtime/journal.ts";
import { parseEntry } from "./entry.ts";
import { changed, withAside, withMessage, withSilentMessage, type Head } from "./head.ts";
import {
  admitsMail,
  EMPTY_THREAD,
  REQUEUE_MS,
  fateKey,
  withArrival,
  withFate,
  withPending,
  type CopyRange,
  type KnownFate,
  type MailThread,
} from "./mail-thread.ts";
import { COPY_KEY, copyContent, copyRange, heldMark, type CopyMark } from "./unread-copies.ts";
import type { ConversationStore, OperatorAndVisible, Sending } from "./store.ts";

type Arrival =
  | { kind: "new"; entries: OperatorAndVisible[]; seq: number }
  | { kind: "again"; seq: number }
  | { kind: "refused" };

/** How many entries back the message is looked for that an answer quotes. */
const QUOTE_SEARCH_MAX = 50;
const QUOTE_MAX = 2_000;
const ANSWERED_KEY = "~answered";
/** Why a mail to an address that is not proven waits. */
const UNPROVEN_LIMIT = "unproven_limit";

/** The mails of one conversation: what arrives becomes entries, what operators write becomes jobs. */
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
    return this.#thread.pending.length > 0;
  }

  /** Takes a mail once per key. A conversation that takes too many at once refuses. */
  receive(arrived: ArrivedMail, at: number): Arrival {
    const key = `~mail:${arrived.key}`;
    const taken = this.#journal.get(key);
    if (typeof taken === "number") return { kind: "again", seq: taken };
    const thread = this.#thread;
    if (!admitsMail(thread, at)) return { kind: "refused" };
    const entries: OperatorAndVisible[] = [];
    const reopens = arrived.aside === null && !arrived.isList;
    if (reopens && this.#head.status === "closed") entries.push(this.#store.reopen(at));
    const seq = this.#journal.lastSeq + 1;
    // Only what is the participant's own is a mail that answers refer to.
    const messageId = arrived.aside === null ? arrived.messageId : null;
    const others: Parameters<ConversationStore["append"]>[2][] = [
      [key, seq],
      ["mail", withArrival(thread, messageId, at)],
    ];
    entries.push(
      arrived.aside === null
        ? this.#message(arrived, seq, at, others)
        : this.#aside(arrived, arrived.aside, at, others),
    );
    return { kind: "new", entries, seq };
  }

  /** The address that a vouched answer to a mail of this conversation came from. */
  get answered(): string | null {
    return (this.#journal.get(ANSWERED_KEY) ?? null) as string | null; // written only here
  }

  /** Whether a copy is on its way of which nobody has told the end. */
  get isCopying(): boolean {
    return this.#thread.pending.some(({ copy }) => copy !== undefined);
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
    return this.#mailed({ ...told, until }, at, this.#thread, copy, [COPY_KEY, next]);
  }

  /** What a message brings along that goes out as a mail: each one in a conversation by email, else those meant to. */
  owe(sending: Sending, message: number, at: number): OperatorAndVisible[] {
    const isAnswer = sending.type === "message" && sending.author.kind === "operator";
    const isMailed = this.#head.mail !== undefined || sending.email !== undefined;
    return isAnswer && isMailed ? [this.#queue(message, null, at)] : [];
  }

  /** Sends a message again that did not arrive; null when it did, or is on its way. */
  again(by: OperatorCard, message: number, at: number): OperatorAndVisible | null {
    const known = this.#known(message);
    const isOnItsWay = this.#thread.pending.some((one) => one.message === message);
    return known !== null && canMailAgain(known.fate) && !isOnItsWay
      ? this.#queue(message, by, at, known.copy)
      : null;
  }

  /** Notes what became of a mail; null when that is not news. */
  told(
    told: { job: JobId; message: number; fate: MailFate; code: string | null; until?: number },
    at: number,
  ): OperatorAndVisible | null {
    const { job, message, fate, code, until } = told;
    const thread = withFate(this.#thread, this.#known(message), told);
    if (thread === null) return null;
    const copy = this.#copyOf(message);
    const known: KnownFate = { job, fate, ...(copy === undefined ? {} : { copy }) };
    const held = fate === "held" ? heldMark(this.#journal, copy, message, until) : null;
    const entry = {
      message,
      state: fate,
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
    return this.#thread.pending.flatMap(({ message, job, references, at, copy }): SendEmail[] => {
      if (!this.#fresh.has(job) && now - at < REQUEUE_MS) return [];
      if (copy !== undefined) {
        const content = copyContent(this.#journal, copy);
        const mail = { template: "copy", workspace, conversation, message, references } as const;
        return [
          { type: "SendEmail" as const, id: job, to: copy.to, mail: { ...mail, ...content } },
        ];
      }
      const entry = this.#entry(message);
      if (entry?.type !== "message" || entry.author.kind !== "operator") return [];
      const route = this.#routeOf(entry);
      if (route === null) return [];
      const { to, subject, isProven } = route;
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
        quote: isProven ? this.#quote(message) : null,
      };
      return [{ type: "SendEmail" as const, id: job, to, mail }];
    });
  }

  /**
   * Takes a mail that nobody vouches for as the visitor's own, once: what stood beside the conversation becomes a message
   * of it, and what set nothing off counts as an answer. Whose address is whose stays as it was.
   */
  accept(by: OperatorCard, seq: number, at: number): OperatorAndVisible[] {
    const entry = this.#entry(seq);
    const done = `~accepted:${seq}`;
    if (this.#journal.get(done) === true) return [];
    if (entry?.type === "message" && entry.mail?.isProven === false) {
      const head = { ...this.#head, wrote: Math.max(this.#head.wrote, entry.visibleSeq) };
      const next = changed(head, "inbox", "visitor", "projection");
      return [this.#store.append({ type: "accepted", at, message: seq, by }, next, [done, true])];
    }
    if (entry?.type !== "aside" || entry.why === "bounce") return [];
    const reopened = this.#head.status === "closed" ? [this.#store.reopen(at)] : [];
    const author = { kind: "visitor" } as const;
    const { mail } = entry;
    const text = entry.text === "" ? emptyWords(mail) : entry.text;
    const written = withMessage(this.#head, author, text, this.#journal.lastSeq + 1, at);
    const next = changed(written, "inbox", "visitor", "projection");
    const message = this.#store.append(
      {
        type: "message",
        at,
        visibleSeq: next.visibleSeq,
        author,
        text,
        key: `accepted:${seq}`,
        mail,
        accepted: { aside: seq, by },
      },
      next,
      [done, true],
    );
    return [...reopened, message];
  }

  /** Whom a message goes to as a mail; null when it goes to nobody. */
  addressOf(message: number): string | null {
    const entry = this.#entry(message);
    if (entry?.type !== "message") return null;
    return this.#copyOf(message)?.to ?? this.#routeOf(entry)?.to ?? null;
  }

  /** A job stands on the queue now. */
  queued(job: JobId): void {
    this.#fresh.delete(job);
  }

  /** The mail that an entry came as. */
  received(seq: number): ReceivedMail | null {
    const entry = this.#entry(seq);
    return entry?.type === "message" || entry?.type === "aside" ? (entry.mail ?? null) : null;
  }

  get #thread(): MailThread {
    return (this.#journal.get("mail") ?? EMPTY_THREAD) as MailThread; // written only here
  }

  #known(message: number): KnownFate | null {
    return (this.#journal.get(fateKey(message)) ?? null) as KnownFate | null; // written only here
  }

  get #head(): Head {
    const { head } = this.#store;
    if (head === null) throw new Error("the conversation was never begun");
    return head;
  }

  #message(
    { key, text, mail, isList }: ArrivedMail,
    seq: number,
    at: number,
    others: Parameters<ConversationStore["append"]>[2][],
  ): OperatorAndVisible {
    const author = { kind: "visitor" } as const;
    const shown = text === "" ? emptyWords(mail) : text;
    const isQuiet = !mail.isProven || isList;
    const written = (isQuiet ? withSilentMessage : withMessage)(this.#head, author, shown, seq, at);
    const isNowProven = mail.isProven && written.mail !== undefined && !written.mail.isProven;
    const head = isNowProven ? { ...written, mail: { ...written.mail, isProven: true } } : written;
    const next = changed(head as Head, "inbox", "visitor", "projection");
    const { visibleSeq } = next;
    // Where it came to was signed for this address, and its own domain vouches for it.
    const answered: [string, Json][] =
      mail.isProven && this.answered !== mail.from ? [[ANSWERED_KEY, mail.from]] : [];
    return this.#store.append(
      { type: "message", at, visibleSeq, author, text: shown, key: `mail:${key}`, mail },
      next,
      ...others,
      ...answered,
    );
  }

  #aside(
    { text, mail }: ArrivedMail,
    why: NonNullable<ArrivedMail["aside"]>,
    at: number,
    others: Parameters<ConversationStore["append"]>[2][],
  ): OperatorAndVisible {
    const next = changed(withAside(this.#head, why, mail.from, at), "inbox", "projection");
    return this.#store.append({ type: "aside", at, why, text, mail }, next, ...others);
  }

  #queue(
    message: number,
    by: OperatorCard | null,
    at: number,
    copy?: CopyRange,
    ...others: [string, Json][]
  ): OperatorAndVisible {
    const job = newId("job", at);
    const thread = withPending(this.#thread, message, job, at, copy);
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
      changed(this.#head, "inbox", "projection"),
      ...others,
      ["mail", thread],
    );
  }

  #copyOf(message: number): CopyRange | undefined {
    const pending = this.#thread.pending.find((one) => one.message === message);
    return pending === undefined ? this.#known(message)?.copy : pending.copy;
  }

  #routeOf({ email }: { email?: ChosenEmail | undefined }) {
    if (email !== undefined) return { ...email, isProven: true };
    const { mail } = this.#head;
    return mail === undefined ? null : { ...mail, to: mail.address };
  }

  #entry(seq: number) {
    const [row] = this.#journal.after(seq - 1, 1);
    return row?.seq === seq ? parseEntry(row.entry) : null;
  }

  /** What the visitor wrote last before a message, if it is known to be theirs. */
  #quote(message: number): { at: number; text: string } | null {
    for (const row of this.#journal.before(message, QUOTE_SEARCH_MAX)) {
      const entry = parseEntry(row.entry);
      if (entry.type !== "message" || entry.author.kind !== "visitor") continue;
      const isDoubtful = entry.mail?.isProven === false && entry.accepted === undefined;
      if (isDoubtful && this.#journal.get(`~accepted:${row.seq}`) !== true) continue;
      return { at: entry.at, text: entry.text.slice(0, QUOTE_MAX).toWellFormed() };
    }
    return null;
  }
}

/** A message always says something. */
function emptyWords({ flaw, attachments }: ReceivedMail): string {
  if (flaw !== null) return "(This mail could not be read. The original can be downloaded.)";
  return attachments.length > 0 ? "(A mail with attachments and no text)" : "(A mail without text)";
}
