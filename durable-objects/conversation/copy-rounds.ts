import {
  copyRoute,
  everythingStep,
  heldStep,
  type CopyRoute,
  type HeldStep,
} from "../../domain/email/copy-route.ts";
import { copyStep, type UnreadMessage } from "../../domain/email/unread-copy.ts";
import type { VisitorId } from "../../protocol/ids.ts";
import { clockOffset, now } from "../runtime/clock.ts";
import type { Journal } from "../runtime/journal.ts";
import type { Timers } from "../runtime/timers.ts";
import type { MailLog } from "./mail-log.ts";
import type { ConversationStore, OperatorAndVisible } from "./store.ts";
import { copyMark, unreadOf } from "./unread-copies.ts";

/** A copy that is due and could not be decided is looked at again after this. */
const COPY_RETRY_MS = 2_000;

type Around = {
  /** The address that a vouched answer to a mail of this conversation came from. */
  answered: () => string | null;
  /** Whether the person has a page open now. */
  isHere: (visitor: VisitorId) => Promise<boolean>;
  commit: (entry: OperatorAndVisible) => void;
};

/** When what is not read in the chat goes out as a mail. */
export class CopyRounds {
  readonly #journal: Journal;
  readonly #store: ConversationStore;
  readonly #mails: MailLog;
  readonly #timers: Timers;
  readonly #around: Around;
  /** The newest unread message that the person was found to have a page open for. */
  #isHereFor = 0;

  constructor(
    journal: Journal,
    store: ConversationStore,
    mails: MailLog,
    timers: Timers,
    around: Around,
  ) {
    this.#journal = journal;
    this.#store = store;
    this.#mails = mails;
    this.#timers = timers;
    this.#around = around;
  }

  /** Sets the time at which the next thing is due. Whatever may change that calls it. */
  arm(): void {
    const mark = copyMark(this.#journal);
    if (mark === null) return;
    const { unread, step } = this.#unread();
    const isTold = step.kind === "hold" && mark.held?.message === unread.at(-1)?.seq;
    if (step.kind === "none") this.#timers.clear("copy");
    else if (step.kind === "wait" || isTold) this.#timers.set("copy", step.until - clockOffset());
    else this.#timers.set("copy", Date.now() + COPY_RETRY_MS);
  }

  /** Sends what is due, decided anew after the person's object was asked: they may have read meanwhile. */
  async run(): Promise<void> {
    const { visitor } = this.#store;
    if (copyMark(this.#journal) === null || visitor === null) return;
    let { unread, step } = this.#unread();
    if (step.kind === "ask") {
      // If nobody answers, it is asked again.
      this.#timers.set("copy", Date.now() + COPY_RETRY_MS);
      const isHere = await this.#around.isHere(visitor.id);
      ({ unread, step } = this.#unread(isHere));
      const newest = unread.at(-1);
      if (isHere && newest !== undefined) this.#isHereFor = newest.visible;
    }
    const [mark, route] = [copyMark(this.#journal), this.#route];
    if (mark === null || route === null) return;
    const entry =
      step.kind === "send"
        ? this.#mails.copy(unread, mark, route, now())
        : step.kind === "hold"
          ? this.#mails.hold(unread, mark, route, now())
          : null;
    if (entry === null) this.arm();
    else this.#around.commit(entry);
  }

  /** Where copies go; null where no address is known. */
  get #route(): CopyRoute | null {
    const mark = copyMark(this.#journal);
    const { contact } = this.#store.visitor ?? {};
    return mark === null ? null : copyRoute(mark.to, contact, this.#around.answered());
  }

  /** What no mail has carried, and what is to be done about it. */
  #unread(told: boolean | null = null): { unread: UnreadMessage[]; step: HeldStep } {
    const { head } = this.#store;
    const [mark, route] = [copyMark(this.#journal), this.#route];
    if (head === null || mark === null || route === null)
      return { unread: [], step: { kind: "none" } };
    const unread = unreadOf(this.#journal, head, route);
    const isHere = told ?? (unread.at(-1)?.visible === this.#isHereFor ? true : null);
    const step = route.isEverything
      ? everythingStep(unread, now())
      : copyStep(unread, isHere, now(), mark.afterMs);
    if (route.standing !== "unproven") return { unread, step };
    // How the last one ended says whether there may be another.
    if (this.#mails.isCopying) return { unread, step: { kind: "none" } };
    const { held } = mark;
    return { unread, step: heldStep(step, held?.to === route.to ? held.until : 0, now()) };
  }
}
