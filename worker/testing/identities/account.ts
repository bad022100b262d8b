import type { DeviceId, VisitorId } from "../../../protocol/ids.ts";

/**
 * Who is whom, and who may see what: the rules of docs/identity.md in their slowest form. It knows no code of the product,
 * and learns nothing from it but the names that it gives to what is new.
 */

/** What a page tells. */
export type Told = {
  type: string;
  name?: string;
  at?: number;
  props?: { order_id: string; total: number; currency: string };
  ops?: { op: string; key: string; value: string }[];
  userId?: string;
  traits?: object;
};

/** What a proof says. */
export type Said = { userId: string | null; emails: readonly string[] };

/** One history: what was done under one visitor. Histories that turned out to be one person's share a `root`. */
export class History {
  /** As the product calls it; null until it has said so. */
  visitor: VisitorId | null = null;
  into: History | null = null;
  userId: string | null = null;
  readonly emails = new Set<string>();
  /** How often something was done, and when first and last. */
  readonly events = new Map<string, { count: number; firstAt: number; lastAt: number }>();
  /** The newest value of a property. */
  note: { value: string; at: number } | null = null;
  orders = { count: 0, paidMinor: 0 };

  get root(): History {
    return this.into === null ? this : this.into.root;
  }

  /** A page has told this of the person. */
  hears({ type, name = "", at, props, ops }: Told & { at: number }): void {
    if (type === "track") this.counts(name, 1, at, at);
    if (props !== undefined) {
      const paidMinor = this.orders.paidMinor + 100 * props.total;
      this.orders = { count: this.orders.count + 1, paidMinor };
    }
    for (const { value } of ops ?? []) if (at > (this.note?.at ?? 0)) this.note = { value, at };
  }

  counts(name: string, count: number, firstAt: number, lastAt: number): void {
    const held = this.events.get(name);
    this.events.set(name, {
      count: (held?.count ?? 0) + count,
      firstAt: Math.min(held?.firstAt ?? firstAt, firstAt),
      lastAt: Math.max(held?.lastAt ?? lastAt, lastAt),
    });
  }
}

/** What took the place of a right: by which proof, and with which secrets of its browser. */
type Next = { right: Right; isAnother: boolean; at: number; lead: string; secrets: Set<string> };

/** What a token stands for: one browser's right to one history, until it ends. */
export class Right {
  readonly history: History;
  /** As the product calls it; null until it has said so. */
  device: DeviceId | null = null;
  /** When it ended, whose it was then, and what it could see until then. */
  ended: { step: number; root: History; seen: ReadonlySet<History> } | null = null;
  /** Whether what ends it was cut off on its way: it may be as it was, or ended already. */
  isLeaving = false;
  /** The right that its browser has in place of it. */
  next: Next | null = null;
  /** Whether its browser has proven who uses it, here. */
  isProven = false;
  /** Since when this person has its browser, where somebody else had it before: what is older is not theirs. */
  cameAt = 0;

  constructor(history: History) {
    this.history = history;
  }

  get isActive(): boolean {
    return this.ended === null;
  }
}

/** Words that nobody else writes, and in whose history they stand. */
export type Word = { history: History; step: number };

/** `address`: whose mail began it. */
export type Thread = { history: History; words: string[]; address: string | null };

/** So long a right that a proof has ended asks whoever has no secret to wait, and takes late facts. */
const WAIT_MS = 5_000;
const LATE_MS = 60_000;
/** A browser's moves that an old token is followed through. */
const MOVES_FOLLOWED = 8;

/** One workspace. */
export class Account {
  step = 0;
  /** False while something that was proven was cut off on its way. */
  isSettled = true;
  readonly histories: History[] = [];
  readonly rights: Right[] = [];
  readonly words = new Map<string, Word>();
  readonly threads = new Map<string, Thread>();
  /** Whose mails from an address are, where its own domain has vouched for one. */
  readonly homes = new Map<string, History>();

  arrives(history = this.begins()): Right {
    const right = new Right(history);
    this.rights.push(right);
    return right;
  }

  begins(): History {
    const history = new History();
    this.histories.push(history);
    return history;
  }

  /** The right that a browser has which comes with this one; null where it leads nowhere. */
  follows(right: Right, secrets: readonly string[], at: number): Right | "wait" | null {
    let found = right;
    for (let moves = 0; moves <= MOVES_FOLLOWED; moves++) {
      const { next } = found;
      if (found.isActive) return found;
      if (next === null) return null;
      if (!secrets.some((secret) => next.secrets.has(secret)))
        return at - next.at < WAIT_MS ? "wait" : null;
      found = next.right;
    }
    return null;
  }

  /** The first right on the way that may be as it was, or have ended already. */
  leaving(right: Right): Right | null {
    if (right.isLeaving) return right;
    return right.next === null ? null : this.leaving(right.next.right);
  }

  /** What was cut off on its way has been brought to its end. */
  settles(at: number): void {
    for (const right of this.rights) {
      if (!right.isLeaving) continue;
      right.isLeaving = false;
      if (right.ended !== null) right.ended = { ...right.ended, step: this.step };
      if (right.next !== null) right.next = { ...right.next, at };
    }
    this.isSettled = true;
  }

  /** The right under which late facts count; null where they count nowhere. */
  countsUnder(right: Right, at: number): Right | null {
    const { next } = right;
    if (right.isActive) return right;
    if (next === null || next.isAnother) return null;
    if (at - next.at >= LATE_MS) return null;
    return this.countsUnder(next.right, at);
  }

