import { DurableObject } from "cloudflare:workers";
import type { ConversationStatus, VisitorLabel } from "../../protocol/conversation-frames.ts";
import type { SentByTrigger } from "../../protocol/entries.ts";
import { CodedError } from "../../protocol/errors.ts";
import type { ConversationId, DeliveryId, DeviceId, WorkspaceId } from "../../protocol/ids.ts";
import { parseConversationName } from "../../protocol/addresses.ts";
import { encodedBytes } from "../../protocol/json.ts";
import { JOB_MAX_BYTES, JOB_MAX_MESSAGES, LIST_PAGE_SIZE } from "../../protocol/limits.ts";
import type { OperatorCard } from "../../protocol/operators.ts";
import type { ObjectBindings } from "../bindings.ts";
import type {
  ArrivedMail,
  ConversationContract,
  MailBeginning,
  MailReception,
  MailTold,
  ReceivedMessage,
} from "../contracts.ts";
import { peersOf } from "../peers.ts";
import { now } from "../runtime/clock.ts";
import { FAULT } from "../runtime/fault.ts";
import { Journal, JOURNAL_MIGRATION } from "../runtime/journal.ts";
import { runMigrations } from "../runtime/migrations.ts";
import { LIVE_PAUSE_MAX_MS, Outbox, STORED_PAUSE_MAX_MS } from "../runtime/outbox.ts";
import { answerClose } from "../runtime/sockets.ts";
import { Timers } from "../runtime/timers.ts";
import { CopyRounds } from "./copy-rounds.ts";
import { hearing, stateForVisitor, summaryOf, wordsForVisitor, type Destination } from "./head.ts";
import { MailArrivals } from "./mail-arrivals.ts";
import { MailLog } from "./mail-log.ts";
import { noteCopyRoute, noteEverything } from "./unread-copies.ts";
import { ConversationRoom } from "./room.ts";
import { ConversationStore, type OperatorAndVisible } from "./store.ts";

type Cursors = { inbox: number; visitor: number; projection: { version: number; seq: number } };
const NO_CURSORS: Cursors = { inbox: 0, visitor: 0, projection: { version: 0, seq: 0 } };

