import { DurableObject } from "cloudflare:workers";
import { explain, holds } from "../../domain/segments/explain.ts";
import type { CompiledRules } from "../../domain/segments/compile.ts";
import type { Team } from "../../domain/triggers/firing.ts";
import { previewOf } from "../../domain/triggers/preview.ts";
import { parseVisitorName } from "../../protocol/addresses.ts";
import type { Condition } from "../../protocol/conditions.ts";
import { CodedError } from "../../protocol/errors.ts";
import type { Batch } from "../../protocol/facts.ts";
import {
  isId,
  newId,
  type ConversationId,
  type DeliveryId,
  type DeviceId,
  type SegmentId,
  type VisitorId,
  type WorkspaceId,
} from "../../protocol/ids.ts";
import {
  FIRST_MESSAGE_BURST,
  FIRST_MESSAGE_RATE_PER_MINUTE,
  LIST_PAGE_SIZE,
  PRESENCE_RENEW_MS,
} from "../../protocol/limits.ts";
import type { TimelineItem } from "../../protocol/person.ts";
import type { Action, Moments } from "../../protocol/triggers.ts";
import type { ConversationState } from "../../protocol/visitor-frames.ts";
import type { ObjectBindings } from "../bindings.ts";
import type {
  BootInput,
  BootOutcome,
  IngestOutcome,
  ReceivedMessage,
  VisitorContract,
} from "../contracts.ts";
import { definitionsOf } from "../definitions/definitions.ts";
import { teamOf } from "../definitions/team.ts";
import { peersOf, type Peers } from "../peers.ts";
import { clockOffset, now } from "../runtime/clock.ts";
import { Journal, JOURNAL_MIGRATION } from "../runtime/journal.ts";
import { runMigrations } from "../runtime/migrations.ts";
import { answerClose } from "../runtime/sockets.ts";
import { Timers } from "../runtime/timers.ts";
import { personCard, visitorLabel } from "./card.ts";
import { decideDue, decideFired, type Deciding } from "./decisions.ts";
import { DELIVERIES_MIGRATION, newestDeliveries, type HeldDelivery } from "./deliveries.ts";
import { deviceRecord } from "./device-record.ts";
import { putIntoThread, type EffectHost } from "./effects.ts";
import { nextDueAt } from "./firings.ts";
import { occurrencesIn } from "./history.ts";
import { momentsOf } from "./moments.ts";
import { Outgoing } from "./outgoing.ts";
import { VisitorPages, type PageMessage } from "./pages.ts";
import { VisitorStore, type Ingested } from "./store.ts";
import type { Turn } from "./turn.ts";

/** Deliveries that an operator is shown of one person. */
const DELIVERIES_SHOWN = 200;

/** One person: their devices, everything they did, and every page they have open. */
export class VisitorObject extends DurableObject<ObjectBindings> implements VisitorContract {
  readonly #workspace: WorkspaceId;
  readonly #id: VisitorId;
  readonly #journal: Journal;
  readonly #store: VisitorStore;
  readonly #pages: VisitorPages;
  readonly #peers: Peers;
  readonly #timers: Timers;
  readonly #outgoing: Outgoing;
  /** The workspace's definitions as last read, and the reading that is under way. */
  #compiled: CompiledRules | null = null;
  #reading: Promise<CompiledRules | null> | null = null;
  /** What the pages were told last; null after waking, when it is told again. */
  #toldMoments: string | null = null;
  #lastReceived: Promise<unknown> = Promise.resolve();

  constructor(ctx: DurableObjectState, env: ObjectBindings) {
    super(ctx, env);
    ({ workspace: this.#workspace, visitor: this.#id } = parseVisitorName(ctx.id.name ?? ""));
    runMigrations(ctx.storage, [JOURNAL_MIGRATION, DELIVERIES_MIGRATION]);
    this.#journal = new Journal(ctx.storage);
    this.#store = new VisitorStore(ctx.storage, this.#journal);
    this.#peers = peersOf(env);
    this.#pages = new VisitorPages(ctx, this, {
      workspace: this.#workspace,
      secret: env.PARLEY_SECRET,
    });
    this.#timers = new Timers((at) => void ctx.storage.setAlarm(at));
    this.#outgoing = this.#connect();
    this.#armTimers();
  }

  // Pages, through the Worker

  async boot({ device, batch, client, surroundings }: BootInput): Promise<BootOutcome> {
    const compiled = await this.#definitions();
    const held = this.#store.device(device);
    if (held?.status === "ended") return { isEnded: true };
    const record = deviceRecord(held?.since ?? now(), client, surroundings);
    const isNews = JSON.stringify(record) !== JSON.stringify(held);
    const ingested = this.#store.ingest(device, batch, now(), isNews ? record : null, compiled);
    const { through, rejected } = this.#ingested(ingested);
    const [conversation, moments] = [this.conversation(), this.moments()];
    return { isEnded: false, conversation, moments, through, rejected };
  }

