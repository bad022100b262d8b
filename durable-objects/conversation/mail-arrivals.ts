import type { ReceivedMail } from "../../protocol/entries.ts";
import type { Json } from "../../protocol/json.ts";
import type { OperatorCard } from "../../protocol/operators.ts";
import type { ArrivedMail } from "../contracts.ts";
import type { Journal } from "../runtime/journal.ts";
import { entryAt } from "./entry.ts";
import { begun, changed, withAside, withMessage, withSilentMessage, type Head } from "./head.ts";
import { admitsMailFrom, THREAD_KEY, threadOf, withArrival, withBrake } from "./mail-thread.ts";
import type { ConversationStore, OperatorAndVisible } from "./store.ts";

type Arrival =
  | { kind: "new"; entries: OperatorAndVisible[]; seq: number }
  | { kind: "again"; seq: number }
  /** Too many came in a short time. Operators are told once. */
  | { kind: "refused"; entries: OperatorAndVisible[] };

const ANSWERED_KEY = "~answered";

/** The mails that come to one conversation, as entries of its log. */
export class MailArrivals {
  readonly #journal: Journal;
  readonly #store: ConversationStore;

  constructor(journal: Journal, store: ConversationStore) {
    this.#journal = journal;
    this.#store = store;
  }

  /** Takes a mail once per key. A conversation that takes too many at once refuses. */
  receive(arrived: ArrivedMail, at: number): Arrival {
    const key = `~mail:${arrived.key}`;
    const taken = this.#journal.get(key);
    if (typeof taken === "number") return { kind: "again", seq: taken };
    const thread = threadOf(this.#journal);
    const until = admitsMailFrom(thread, at);
    if (until !== null) return { kind: "refused", entries: this.#brake(until, at) };
    const entries: OperatorAndVisible[] = [];
    const reopens = arrived.aside === null && !arrived.isList;
    if (reopens && this.#head.status === "closed") entries.push(this.#store.reopen(at));
    const seq = this.#journal.lastSeq + 1;
    // Only what is the participant's own is a mail that answers refer to.
    const messageId = arrived.aside === null ? arrived.messageId : null;
    const others: Parameters<ConversationStore["append"]>[2][] = [
      [key, seq],
      [THREAD_KEY, withArrival(thread, messageId, at)],
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

  /**
   * Takes a mail that nobody vouches for as the visitor's own, once: what stood beside the conversation becomes a message
   * of it, and what set nothing off counts as an answer. Whose address is whose stays as it was.
   */
  accept(by: OperatorCard, seq: number, at: number): OperatorAndVisible[] {
    const entry = entryAt(this.#journal, seq);
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

  /** The mail that an entry came as. */
  received(seq: number): ReceivedMail | null {
    const entry = entryAt(this.#journal, seq);
    return entry?.type === "message" || entry?.type === "aside" ? (entry.mail ?? null) : null;
  }

  get #head(): Head {
    return begun(this.#store.head);
  }

  /** Operators hear that mails are sent back, once in a short time. */
  #brake(until: number, at: number): OperatorAndVisible[] {
    const thread = withBrake(threadOf(this.#journal), at);
    if (thread === null) return [];
    const head = changed({ ...this.#head, lastAt: at }, "inbox", "projection");
    return [this.#store.append({ type: "braked", at, until }, head, [THREAD_KEY, thread])];
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
}

/** A message always says something. */
function emptyWords({ flaw, attachments }: ReceivedMail): string {
  if (flaw !== null) return "(This mail could not be read. The original can be downloaded.)";
  return attachments.length > 0 ? "(A mail with attachments and no text)" : "(A mail without text)";
}