  /** @returns The right that its browser has from now on; null where the proof opens nothing. */
  proves(right: Right, said: Said, secret: string, at: number): Right | null {
    const { userId, emails } = said;
    const held = this.#provesUnder(right, said, secret);
    if (held === null) return null;
    const own = held.history.root;
    const isKnown =
      (userId === null || own.userId === userId) && emails.every((email) => own.emails.has(email));
    if (held.isProven && isKnown) return held;
    const ending = { held, at, lead: leadOf(said), secret };
    if (userId === null) return this.#provesMailbox(ending, emails[0] ?? "");
    const holder = this.live.find((one) => one.userId === userId) ?? null;
    const isElse =
      own.userId === null
        ? own.emails.size > 0 && !emails.some((email) => own.emails.has(email))
        : own.userId !== userId;
    let after: Right;
    if (isElse) after = this.#moves(ending, holder ?? this.begins(), true);
    else if (holder !== null && holder !== own) after = this.#joins(own, holder, ending);
    else after = this.#stays(ending);
    const person = after.history.root;
    person.userId = userId;
    for (const email of emails) this.#gives(email, person);
    return after;
  }

  ends(right: Right): void {
    if (!right.isActive) return;
    const { root } = right.history;
    const seen = new Set(this.histories.filter((one) => one.root === root));
    right.isLeaving = !this.isSettled;
    right.ended = { step: this.step, root, seen };
  }

  /** Ends a right for good, and every one that its browser got in place of it. */
  resets(right: Right): void {
    this.ends(right);
    right.isLeaving = false;
    if (right.ended !== null) right.ended = { ...right.ended, step: this.step };
    if (right.next !== null) this.resets(right.next.right);
    right.next = null;
  }

  writes(history: History, conversation: string, word: string, from: string | null = null): Thread {
    const thread = this.threads.get(conversation) ?? { history, words: [], address: from };
    this.threads.set(conversation, thread);
    thread.words.push(word);
    this.says(history, word);
    return thread;
  }

  says(history: History, word: string): void {
    this.words.set(word, { history, step: this.step });
  }

  /** Whether a browser may have got these words under a right, at any time. */
  mayHear(right: Right, word: string): boolean {
    const said = this.words.get(word);
    if (said === undefined) return false;
    if (right.ended === null) return said.history.root === right.history.root;
    return (right.isLeaving || said.step <= right.ended.step) && right.ended.seen.has(said.history);
  }

  threadsOf(history: History): [string, Thread][] {
    return [...this.threads].filter(([, thread]) => thread.history.root === history.root);
  }

  /** The right that a proof is made under; null where it has ended and this proof opens nothing. */
  #provesUnder(right: Right, said: Said, secret: string): Right | null {
    const { next } = right;
    if (right.isActive) return right;
    if (next === null) return null;
    if (next.lead !== leadOf(said)) return null;
    next.secrets.add(secret);
    return this.#provesUnder(next.right, said, secret);
  }

  get live(): History[] {
    return this.histories.filter(({ into }) => into === null);
  }

  /** Whose an address is: who has proven it, or whom its mails have made. */
  holderOf(email: string): History | null {
    return this.live.find((one) => one.emails.has(email)) ?? this.homes.get(email)?.root ?? null;
  }

  #provesMailbox(ending: Ending, email: string): Right {
    const own = ending.held.history.root;
    const holder = this.holderOf(email);
    if (own.userId !== null || holder === null || holder === own) {
      const after = this.#stays(ending);
      this.#gives(email, own);
      return after;
    }
    holder.emails.add(email);
    return this.#joins(own, holder, ending);
  }

  /** An address is this person's from now on; whoever is known by nothing but addresses is this person, too. */
  #gives(email: string, to: History): void {
    const holder = this.holderOf(email);
    if (holder !== null && holder !== to) {
      if (holder.userId === null) this.#seals(holder, to);
      else holder.emails.delete(email);
    }
    to.emails.add(email);
  }

  #stays(ending: Ending): Right {
    return this.#moves(ending, ending.held.history, false);
  }

  #moves({ held, at, lead, secret }: Ending, to: History, isAnother: boolean): Right {
    this.#makesWay(to);
    this.ends(held);
    const right = this.arrives(to);
    right.isProven = true;
    right.cameAt = isAnother ? at : held.cameAt;
    held.next = { right, isAnother, at, lead, secrets: new Set([secret]) };
    return right;
  }

  /** Whoever first proves who somebody is, is alone with them: nobody knows who has let the others in. */
  #makesWay(to: History): void {
    const rights = this.rights.filter(({ history }) => history === to);
    if (!rights.some(({ isProven }) => isProven)) for (const right of rights) this.ends(right);
  }

  #joins(from: History, into: History, ending: Ending): Right {
    this.#seals(from, into);
    return this.#moves(ending, into, false);
  }

  /** Everything of one history is another one's from now on, and every right to it ends. */
  #seals(from: History, into: History): void {
    for (const right of this.rights) if (right.history.root === from) this.ends(right);
    from.into = into;
    for (const email of from.emails) into.emails.add(email);
    for (const [name, { count, firstAt, lastAt }] of from.events)
      into.counts(name, count, firstAt, lastAt);
    if (from.note !== null && from.note.at > (into.note?.at ?? 0)) into.note = from.note;
    into.orders = {
      count: into.orders.count + from.orders.count,
      paidMinor: into.orders.paidMinor + from.orders.paidMinor,
    };
  }
}

/** A proof that ends a right. */
type Ending = { held: Right; at: number; lead: string; secret: string };

/** What decides whose a proof is. */
function leadOf({ userId, emails }: Said): string {
  return userId === null ? `email ${emails[0]}` : `user_id ${userId}`;
}
