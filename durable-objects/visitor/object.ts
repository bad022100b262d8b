import { DurableObject } from "cloudflare:workers";
import { parseVisitorName } from "../../protocol/addresses.ts";
import { CodedError } from "../../protocol/errors.ts";
import type { Batch } from "../../protocol/facts.ts";
import {
  newId,
  type ConversationId,
  type DeviceId,
  type VisitorId,
  type WorkspaceId,
} from "../../protocol/ids.ts";
import {
  FIRST_MESSAGE_BURST,
  FIRST_MESSAGE_RATE_PER_MINUTE,
  LIST_PAGE_SIZE,
  PRESENCE_LEASE_MS,
  PRESENCE_RENEW_MS,
} from "../../protocol/limits.ts";
import type { TimelineItem } from "../../protocol/person.ts";
import type { ConversationState } from "../../protocol/visitor-frames.ts";
import type { ObjectBindings } from "../bindings.ts";
import type {
  BootInput,
  BootOutcome,
  IngestOutcome,
  ReceivedMessage,
  VisitorContract,
} from "../contracts.ts";
import { peersOf, type Peers } from "../peers.ts";
import { now } from "../runtime/clock.ts";
import { FAULT } from "../runtime/fault.ts";
import { Journal, JOURNAL_MIGRATION } from "../runtime/journal.ts";
import { runMigrations } from "../runtime/migrations.ts";
import { LIVE_PAUSE_MAX_MS, Outbox, STORED_PAUSE_MAX_MS } from "../runtime/outbox.ts";
import { answerClose } from "../runtime/sockets.ts";
import { Timers } from "../runtime/timers.ts";
import { personCard, presentVisitor, projectedCard, visitorLabel } from "./card.ts";
import { deviceRecord } from "./device-record.ts";
import { VisitorPages } from "./pages.ts";
import { VisitorStore, type Ingested, type Versions } from "./store.ts";

type Destination = keyof Versions["wanted"] | "presence";

/** A visitor whose last page has gone stays on the board this long: the next page is usually on its way. */
const LEAVING_LEASE_MS = 15_000;

/** A lease is not renewed this soon after it was given; what is left of it still outlasts the next renewal. */
const PRESENCE_FRESH_MS = (PRESENCE_LEASE_MS - PRESENCE_RENEW_MS) / 2;

/** One person: their devices, everything they did, and every page they have open. */
export class VisitorObject extends DurableObject<ObjectBindings> implements VisitorContract {
  readonly #workspace: WorkspaceId;
  readonly #id: VisitorId;
  readonly #journal: Journal;
  readonly #store: VisitorStore;
  readonly #pages: VisitorPages;
  readonly #peers: Peers;
  readonly #timers: Timers;
  readonly #outbox: Outbox<Destination>;
  /** Presence is a passing thing: it is told while this object is awake and never stored here. */
  #presenceVersion = 0;
  #told = { text: "", at: 0 };
  #lastReceived: Promise<unknown> = Promise.resolve();

  constructor(ctx: DurableObjectState, env: ObjectBindings) {
    super(ctx, env);
    ({ workspace: this.#workspace, visitor: this.#id } = parseVisitorName(ctx.id.name ?? ""));
    runMigrations(ctx.storage, [JOURNAL_MIGRATION]);
    this.#journal = new Journal(ctx.storage);
    this.#store = new VisitorStore(this.#journal);
    this.#peers = peersOf(env);
    this.#pages = new VisitorPages(ctx, this, {
      workspace: this.#workspace,
      secret: env.PARLEY_SECRET,
    });
    this.#timers = new Timers((at) => void ctx.storage.setAlarm(at));
    this.#outbox = this.#connectOutbox();
  }

  // Pages, through the Worker

  async boot({ device, batch, client, surroundings }: BootInput): Promise<BootOutcome> {
    const held = this.#store.device(device);
    if (held?.status === "ended") return { isEnded: true };
    const record = deviceRecord(held?.since ?? now(), client, surroundings);
    const isNews = JSON.stringify(record) !== JSON.stringify(held);
    const ingested = this.#store.ingest(device, batch, now(), isNews ? record : null);
    const { through, rejected } = this.#ingested(ingested);
    return { isEnded: false, conversation: this.conversation(), through, rejected };
  }

  async ingest(device: DeviceId, batch: Batch): Promise<IngestOutcome> {
    if (this.isEnded(device)) return { isEnded: true };
    const { through, rejected } = this.#ingested(this.#store.ingest(device, batch, now(), null));
    return { isEnded: false, through, rejected };
  }

