import { cleanMessage } from "../../domain/text/clean.ts";
import {
  operatorCommand,
  visitorCommand,
  type OperatorCommand,
  type ReadMarks,
  type ToOperator,
  type ToVisitor,
  type VisitorCommand,
} from "../../protocol/conversation-frames.ts";
import { CLOSE } from "../../protocol/errors.ts";
import type { ConversationId } from "../../protocol/ids.ts";
import { parseBounded } from "../../protocol/json.ts";
import {
  DEVICE_SOCKETS_MAX,
  OPERATOR_SOCKETS_MAX,
  RESUME_MAX_ENTRIES,
  TYPING_INTERVAL_MS,
} from "../../protocol/limits.ts";
import type { OperatorCard } from "../../protocol/operators.ts";
import { SOCKET_HEADERS } from "../contracts.ts";
import { now } from "../runtime/clock.ts";
import { FAULT } from "../runtime/fault.ts";
import { refuse, send, Sockets } from "../runtime/sockets.ts";
import { readOperatorHeader } from "../runtime/operator-header.ts";
import { summaryOf, type Destination, type Head } from "./head.ts";
import type { MailLog } from "./mail-log.ts";
import type { ConversationStore, OperatorAndVisible, Sending, Sent } from "./store.ts";

/** Who holds a socket. `isLive`: it has resumed, so new entries are for it too. */
type Holder = { key: string; isLive: boolean; isEnded?: true } & (
  | { role: "visitor" }
  | { role: "operator"; operator: OperatorCard; mailTo: string | null; copyAfterMs: number }
);

type Committed = (
  entries: OperatorAndVisible[],
  except: WebSocket | null,
  ...destinations: Destination[]
) => void;

/** Told where copies of what is not read go, and after how long. */
type NoteCopies = (to: string | null, afterMs: number) => void;

/** Everybody who has the conversation open, and what they say to it. */
export class ConversationRoom {
  readonly #id: ConversationId;
  readonly #store: ConversationStore;
  readonly #mails: MailLog;
  readonly #sockets: Sockets<Holder>;
  readonly #committed: Committed;
  readonly #noteCopies: NoteCopies;
  readonly #typing = new WeakMap<WebSocket, { toldAt: number; on: boolean }>();

  constructor(
    ctx: DurableObjectState,
    id: ConversationId,
    { store, mails }: { store: ConversationStore; mails: MailLog },
    { committed, noteCopies }: { committed: Committed; noteCopies: NoteCopies },
  ) {
    this.#id = id;
    this.#store = store;
    this.#mails = mails;
    this.#sockets = new Sockets<Holder>(ctx);
    this.#committed = committed;
    this.#noteCopies = noteCopies;
  }

  accept(request: Request): Response {
    const head = this.#store.head;
    const device = request.headers.get(SOCKET_HEADERS.device);
    const session = request.headers.get(SOCKET_HEADERS.session);
    if (head === null || request.headers.get("upgrade") !== "websocket")
      return new Response(null, { status: 404 });
    if (device !== null) {
      const holder: Holder = { key: device, role: "visitor", isLive: false };
      const { response, socket } = this.#sockets.accept(request, holder, DEVICE_SOCKETS_MAX);
      if (this.#store.isRevoked(device)) {
        this.#sockets.shut(socket, CLOSE.ended, "ended");
        return response;
      }
      this.#greet(socket, holder, head);
      return response;
    }
    const operator = readOperatorHeader(request);
    if (session === null || operator === null) return new Response(null, { status: 404 });
    const mailTo = request.headers.get(SOCKET_HEADERS.mailTo);
    const copyAfterMs = Number(request.headers.get(SOCKET_HEADERS.copyAfter) ?? 0);
    const common = { key: session, isLive: false };
    const holder: Holder = { ...common, role: "operator", operator, mailTo, copyAfterMs };
    const { response, socket } = this.#sockets.accept(request, holder, OPERATOR_SOCKETS_MAX);
    this.#greet(socket, holder, head);
    return response;
  }