/** One thread with one visitor: its log, its participants' sockets, and what the rest of the house hears of it. */
export class ConversationObject
  extends DurableObject<ObjectBindings>
  implements ConversationContract
{
  readonly #workspace: WorkspaceId;
  readonly #id: ConversationId;
  readonly #journal: Journal;
  readonly #store: ConversationStore;
  readonly #mails: MailLog;
  readonly #arrivals: MailArrivals;
  readonly #copies: CopyRounds;
  readonly #room: ConversationRoom;
  readonly #timers: Timers;
  readonly #outbox: Outbox<Destination | "mail">;
  /** Mails are owed for as long as their end is not told; how often all had ended is counted in memory alone. */
  #mailRounds = 0;
  #cursors: Cursors;

  constructor(ctx: DurableObjectState, env: ObjectBindings) {
    super(ctx, env);
    ({ workspace: this.#workspace, conversation: this.#id } = parseConversationName(
      ctx.id.name ?? "",
    ));
    runMigrations(ctx.storage, [JOURNAL_MIGRATION]);
    this.#journal = new Journal(ctx.storage);
    this.#store = new ConversationStore(this.#journal);
    this.#mails = new MailLog(this.#journal, this.#store);
    this.#arrivals = new MailArrivals(this.#journal, this.#store);
    this.#room = new ConversationRoom(
      ctx,
      this.#id,
      { store: this.#store, mails: this.#mails },
      {
        committed: (...args) => this.#committed(...args),
        noteCopies: (to, afterMs) => noteCopyRoute(this.#journal, this.#store, to, afterMs),
      },
    );
    this.#timers = new Timers((at) => void ctx.storage.setAlarm(at));
    this.#cursors = (this.#journal.get("cursors") ?? NO_CURSORS) as Cursors; // written only by #moved
    this.#outbox = this.#connectOutbox();
    this.#copies = new CopyRounds(this.#journal, this.#store, this.#mails, this.#timers, {
      answered: () => this.#arrivals.answered,
      isHere: (visitor) => peersOf(env).visitor(this.#workspace, visitor).isHere(),
      commit: (entry) => this.#committed([entry], null, "inbox", "projection"),
    });
    this.#copies.arm();
  }

  // The visitor's object

  async begin(visitor: VisitorLabel, mail?: MailBeginning): Promise<void> {
    if (mail === undefined) return this.#store.begin(visitor, now());
    const { address, subject, isProven } = mail;
    this.#store.begin(visitor, now(), { address, subject, isProven });
  }

  async receive(
    device: DeviceId,
    { stream, n, text, answers }: { stream: string; n: number; text: string; answers?: DeliveryId },
  ): Promise<ReceivedMessage> {
    if (this.#store.isRevoked(device)) return { ok: false, code: "ended" };
    const sent = this.#room.take(
      { type: "message", holder: device, author: { kind: "visitor" }, stream, n, text, answers },
      null,
    );
    if (sent.kind === "refused") return { ok: false, code: sent.code };
    return { ok: true, seq: sent.visibleSeq, at: sent.at };
  }

  async deliver(from: OperatorCard, sent: SentByTrigger): Promise<{ seq: number; at: number }> {
    const taken = this.#store.deliver(from, sent, now());
    if (taken.kind === "refused") throw new CodedError("conflict");
    if (taken.kind === "new")
      this.#committed(taken.entries, null, "inbox", "visitor", "projection");
    return { seq: taken.visibleSeq, at: taken.at };
  }

  // Email

  async receiveMail(mail: ArrivedMail): Promise<MailReception> {
    if (this.#store.head === null) return { ok: false, code: "not_found" };
    const arrival = this.#arrivals.receive(mail, now());
    if (arrival.kind === "refused") {
      if (arrival.entries.length > 0) this.#committed(arrival.entries, null, "inbox", "projection");
      return { ok: false, code: "rate_limited" };
    }
    if (arrival.kind === "new")
      this.#committed(arrival.entries, null, "inbox", "visitor", "projection");
    return { ok: true, seq: arrival.seq };
  }

  async mailed(told: MailTold): Promise<void> {
    if (this.#store.head === null) return;
    const entry = this.#mails.told(told, now());
    if (entry === null) return;
    this.#committed([entry], null, "inbox", "projection");
    if (!this.#mails.isWaiting) this.#outbox.confirm("mail", ++this.#mailRounds);
  }

  async mailAgain(by: OperatorCard, message: number) {
    if (this.#store.head === null) return null;
    const entry = this.#mails.again(by, message, now());
    if (entry !== null) this.#committed([entry], null, "inbox", "projection");
    return this.summary();
  }

  async acceptMail(by: OperatorCard, seq: number) {
    if (this.#store.head === null) return null;
    const entries = this.#arrivals.accept(by, seq, now());
    if (entries.length > 0) this.#committed(entries, null, "inbox", "visitor", "projection");
    return this.summary();
  }

  async mailedTo(message: number) {
    return this.#store.head === null ? null : this.#mails.addressOf(message);
  }

  async receivedMail(seq: number) {
    return this.#store.head === null ? null : this.#arrivals.received(seq);
  }

  async describeVisitor(visitor: VisitorLabel, version: number): Promise<void> {
    if (!this.#store.describeVisitor(visitor, version)) return;
    const { head } = this.#store;
    if (head !== null) noteEverything(this.#journal, head, visitor.contact?.isEverything ?? false);
    this.#copies.arm();
    this.#room.tellSummary();
    this.#changed("inbox", "projection");
  }

  async endDevice(device: DeviceId): Promise<void> {
    this.#store.revokeDevice(device);
    this.#room.endHolder(device);
  }

  async passDevice(from: DeviceId, to: DeviceId): Promise<void> {
    this.#store.passDevice(from, to);
  }

  // Operators, through the Worker

  async refresh(): Promise<void> {
    await this.#copies.run();
  }

  async summary() {
    const { head, visitor, lastSeq } = this.#store;
    return head === null || visitor === null ? null : summaryOf(this.#id, visitor, head, lastSeq);
  }

  async entries(before: number | null) {
    if (this.#store.head === null) return null;
    const from = before ?? this.#store.lastSeq + 1;
    const entries = this.#store.before(from, LIST_PAGE_SIZE);
    return { entries, hasMore: (entries[0]?.seq ?? 1) > 1 };
  }

  async assign(by: OperatorCard, to: OperatorCard | null, note: string | null) {
    if (this.#store.head === null) return null;
    const entry = this.#store.assign(by, to, note, now());
    if (entry !== null) this.#committed([entry], null, "inbox", "projection");
    return this.summary();
  }

  async setStatus(by: OperatorCard, status: ConversationStatus) {
    if (this.#store.head === null) return null;
    const entry = this.#store.setStatus(by, status, now());
    if (entry !== null) this.#committed([entry], null, "inbox", "visitor", "projection");
    return this.summary();
  }

  async endSession(session: string): Promise<void> {
    this.#room.endHolder(session);
  }

  // Confirmations and recovery

  async confirmProjection(from: number, through: number, version: number): Promise<void> {
    if (from > this.#cursors.projection.seq + 1) return;
    const seq = Math.max(this.#cursors.projection.seq, through);
    this.#cursors = { ...this.#cursors, projection: { ...this.#cursors.projection, seq } };
    this.#ride();
    const isWhole = seq >= this.#store.lastSeq;
    const newest = this.#store.head?.version ?? 0;
    // A job that could not carry every entry confirms those it had, and leaves the rest owed.
    this.#outbox.confirm("projection", isWhole ? version : Math.min(version, newest - 1));
    if (!isWhole) this.ctx.waitUntil(this.#outbox.pushRest("projection"));
  }

  async log(after: number, limit: number) {
    return this.#store.after(after, limit);
  }

  // The platform

  override async fetch(request: Request): Promise<Response> {
    return this.#room.accept(request);
  }

  override async webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): Promise<void> {
    this.#room.hear(socket, message);
  }

  override async webSocketClose(socket: WebSocket, code: number): Promise<void> {
    answerClose(socket, code);
    this.#room.left(socket);
  }

  override async alarm(): Promise<void> {
    await this.#timers.run(async (due) => {
      // Side by side, for whoever does not answer the one holds up the other no more than a while.
      await Promise.all([
        this.#outbox.run(due),
        due.includes("copy") ? this.#copies.run() : undefined,
      ]);
      if (this.#outbox.isSettled()) this.#journal.settle();
    });
  }

  #committed(
    entries: OperatorAndVisible[],
    except: WebSocket | null,
    ...destinations: Destination[]
  ): void {
    for (const entry of entries) this.#room.tell(entry, except);
    const types = new Set(entries.map(({ operator }) => operator.type));
    if (types.has("assigned") || types.has("closed") || types.has("reopened"))
      this.#room.tellSummary();
    if (types.has("closed") || types.has("reopened")) this.#room.tellStatus();
    this.#changed(...destinations);
    if (types.has("mailed") && this.#mails.isWaiting) this.#push("mail");
    this.#copies.arm();
  }

  #changed(...destinations: Destination[]): void {
    const { head } = this.#store;
    const hearers = head === null ? [] : hearing(head, destinations);
    this.#push(...hearers);
  }

  #push(...names: (Destination | "mail")[]): void {
    for (const push of this.#outbox.changed(...names)) this.ctx.waitUntil(push);
  }

  #ride(): void {
    this.#journal.ride("cursors", this.#cursors);
  }

  #connectOutbox() {
    const outbox = new Outbox<Destination | "mail">(this.#timers, (name, confirmed) => {
      if (name === "mail") return;
      this.#cursors =
        name === "projection"
          ? { ...this.#cursors, projection: { ...this.#cursors.projection, version: confirmed } }
          : { ...this.#cursors, [name]: confirmed };
      this.#ride();
    });
    const peers = peersOf(this.env);
    const wanted = (name: Destination) => () => this.#store.head?.wanted[name] ?? 0;
    const { inbox, visitor, projection } = this.#cursors;
    const tellInbox = async () => {
      const summary = await this.summary();
      if (summary !== null) await peers.inbox(this.#workspace).conversationChanged(summary);
      return "confirmed" as const;
    };
    const tellVisitor = async () => {
      const { head, visitor } = this.#store;
      if (head !== null && visitor !== null) {
        const state = stateForVisitor(this.#id, head);
        await peers
          .visitor(this.#workspace, visitor.id)
          .conversationChanged(state, head.version, wordsForVisitor(head));
      }
      return "confirmed" as const;
    };
    outbox.add("inbox", inbox, wanted("inbox"), tellInbox, LIVE_PAUSE_MAX_MS);
    outbox.add("visitor", visitor, wanted("visitor"), tellVisitor, LIVE_PAUSE_MAX_MS);
    outbox.add(
      "projection",
      projection.version,
      wanted("projection"),
      () => this.#project(),
      STORED_PAUSE_MAX_MS,
    );
    outbox.add(
      "mail",
      0,
      () => this.#mailRounds + (this.#mails.isWaiting ? 1 : 0),
      () => this.#sendMails(),
      STORED_PAUSE_MAX_MS,
      0,
    );
    return outbox;
  }

  async #sendMails(): Promise<"accepted"> {
    const jobs = this.#mails.jobs(this.#workspace, this.#id, now());
    for (const job of jobs) {
      await this.env.EMAILS.send(job);
      this.#mails.queued(job.id);
    }
    return "accepted";
  }

  async #project(): Promise<"confirmed" | "accepted"> {
    const summary = await this.summary();
    if (summary === null) return "confirmed";
    const from = this.#cursors.projection.seq + 1;
    const entries = this.#store.after(from - 1, JOB_MAX_MESSAGES);
    // A queue takes 128 KB; what does not fit follows once this part is confirmed. One entry always fits.
    let bytes = encodedBytes(summary);
    const beyond = entries.findIndex((entry) => (bytes += encodedBytes(entry)) > JOB_MAX_BYTES);
    const carried = beyond < 0 ? entries : entries.slice(0, Math.max(1, beyond));
    const through = carried.at(-1)?.seq ?? from - 1;
    await this.env.PROJECTION.send({
      type: "ProjectConversation",
      workspace: this.#workspace,
      conversation: this.#id,
      summary,
      from,
      through,
      entries: carried,
    });
    if (FAULT === "cursor-before-effect")
      await this.confirmProjection(from, through, summary.version);
    return "accepted";
  }
}