  async ingest(device: DeviceId, batch: Batch): Promise<IngestOutcome> {
    const compiled = await this.#definitions();
    if (this.isEnded(device)) return { isEnded: true };
    const ingested = this.#store.ingest(device, batch, now(), null, compiled);
    const { through, rejected } = this.#ingested(ingested);
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
    message: PageMessage,
  ): Promise<ReceivedMessage & { conversation: ConversationId }> {
    const received = this.#lastReceived.then(() => this.#pass(device, network, message));
    this.#lastReceived = received;
    return received.finally(() => {
      if (this.#lastReceived === received) this.#lastReceived = Promise.resolve();
    });
  }

  moments(): Moments {
    const moments = momentsOf(this.#id, this.#store, this.#compiled, now());
    this.#toldMoments = JSON.stringify(moments);
    return moments;
  }

  /** A page rule has come true. Resolves when that is decided; what there is to show is told to every page. */
  async fired(delivery: DeliveryId): Promise<void> {
    const compiled = await this.#definitions();
    if (compiled === null) throw new CodedError("overloaded");
    const team = await teamOf(this.#peers, this.#workspace);
    this.#decide(compiled, team, (turn, deciding) => decideFired(turn, deciding, delivery));
  }

  /** The set of open pages has changed. */
  pagesChanged(): void {
    if (this.#pages.count() > 0) this.#timers.setNoLater("renew", Date.now() + PRESENCE_RENEW_MS);
    this.#outgoing.changed("presence");
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

  async deliveries() {
    return this.#store.isKnown ? newestDeliveries(this.ctx.storage.sql, DELIVERIES_SHOWN) : null;
  }

  async matches(condition: Condition) {
    return this.#store.isKnown ? holds(condition, ...this.#asked()) : null;
  }

  async explain(condition: Condition) {
    return this.#store.isKnown ? explain(condition, ...this.#asked()) : null;
  }

  async occurrences(name: string, limit: number) {
    return [...take(occurrencesIn(this.#journal, name), limit)];
  }

  async preview(action: Action) {
    if (!this.#store.isKnown) return null;
    await this.#definitions();
    const [view] = this.#asked();
    const team = await teamOf(this.#peers, this.#workspace);
    return previewOf(action, { view, team });
  }

  // Triggers

  async evaluate(team: Team): Promise<void> {
    const compiled = await this.#definitions();
    if (compiled === null) throw new CodedError("overloaded");
    this.#decide(compiled, team, decideDue);
    this.#outgoing.evaluated();
    this.#outgoing.timeHasPassed();
  }

  async refresh(): Promise<void> {
    const compiled = await this.#definitions();
    if (compiled === null) throw new CodedError("overloaded");
    if (!this.#store.isKnown) return;
    this.#committed(this.#store.commit(this.#store.turn(now()), compiled), false);
    this.#outgoing.timeHasPassed();
  }

  async confirmDeliveries(version: number): Promise<void> {
    this.#outgoing.confirm("deliveries", version);
    this.ctx.waitUntil(this.#outgoing.pushRest());
  }

  // Conversations and consumers

  async conversationChanged(state: ConversationState, version: number): Promise<void> {
    const compiled = await this.#definitions();
    const items = this.#store.conversationChanged(state, version, now(), compiled);
    if (items === null) return;
    this.#pages.tellPages({ t: "conversation", conversation: this.conversation() });
    if (items.length > 0) this.#committed(items, false);
  }

  async confirmProjection(version: number): Promise<void> {
    this.#outgoing.confirm("projection", version);
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
      await this.#outgoing.renewPresence();
    }
    const { nextAt } = this.#store.rules;
    if (nextAt !== null && nextAt <= now()) await this.refresh();
    this.#outgoing.timeHasPassed();
    await this.#outgoing.run(due);
    this.#armTimers();
  }

  #ingested(ingested: Ingested): Ingested {
    this.#committed(ingested.items, ingested.isRenamed);
    return ingested;
  }

  /** Tells everybody what a commit has brought, and arms the timers that it needs. */
  #committed(items: TimelineItem[], isRenamed: boolean): void {
    this.#tellWatchers(items);
    this.#outgoing.committed(isRenamed);
    this.#tellMoments();
    this.#armTimers();
  }

  #decide(
    compiled: CompiledRules,
    team: Team,
    work: (turn: Turn, deciding: Deciding) => void,
  ): void {
    const { rules } = this.#store;
    // Whoever decides knows the newest definitions, and what time has changed.
    const before = this.#store.commit(this.#store.turn(now()), compiled);
    const turn = this.#store.turn(now());
    work(turn, {
      visitor: this.#id,
      compiled,
      view: rules.view(turn.draft),
      holdsWho: rules.holdsWho.bind(rules),
      team,
    });
    this.#committed([...before, ...this.#store.commit(turn, compiled)], false);
  }

  /** Something that was sent to this person and has words. */
  #sent(delivery: string): HeldDelivery | null {
    if (!isId("dlv", delivery)) return null;
    const held = this.#store.turn(now()).deliveries.get(delivery);
    return held?.state === "sent" && held.content !== null ? held : null;
  }

  /**
   * The workspace's definitions. All that wait for one reading go on in the order in which they came, so that batches
   * do not overtake one another.
   */
  #definitions(): Promise<CompiledRules | null> {
    this.#reading ??= definitionsOf(this.env, this.#workspace)
      .then((compiled) => (this.#compiled = compiled))
      .finally(() => (this.#reading = null));
    return this.#reading;
  }

  #asked() {
    const { rules } = this.#store;
    const context = {
      now: now(),
      timeZone: this.#compiled?.set.timeZone ?? "UTC",
      isIn: (segment: SegmentId) => rules.isIn(segment),
    };
    return [rules.view(this.#store.draft()), context] as const;
  }

  /** Timers by the product's clock, for what time alone makes due. */
  #armTimers(): void {
    const at = now();
    const firings = this.#store.draft().get("firings");
    const due = firings === undefined ? null : nextDueAt(firings, at);
    for (const [name, when] of [
      ["rules", this.#store.rules.nextAt],
      ["firings", due],
    ] as const) {
      if (when === null) this.#timers.clear(name);
      else this.#timers.setNoLater(name, Math.max(Date.now(), when - clockOffset()));
    }
  }

  #tellMoments(): void {
    if (this.#pages.count() === 0) return;
    const before = this.#toldMoments;
    const moments = this.moments();
    if (this.#toldMoments !== before) this.#pages.tellPages({ t: "moments", moments });
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
    { delivery, ...message }: PageMessage,
  ): Promise<ReceivedMessage & { conversation: ConversationId }> {
    if (!(await this.#mayWrite(network))) throw new CodedError("rate_limited");
    if (this.isEnded(device)) throw new CodedError("ended");
    const conversation = this.#ensureOpen("visitor");
    const object = this.#peers.conversation(this.#workspace, conversation);
    if (!this.#isHeard(conversation)) await object.begin(visitorLabel(this.#id, this.#store));
    const answered = delivery === undefined ? null : this.#sent(delivery);
    if (answered === null) return { ...(await object.receive(device, message)), conversation };
    // What is answered stands in the thread before its answer.
    await putIntoThread(this.#effectHost, answered);
    const received = await object.receive(device, { ...message, answers: answered.id });
    if (received.ok) this.#committed(this.#store.answer(answered.id, now(), this.#compiled), false);
    return { ...received, conversation };
  }

  #ensureOpen(by: "visitor" | "operator" | "trigger"): ConversationId {
    const { open } = this.#store.conversations;
    if (open !== null) return open;
    const id = newId("cnv", now());
    this.#store.openConversation(id, by, now());
    this.#outgoing.changed("projection", "presence");
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

  get #effectHost(): EffectHost {
    return {
      workspace: this.#workspace,
      store: this.#store,
      peers: this.#peers,
      label: () => visitorLabel(this.#id, this.#store),
      begun: async (by) => {
        const conversation = this.#ensureOpen(by);
        if (!this.#isHeard(conversation)) {
          const object = this.#peers.conversation(this.#workspace, conversation);
          await object.begin(visitorLabel(this.#id, this.#store));
        }
        return conversation;
      },
      now,
    };
  }

  #connect(): Outgoing {
    return new Outgoing({
      workspace: this.#workspace,
      visitor: this.#id,
      store: this.#store,
      journal: this.#journal,
      sql: this.ctx.storage.sql,
      timers: this.#timers,
      peers: this.#peers,
      env: this.env,
      effects: this.#effectHost,
      person: () => this.person(),
      pages: () => this.#pages.count(),
      definitionsVersion: () => this.#compiled?.version ?? 0,
      conversationIds: () => this.#conversationIds(),
      waitUntil: (work) => this.ctx.waitUntil(work),
    });
  }
}

function* take<T>(all: Iterable<T>, limit: number): Iterable<T> {
  let left = limit;
  if (left <= 0) return;
  for (const one of all) {
    yield one;
    if (--left <= 0) return;
  }
}