  async reset(device: DeviceId): Promise<void> {
    this.#store.endDevice(device);
    this.#pages.end(device);
    await Promise.all(
      this.#conversationIds().map((id) =>
        this.#peers.conversation(this.#workspace, id).endDevice(device),
      ),
    );
  }

  // A page's socket

  isEnded(device: DeviceId): boolean {
    const record = this.#store.device(device);
    return record === null || record.status === "ended";
  }

  conversation(): ConversationState | null {
    const { open, list } = this.#store.conversations;
    return list.find((one) => one.state.id === open)?.state ?? null;
  }

  holdsConversation(id: string): id is ConversationId {
    return this.#conversationIds().some((one) => one === id);
  }

  /**
   * A message to the open conversation, which is started if there is none. Messages wait for one another, or one that
   * needs no beginning any more would overtake those before it; when one fails, those that wait behind it fail too.
   * @param network Where it comes from: a new conversation asks the throttle of that part of the network.
   * @throws CodedError `rate_limited` when too many conversations start there.
   */
  receive(
    device: DeviceId,
    network: string,
    message: { stream: string; n: number; text: string },
  ): Promise<ReceivedMessage & { conversation: ConversationId }> {
    const received = this.#lastReceived.then(() => this.#pass(device, network, message));
    this.#lastReceived = received;
    return received.finally(() => {
      if (this.#lastReceived === received) this.#lastReceived = Promise.resolve();
    });
  }

  /** The set of open pages has changed. */
  pagesChanged(): void {
    if (this.#pages.count() > 0) this.#timers.setNoLater("renew", Date.now() + PRESENCE_RENEW_MS);
    this.#changed("presence");
    this.#tellWatchers();
  }

  person() {
    return personCard(this.#id, this.#store, this.#pages.count() > 0);
  }

  // Operators, through the Worker

  async card() {
    return this.#store.isKnown ? this.person() : null;
  }

  async timeline(before: string | null) {
    if (!this.#store.isKnown) return null;
    const [seq, index] = (before ?? "").split(".").map(Number);
    const position = before === null ? null : { seq: seq ?? 0, index: index ?? 0 };
    const found = this.#store.timeline(position, LIST_PAGE_SIZE + 1);
    const items = found.slice(0, LIST_PAGE_SIZE);
    const last = items.at(-1);
    const nextBefore =
      found.length > items.length && last !== undefined ? `${last.seq}.${last.index}` : null;
    return { items, nextBefore };
  }

  async openConversation() {
    if (!this.#store.isKnown) return null;
    const conversation = this.#ensureOpen("operator");
    if (!this.#isHeard(conversation)) {
      const object = this.#peers.conversation(this.#workspace, conversation);
      await object.begin(visitorLabel(this.#id, this.#store));
    }
    return { conversation };
  }

  async endSession(session: string): Promise<void> {
    this.#pages.end(session);
  }

  // Conversations and consumers

  async conversationChanged(state: ConversationState, version: number): Promise<void> {
    if (!this.#store.conversationChanged(state, version)) return;
    this.#pages.tellPages({ t: "conversation", conversation: this.conversation() });
  }

  async confirmProjection(version: number): Promise<void> {
    this.#outbox.confirm("projection", version);
  }

  // The platform

  override async fetch(request: Request): Promise<Response> {
    return this.#pages.accept(request);
  }

  override async webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): Promise<void> {
    await this.#pages.hear(socket, message);
  }

  override async webSocketClose(socket: WebSocket, code: number): Promise<void> {
    answerClose(socket, code);
    this.#pages.left(socket);
  }

  override async alarm(): Promise<void> {
    // An alarm that throws is repeated a few times and then never again: it must not.
    try {
      await this.#runDue(this.#timers.take(Date.now()));
    } catch (error) {
      console.error("the alarm's work failed", error instanceof Error ? error.message : error);
    } finally {
      this.#timers.rearm();
    }
  }

  async #runDue(due: string[]): Promise<void> {
    // An object that its alarm has woken does not know what for; a lease renewed too soon does no harm.
    if (this.#pages.count() > 0 && !this.#timers.has("renew")) {
      this.#timers.set("renew", Date.now() + PRESENCE_RENEW_MS);
      this.#presenceVersion++;
      await Promise.all(this.#outbox.changed("presence"));
    }
    await this.#outbox.run(due);
    if (this.#outbox.isSettled()) this.#journal.settle();
  }

  #ingested(ingested: Ingested): Ingested {
    const { items, isRenamed } = ingested;
    this.#tellWatchers(items);
    this.#changed("projection", "presence", ...(isRenamed ? (["label"] as const) : []));
    return ingested;
  }

  #tellWatchers(items: TimelineItem[] = []): void {
    this.#pages.tellWatchers(
      ...(items.length > 0 ? [() => ({ t: "timeline" as const, items })] : []),
      () => ({ t: "person", person: this.person() }),
    );
  }

  /** A message always may go to an open conversation; a new one asks the throttle. */
  async #mayWrite(network: string): Promise<boolean> {
    if (this.#store.conversations.open !== null) return true;
    return this.#peers
      .throttle(this.#workspace, network)
      .take("first-message", FIRST_MESSAGE_BURST, FIRST_MESSAGE_RATE_PER_MINUTE);
  }

  async #pass(
    device: DeviceId,
    network: string,
    message: { stream: string; n: number; text: string },
  ): Promise<ReceivedMessage & { conversation: ConversationId }> {
    if (!(await this.#mayWrite(network))) throw new CodedError("rate_limited");
    if (this.isEnded(device)) throw new CodedError("ended");
    const conversation = this.#ensureOpen("visitor");
    const object = this.#peers.conversation(this.#workspace, conversation);
    if (!this.#isHeard(conversation)) await object.begin(visitorLabel(this.#id, this.#store));
    return { ...(await object.receive(device, message)), conversation };
  }

  #ensureOpen(by: "visitor" | "operator"): ConversationId {
    const { open } = this.#store.conversations;
    if (open !== null) return open;
    const id = newId("cnv", now());
    this.#store.openConversation(id, by, now());
    this.#changed("projection", "presence");
    return id;
  }

  /** Whether a conversation has said something of itself, and so has begun. */
  #isHeard(id: ConversationId): boolean {
    return this.#store.conversations.list.some((one) => one.state.id === id);
  }

  #conversationIds(): ConversationId[] {
    const { open, list } = this.#store.conversations;
    return [...new Set([...list.map((one) => one.state.id), ...(open === null ? [] : [open])])];
  }

  #changed(...destinations: Destination[]): void {
    if (destinations.includes("presence")) this.#presenceVersion++;
    for (const push of this.#outbox.changed(...destinations)) this.ctx.waitUntil(push);
  }

  #connectOutbox(): Outbox<Destination> {
    const cursors = {
      projection: 0,
      label: 0,
      ...(this.#journal.get("cursors") as object | undefined),
    };
    const outbox = new Outbox<Destination>(this.#timers, (name, confirmed) => {
      if (name === "presence") return;
      cursors[name] = confirmed;
      this.#journal.ride("cursors", { ...cursors });
    });
    const wanted = (name: keyof Versions["wanted"]) => () => this.#store.versions.wanted[name];
    const project = async () => {
      const person = projectedCard(this.person());
      const job = {
        type: "ProjectVisitor",
        workspace: this.#workspace,
        visitor: this.#id,
        person,
      } as const;
      await this.env.PROJECTION.send({ ...job, version: person.version });
      if (FAULT === "cursor-before-effect") outbox.confirm("projection", person.version);
      return "accepted" as const;
    };
    const tellPresence = async () => {
      const lease = this.#pages.count() > 0 ? PRESENCE_LEASE_MS : LEAVING_LEASE_MS;
      const at = now();
      const present = presentVisitor(this.#id, this.#store, Date.now());
      const text = JSON.stringify({ ...present, version: lease });
      // Most of what a person does changes nothing on the board.
      if (text === this.#told.text && at - this.#told.at < PRESENCE_FRESH_MS)
        return "confirmed" as const;
      await this.#peers.presence(this.#workspace, this.#id).present(present, at + lease);
      this.#told = { text, at };
      return "confirmed" as const;
    };
    outbox.add(
      "projection",
      cursors.projection,
      wanted("projection"),
      project,
      STORED_PAUSE_MAX_MS,
    );
    outbox.add("presence", 0, () => this.#presenceVersion, tellPresence, LIVE_PAUSE_MAX_MS);
    outbox.add("label", cursors.label, wanted("label"), async () => {
      const label = visitorLabel(this.#id, this.#store);
      await Promise.all(
        this.#conversationIds().map((id) =>
          this.#peers.conversation(this.#workspace, id).describeVisitor(label),
        ),
      );
      return "confirmed";
    });
    return outbox;
  }
}