  hear(socket: WebSocket, message: string | ArrayBuffer): void {
    if (!this.#sockets.admits(socket, Date.now())) return;
    if (typeof message !== "string") return refuse(socket, "binary_frame");
    const holder = this.#sockets.holder(socket);
    const parsed = parseBounded<OperatorCommand | VisitorCommand>(
      message,
      holder.role === "visitor" ? visitorCommand : operatorCommand,
    );
    if (!parsed.ok) return refuse(socket, parsed.code, parsed.id, parsed.detail);
    const command = parsed.value;
    switch (command.t) {
      case "resume":
        return this.#resume(socket, holder, command.id, command.after);
      case "message":
      case "note":
        return this.#send(socket, holder, command);
      case "typing":
        return this.#hearTyping(socket, holder, command.on);
      case "read":
        return this.#read(socket, holder, command.id, command.through);
    }
  }

  left(socket: WebSocket): void {
    const holder = this.#sockets.holder(socket);
    if (this.#typing.get(socket)?.on === true) this.#tellTyping(socket, holder, false);
  }

  /**
   * Takes a sending and tells everybody but its own socket. The answer goes first: a socket hears every number in
   * order, its own included.
   */
  take(sending: Sending, from: WebSocket | null, answer: (sent: Sent) => void = () => {}): Sent {
    const text = cleanMessage(sending.text);
    const sent: Sent =
      text === ""
        ? { kind: "refused", code: "invalid" }
        : this.#store.send({ ...sending, text }, now());
    if (sent.kind === "new") sent.entries.push(...this.#mails.owe(sending, sent.seq, sent.at));
    answer(sent);
    if (sent.kind === "new") {
      const destinations: Destination[] =
        sending.type === "note" ? ["inbox", "projection"] : ["inbox", "visitor", "projection"];
      this.#committed(sent.entries, from, ...destinations);
    }
    return sent;
  }

  /** A new entry, to every socket that has resumed, except where it came from. */
  tell({ operator, visible }: OperatorAndVisible, except: WebSocket | null): void {
    const forOperators = JSON.stringify({ t: "entry", entry: operator } satisfies ToOperator);
    const forVisitor =
      visible === null ? null : JSON.stringify({ t: "entry", entry: visible } satisfies ToVisitor);
    // The sender's own copy is its ack; what the same turn adds beside it is news to the sender too.
    const isSenders = operator.type === "message" || operator.type === "note";
    for (const socket of this.#sockets.all()) {
      const holder = this.#sockets.holder(socket);
      if (!holder.isLive || (socket === except && isSenders)) continue;
      if (holder.role === "operator") send(socket, forOperators);
      else if (forVisitor !== null) send(socket, forVisitor);
    }
  }

  /** The conversation's state beside its entries, to operators. */
  tellSummary(): void {
    const { head, visitor, lastSeq } = this.#store;
    if (head === null || visitor === null) return;
    const summary = summaryOf(this.#id, visitor, head, lastSeq);
    this.#toRole("operator", { t: "summary", summary });
  }

  /** The one change beside messages that the visitor is told of. */
  tellStatus(): void {
    const { head } = this.#store;
    if (head !== null) this.#toRole("visitor", { t: "status", status: head.status });
  }

  endHolder(key: string): void {
    this.#sockets.end(key);
  }

  #greet(socket: WebSocket, holder: Holder, head: Head): void {
    const { visitor, lastSeq } = this.#store;
    if (visitor === null) return;
    const frame: ToVisitor | ToOperator =
      holder.role === "visitor"
        ? {
            t: "hello",
            conversation: this.#id,
            status: head.status,
            through: head.visibleSeq,
            marks: marksFor("visitor", head),
          }
        : {
            t: "hello",
            summary: summaryOf(this.#id, visitor, head, lastSeq),
            through: lastSeq,
            marks: marksFor("operator", head),
            mailTo: addressFor(holder, head),
            copyAfterMs: copyAfter(holder, head),
          };
    send(socket, JSON.stringify(frame));
  }

  /**
   * Answers with what is after the given number, and in the same turn makes the socket live if that was all:
   * nothing can come between the answer and the first live entry.
   */
  #resume(socket: WebSocket, holder: Holder, id: string, after: number): void {
    const limit = RESUME_MAX_ENTRIES + 1;
    const found =
      holder.role === "visitor"
        ? this.#store.visibleAfter(after, limit)
        : this.#store.after(after, limit);
    const more = found.length > RESUME_MAX_ENTRIES;
    const entries = more ? found.slice(0, RESUME_MAX_ENTRIES) : found;
    if (!more && !holder.isLive) this.#sockets.keep(socket, { ...holder, isLive: true });
    send(socket, JSON.stringify({ t: "entries", id, entries, more }));
  }

  #send(
    socket: WebSocket,
    holder: Holder,
    command: Extract<OperatorCommand, { t: "message" | "note" }>,
  ): void {
    const { t: type, id, stream, n, text } = command;
    const subject = command.t === "message" ? command.mail?.subject : undefined;
    const { head } = this.#store;
    const to = head === null ? null : addressFor(holder, head);
    if (subject !== undefined && to === null) return refuse(socket, "invalid", id);
    // Before the message, so that none is written whose copy nobody could address.
    const isReachable = to !== null || this.#store.visitor?.contact !== undefined;
    if (type === "message" && isReachable && holder.role === "operator" && head?.mail === undefined)
      this.#noteCopies(to, holder.copyAfterMs);
    const author: Sending["author"] =
      holder.role === "visitor"
        ? { kind: "visitor" }
        : { kind: "operator", operator: holder.operator };
    const sending: Sending = {
      type,
      holder: holder.role === "visitor" ? holder.key : holder.operator.id,
      author,
      stream,
      n,
      text,
      email: subject === undefined || to === null ? undefined : { to, subject },
    };
    if (FAULT === "ack-before-write") {
      const seq =
        (holder.role === "visitor" ? this.#store.head?.visibleSeq : this.#store.lastSeq) ?? 0;
      send(socket, JSON.stringify({ t: "ack", id, seq: seq + 1, at: now() }));
      setTimeout(() => this.take(sending, socket), 40);
      return;
    }
    this.take(sending, socket, (sent) => {
      if (sent.kind === "refused") return refuse(socket, sent.code, id);
      const seq = holder.role === "visitor" ? sent.visibleSeq : sent.seq;
      send(
        socket,
        JSON.stringify({ t: "ack", id, seq, at: sent.at } satisfies ToVisitor & ToOperator),
      );
    });
  }

  /** Signals of typing are never stored; a beginning is passed on at most once a second, an end once after it. */
  #hearTyping(socket: WebSocket, holder: Holder, on: boolean): void {
    const last = this.#typing.get(socket) ?? { toldAt: 0, on: false };
    const at = Date.now();
    if (on ? at - last.toldAt < TYPING_INTERVAL_MS : !last.on) return;
    this.#typing.set(socket, { toldAt: on ? at : last.toldAt, on });
    this.#tellTyping(socket, holder, on);
  }

  #tellTyping(from: WebSocket, holder: Holder, on: boolean): void {
    const operator = holder.role === "operator" ? holder.operator : null;
    if (operator !== null) this.#toRole("visitor", { t: "typing", on, operator }, from);
    this.#toRole("operator", { t: "typing", on, operator }, from);
  }

  #read(socket: WebSocket, holder: Holder, id: string, through: number): void {
    const isNews =
      holder.role === "visitor"
        ? this.#store.readByVisitor(through)
        : this.#store.readByTeam(through);
    send(socket, JSON.stringify({ t: "ack", id }));
    const head = this.#store.head;
    if (!isNews || head === null) return;
    this.#toRole("visitor", { t: "marks", marks: marksFor("visitor", head) });
    this.#toRole("operator", { t: "marks", marks: marksFor("operator", head) });
    if (holder.role === "visitor") this.#committed([], null, "visitor");
    else this.#committed([], null, "inbox", "projection");
  }

  #toRole(role: "visitor", frame: ToVisitor, except?: WebSocket): void;
  #toRole(role: "operator", frame: ToOperator, except?: WebSocket): void;
  #toRole(role: Holder["role"], frame: ToVisitor | ToOperator, except?: WebSocket): void {
    const text = JSON.stringify(frame);
    for (const socket of this.#sockets.all()) {
      if (socket !== except && this.#sockets.holder(socket).role === role) send(socket, text);
    }
  }
}

/** Where an operator may send a mail on purpose: to an address that is known to be the person's, and nobody else's. */
function addressFor(holder: Holder, { mail }: Head): string | null {
  if (holder.role === "visitor") return null;
  if (mail !== undefined) return mail.isProven ? mail.address : null;
  return holder.mailTo;
}

function copyAfter(holder: Holder, head: Head): number | null {
  const isNever = holder.role === "visitor" || holder.copyAfterMs === 0 || head.mail !== undefined;
  return isNever ? null : holder.copyAfterMs;
}

function marksFor(role: Holder["role"], { read }: Head): ReadMarks {
  return role === "visitor"
    ? { visitor: read.visitor.visible, team: read.team.visible }
    : { visitor: read.visitor.seq, team: read.team.seq };
}
