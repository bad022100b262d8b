import {
  CONTINUE_LIFETIME_MS,
  CONTINUE_LINKS_MAX,
  CONTINUE_TICKET_MS,
} from "../../../protocol/limits.ts";
import type { Continued } from "../../../protocol/visitor-frames.ts";
import type { Account, History, Right } from "./account.ts";

/** What links that a chat makes are good for, by the rules of docs/identity.md ("On another device"). */
export class Link {
  readonly url: string;
  /** The right that it was made with: it ends with that. */
  readonly maker: Right;
  readonly madeAt: number;
  expiresAt: number;
  /** Its ticket, and since when there is one. */
  handed: { ticket: string; at: number } | null = null;
  /** The page load that has exchanged the ticket, and the right that a browser without one has got for it. */
  taken: { stream: string; right: Right | null } | null = null;

  constructor(url: string, maker: Right, at: number) {
    this.url = url;
    this.maker = maker;
    this.madeAt = at;
    this.expiresAt = at + CONTINUE_LIFETIME_MS;
  }

  /** Whether pressing its button leads anywhere. */
  works(at: number): boolean {
    if (!this.maker.isActive) return false;
    if (this.handed === null) return at < this.expiresAt;
    return this.taken === null && at < this.handed.at + CONTINUE_TICKET_MS;
  }

  mayBeTaken(stream: string, at: number): boolean {
    if (this.handed === null) return false;
    return this.taken === null
      ? at < this.handed.at + CONTINUE_TICKET_MS
      : this.taken.stream === stream;
  }
}

/** A link is made; of a visitor's that nobody has used the oldest end where there are too many. */
export function noteLink(links: Link[], made: Link): void {
  links.push(made);
  const unused = links.filter(
    ({ maker, handed, expiresAt }) =>
      maker.history === made.maker.history && handed === null && expiresAt > made.madeAt,
  );
  for (const old of unused.slice(0, -CONTINUE_LINKS_MAX)) old.expiresAt = made.madeAt;
}

/**
 * A page load brings a ticket.
 * @param link Null where it is a ticket of no link, or of another shop's.
 * @returns What the page is told, and the right that it boots with.
 */
export function redeem(
  account: Account,
  link: Link | null,
  held: Right | null,
  { stream, at }: { stream: string; at: number },
): { continued: Continued; right: Right | null } {
  if (link === null || !link.maker.isActive) return { continued: "gone", right: held };
  const { history } = link.maker;
  const last = held === null ? null : lastOf(held);
  const isHere = last?.isActive === true && last.history.root === history.root;
  if (isHere) return { continued: "opened", right: held };
  if (last?.isActive && hasOwn(account, last.history)) return { continued: "own", right: held };
  if (!link.mayBeTaken(stream, at)) return { continued: "gone", right: held };
  if (last?.isActive) {
    link.taken = { stream, right: null };
    const right = account.arrives(history);
    right.cameAt = last.cameAt;
    account.ends(last);
    const secrets = new Set([link.handed?.ticket ?? ""]);
    last.next = { right, isAnother: false, at, lead: "", secrets };
    return { continued: "opened", right: held };
  }
  const right = link.taken?.right ?? account.arrives(history);
  link.taken = { stream, right };
  return { continued: "opened", right };
}

/** Where a browser is by now, as long as the same person uses it. */
function lastOf(right: Right): Right {
  return right.next === null || right.next.isAnother ? right : lastOf(right.next.right);
}

/** A proof or a conversation, which a link must not take away. */
function hasOwn(account: Account, { root }: History): boolean {
  return root.userId !== null || root.emails.size > 0 || account.threadsOf(root).length > 0;
}
