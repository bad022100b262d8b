import { DurableObject } from "cloudflare:workers";
import type { Proof } from "../../domain/identity/proof.ts";
import type { Occurrence } from "../../domain/segments/person-view.ts";
import type { Team } from "../../domain/triggers/firing.ts";
import { listPage } from "../../domain/visitors/conversation-list.ts";
import type { ConversationWords } from "../../domain/visitors/state.ts";
import { parseVisitorName } from "../../protocol/addresses.ts";
import type { Condition } from "../../protocol/conditions.ts";
import type { Batch } from "../../protocol/facts.ts";
import type {
  ConversationId,
  DeliveryId,
  DeviceId,
  VisitorId,
  WorkspaceId,
} from "../../protocol/ids.ts";
import { CLOSE } from "../../protocol/errors.ts";
import {
  CONVERSATIONS_PAGE_SIZE,
  LATE_FACTS_MS,
  PRESENCE_RENEW_MS,
  MOVES_FOLLOWED_MAX,
} from "../../protocol/limits.ts";
import type { OpenedConversation, TimelinePage } from "../../protocol/operator-api.ts";
import type { Explanation } from "../../protocol/segments-api.ts";
import type { MomentPreview } from "../../protocol/triggers-api.ts";
import type { IdentifierKind, PersonCard, TimelineItem } from "../../protocol/person.ts";
import type { Contact, ContactChange } from "../../protocol/contact.ts";
import type { Action, Delivery, Moments } from "../../protocol/triggers.ts";
import type { ConversationState, OpenConversation } from "../../protocol/visitor-frames.ts";
import type { ObjectBindings } from "../bindings.ts";
import {
  SOCKET_HEADERS,
  type Admission,
  type BootInput,
  type BootOutcome,
  type DeviceArrival,
  type Inheritance,
  type IngestOutcome,
  type LinkOrigin,
  type MailBeginning,
  type Passage,
  type Standing,
  type VisitorContract,
} from "../contracts.ts";
import { peersOf, type Peers } from "../peers.ts";
import { now } from "../runtime/clock.ts";
import { Journal, JOURNAL_MIGRATION } from "../runtime/journal.ts";
import { runMigrations } from "../runtime/migrations.ts";
import { answerClose } from "../runtime/sockets.ts";
import { Timers } from "../runtime/timers.ts";
import { personCard } from "./card.ts";
import { contactNow, noteCode, stopEverything, takeChoice } from "./contact.ts";
import { DELIVERIES_MIGRATION, newestDeliveries } from "./deliveries.ts";
import { deviceRecord, factsBefore } from "./device-record.ts";
import { joinedHere } from "./estate.ts";
import { newestOccurrences } from "./history.ts";
import { VisitorIdentity } from "./identity.ts";
import { VisitorLinks } from "./links.ts";
import { Outgoing } from "./outgoing.ts";
import { VisitorPages, type PageMessage } from "./pages.ts";
import { VisitorStore, type Ingested } from "./store.ts";
import { VisitorThreads, type ThreadHost } from "./threads.ts";
import { VisitorTriggering } from "./triggering.ts";

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
  readonly #threads: VisitorThreads;
  readonly #triggering: VisitorTriggering;
  readonly #identity: VisitorIdentity;
  readonly #links: VisitorLinks;
  readonly #outgoing: Outgoing;
  /** What the pages were told last; null after waking, when it is told again. */
  #toldMoments: string | null = null;
  #toldContact: string | null = null;

  constructor(ctx: DurableObjectState, env: ObjectBindings) {
    super(ctx, env);
    ({ workspace: this.#workspace, visitor: this.#id } = parseVisitorName(ctx.id.name ?? ""));
    runMigrations(ctx.storage, [JOURNAL_MIGRATION, DELIVERIES_MIGRATION]);
    this.#journal = new Journal(ctx.storage);
    this.#store = new VisitorStore(ctx.storage, this.#journal);
    this.#peers = peersOf(env);
    const signing = { workspace: this.#workspace, secret: env.PARLEY_SECRET };
    this.#pages = new VisitorPages(ctx, this, signing);
    this.#timers = new Timers((at) => void ctx.storage.setAlarm(at));
    const shared = {
      workspace: this.#workspace,
      visitor: this.#id,
      store: this.#store,
      peers: this.#peers,
    };
    this.#threads = this.#connectThreads(shared);
    this.#triggering = new VisitorTriggering({
      ...shared,
      env,
      timers: this.#timers,
      committed: (items) => this.#committed(items, false),
    });
    this.#identity = new VisitorIdentity({
      ...shared,
      journal: this.#journal,
      sql: ctx.storage.sql,
      env,
      triggering: this.#triggering,
      closeDevice: (device, code) => this.#closeDevice(device, code),
      releaseWatchers: () => this.#pages.releaseWatchers(),
      committed: (items) => this.#committed(items, true),
    });
    this.#links = new VisitorLinks({ ...shared, identity: this.#identity });
    this.#outgoing = this.#connectOutgoing(shared);
    this.#triggering.armTimers();
  }

  // Pages, through the Worker

  async boot({
    device,
    batch,
    secrets = [],
    anew,
    client,
    surroundings,
  }: BootInput): Promise<BootOutcome> {
    const compiled = await this.#triggering.definitions();
    const held = this.#store.device(device);
    if (held?.status === "ended") {
      const outcome = await this.#identity.ended(device, secrets);
      const { moved, handover } = this.#store.device(device) ?? {};
      // What the browser did before somebody else signed in is told to the person who did it.
      if (outcome.moved !== undefined && moved?.isAnotherPerson && handover !== undefined) {
        const before = factsBefore(batch, handover.at, now());
        this.#ingested(this.#store.ingest(device, before, now(), null, compiled));
      }
      return outcome;
    }
    // Nobody becomes a device of a visitor who is another one's by now.
    if (held === null && this.#store.joined !== null) return { isEnded: true };
    const record = deviceRecord(held ?? anew ?? null, now(), client, surroundings);
    const isNews = JSON.stringify(record) !== JSON.stringify(held);
    const brought = isNews ? record : null;
    const ingested = this.#store.ingest(
      device,
      batch,
      now(),
      brought,
      compiled,
      anew !== undefined,
    );
    const { through, rejected } = this.#ingested(ingested);
    const [conversation, moments] = [this.conversation(), this.moments()];
    const contact = this.contact();
    const { formerly = [] } = record;
    return { isEnded: false, formerly, conversation, contact, moments, through, rejected };
  }

  async ingest(device: DeviceId, batch: Batch): Promise<IngestOutcome> {
    const compiled = await this.#triggering.definitions();
    const { moved, handover } = this.#store.device(device) ?? {};
    // What was on its way goes with the device; what another person has done does not.
    const isLate = handover !== undefined && now() - handover.at < LATE_FACTS_MS;
    const isGood = isLate || moved?.device === device;
    if (moved !== undefined && isGood && !moved.isAnotherPerson) {
      await this.#identity.arrived(device);
      return this.#at(moved.visitor).ingest(moved.device, batch);
    }
    if (this.isEnded(device)) return { isEnded: true };
    const ingested = this.#store.ingest(device, batch, now(), null, compiled);
    const { through, rejected } = this.#ingested(ingested);
    return { isEnded: false, through, rejected };
  }

  async reset(device: DeviceId): Promise<void> {
    this.#store.endDevice(device, now());
    const moved = this.#store.device(device)?.moved;
    await Promise.all([
      this.#closeDevice(device, CLOSE.ended),
      ...(moved === undefined ? [] : [this.#at(moved.visitor).reset(moved.device)]),
    ]);
  }

  async prove(device: DeviceId, proof: Proof, next?: string) {
    return this.#identity.prove(device, proof, next);
  }

  async adopt(arrival: DeviceArrival): Promise<void> {
    await this.#identity.adopt(arrival);
  }

  // Links that go on elsewhere

  async leadsTo(link: LinkOrigin): Promise<VisitorId | null> {
    return this.#links.leadsTo(link);
  }

  async standing(device: DeviceId, to: VisitorId): Promise<Standing> {
    return this.#links.standing(device, to);
  }

  async goOn(device: DeviceId, to: VisitorId, passage: Passage): Promise<Standing> {
    await this.#triggering.definitions();
    return this.#links.goOn(device, to, passage);
  }

  async admit(admission: Admission): Promise<{ visitor: VisitorId; device: DeviceId } | null> {
    await this.#triggering.definitions();
    return this.#links.admit(admission);
  }

  async inherit(part: Inheritance): Promise<number> {
    const arrived = await this.#identity.inherit(part);
    if (part.rest !== null)
      this.#pages.tellPages({ t: "conversation", conversation: this.conversation() });
    return arrived;
  }

  async release(kind: IdentifierKind, value: string, to: VisitorId): Promise<void> {
    await this.#identity.release(kind, value, to);
  }

  // A page's socket

  isEnded(device: DeviceId): boolean {
    const record = this.#store.device(device);
    return record === null || record.status === "ended";
  }

  isMoved(device: DeviceId): boolean {
    const { moved, isSealed, isSignedOut } = this.#store.device(device) ?? {};
    return isSignedOut !== true && (moved !== undefined || isSealed === true);
  }

  conversation(): OpenConversation | null {
    return this.#threads.current();
  }

  listConversations(before: string | null) {
    return listPage(this.#store.conversations, before, CONVERSATIONS_PAGE_SIZE);
  }

  holdsConversation(id: string): id is ConversationId {
    return this.#threads.ids().some((one) => one === id);
  }

  receive(device: DeviceId, network: string, message: PageMessage) {
    return this.#threads.receive(device, network, message);
  }

  moments(): Moments {
    const moments = this.#triggering.moments();
    this.#toldMoments = JSON.stringify(moments);
    return moments;
  }

  contact(): Contact {
    const contact = contactNow(this.#store.draft());
    this.#toldContact = JSON.stringify(contact);
    return contact;
  }

  fired(delivery: DeliveryId): Promise<void> {
    return this.#triggering.fired(delivery);
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

  #at(visitor: VisitorId): VisitorContract {
    return visitor === this.#id ? this : this.#peers.visitor(this.#workspace, visitor);
  }

  /** Whoever asks for a visitor that was joined into another one means that one, for ever. */
  get #heir(): VisitorContract | null {
    const { joined } = this.#store;
    return joined === null ? null : this.#peers.visitor(this.#workspace, joined.into);
  }

  async card(): Promise<PersonCard | null> {
    if (this.#heir !== null) return this.#heir.card();
    return this.#store.isKnown ? this.person() : null;
  }

  async joinedVisitors(): Promise<VisitorId[]> {
    return joinedHere(this.#journal, MOVES_FOLLOWED_MAX);
  }

  async isHere(): Promise<boolean> {
    return this.#heir !== null ? this.#heir.isHere() : this.#pages.count() > 0;
  }

  async timeline(before: string | null): Promise<TimelinePage | null> {
    if (this.#heir !== null) return this.#heir.timeline(before);
    return this.#store.isKnown ? this.#store.timelinePage(before) : null;
  }

  async openConversation(): Promise<OpenedConversation | null> {
    if (this.#heir !== null) return this.#heir.openConversation();
    return this.#store.isKnown ? { conversation: await this.#threads.begun("operator") } : null;
  }

  async beginMail(conversation: ConversationId, beginning: MailBeginning): Promise<void> {
    await this.#triggering.definitions();
    if (this.#heir !== null) return this.#heir.beginMail(conversation, beginning);
    const items = this.#store.beginMail(conversation, beginning, now(), this.#triggering.compiled);
    if (items.length > 0) this.#committed(items, true);
    await this.#threads.beginMail(conversation, beginning);
  }

  async chooseContact(device: DeviceId, change: ContactChange): Promise<Contact | null> {
    const compiled = await this.#triggering.definitions();
    if (this.isEnded(device)) return null;
    this.#committed(takeChoice(this.#store, change, now(), compiled), true);
    return this.contact();
  }

  async noteContactCode(address: string): Promise<void> {
    const compiled = await this.#triggering.definitions();
    if (this.#heir !== null) return this.#heir.noteContactCode(address);
    const items = noteCode(this.#store, address, now(), compiled);
    if (items !== null) this.#committed(items, true);
  }

  async stopEverything(address: string): Promise<void> {
    const compiled = await this.#triggering.definitions();
    if (this.#heir !== null) return this.#heir.stopEverything(address);
    const items = stopEverything(this.#store, address, now(), compiled);
    if (items !== null) this.#committed(items, true);
  }

  async endSession(session: string): Promise<void> {
    this.#pages.end(session);
    await this.#heir?.endSession(session);
  }

  async deliveries(): Promise<Delivery[] | null> {
    if (this.#heir !== null) return this.#heir.deliveries();
    return this.#store.isKnown ? newestDeliveries(this.ctx.storage.sql, DELIVERIES_SHOWN) : null;
  }

  async matches(condition: Condition): Promise<boolean | null> {
    if (this.#heir !== null) return this.#heir.matches(condition);
    return this.#triggering.matches(condition);
  }

  async explain(condition: Condition): Promise<Explanation | null> {
    if (this.#heir !== null) return this.#heir.explain(condition);
    return this.#triggering.explain(condition);
  }

  async occurrences(name: string, limit: number): Promise<Occurrence[]> {
    if (this.#heir !== null) return this.#heir.occurrences(name, limit);
    return newestOccurrences(this.#journal, name, limit);
  }

  async preview(action: Action): Promise<MomentPreview | null> {
    if (this.#heir !== null) return this.#heir.preview(action);
    return this.#triggering.preview(action);
  }

  // Triggers

  async evaluate(team: Team): Promise<void> {
    if (this.#heir !== null) return;
    await this.#triggering.evaluate(team);
    this.#outgoing.evaluated();
    this.#outgoing.timeHasPassed();
  }

  async refresh(): Promise<void> {
    if (this.#heir !== null) return;
    await this.#triggering.refresh();
    this.#outgoing.timeHasPassed();
  }

  async confirmDeliveries(version: number): Promise<void> {
    this.#outgoing.confirm("deliveries", version);
    this.ctx.waitUntil(this.#outgoing.pushRest());
  }

  // Conversations and consumers

  async conversationChanged(
    state: ConversationState,
    version: number,
    words: ConversationWords,
  ): Promise<void> {
    const compiled = await this.#triggering.definitions();
    if (this.#heir !== null) return this.#heir.conversationChanged(state, version, words);
    const items = this.#store.conversationChanged({ state, version, words }, now(), compiled);
    if (items === null) return;
    this.#pages.tellPages({ t: "conversation", conversation: this.conversation() });
    if (items.length > 0) this.#committed(items, false);
  }

  async confirmProjection(version: number): Promise<void> {
    this.#outgoing.confirm("projection", version);
  }

  // The platform

  override async fetch(request: Request): Promise<Response> {
    // An object that has just woken must not tell a page that comes back to wait for nothing.
    await this.#triggering.definitions();
    const isPage = request.headers.has(SOCKET_HEADERS.device);
    if (this.#heir !== null && !isPage) return this.#heir.fetch(request);
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
    await this.#timers.run((due) => this.#runDue(due));
  }

  async #runDue(due: string[]): Promise<void> {
    // An object that its alarm has woken does not know what for; a lease renewed too soon does no harm.
    const renews = this.#pages.count() > 0 && !this.#timers.has("renew");
    if (renews) this.#timers.set("renew", Date.now() + PRESENCE_RENEW_MS);
    // Side by side: whoever does not answer the one must not hold up the others.
    await Promise.all([
      renews ? this.#outgoing.renewPresence() : undefined,
      this.#heir === null ? this.#lookAtTime() : undefined,
      this.#outgoing.run(due),
    ]);
    this.#triggering.armTimers();
  }

  async #lookAtTime(): Promise<void> {
    await this.#triggering.timeHasPassed();
    this.#outgoing.timeHasPassed();
  }

  async #closeDevice(device: DeviceId, code: number): Promise<void> {
    this.#pages.end(device, code);
    await Promise.all(
      this.#threads
        .ids()
        .map((id) => this.#peers.conversation(this.#workspace, id).endDevice(device)),
    );
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
    this.#tellContact();
    this.#triggering.armTimers();
  }

  #tellMoments(): void {
    if (this.#pages.count() === 0) return;
    const before = this.#toldMoments;
    const moments = this.moments();
    if (this.#toldMoments !== before) this.#pages.tellPages({ t: "moments", moments });
  }

  #tellContact(): void {
    if (this.#pages.count() === 0) return;
    const before = this.#toldContact;
    const contact = this.contact();
    if (this.#toldContact !== before) this.#pages.tellPages({ t: "contact", contact });
  }

  #tellWatchers(items: TimelineItem[] = []): void {
    this.#pages.tellWatchers(
      ...(items.length > 0 ? [() => ({ t: "timeline" as const, items })] : []),
      () => ({ t: "person", person: this.person() }),
    );
  }

  #connectThreads(shared: Pick<ThreadHost, "workspace" | "visitor" | "store" | "peers">) {
    return new VisitorThreads({
      ...shared,
      isEnded: (device) => this.isEnded(device),
      opened: () => this.#outgoing.changed("projection", "presence"),
      answered: ({ id }) =>
        this.#committed(this.#store.answer(id, now(), this.#triggering.compiled), false),
    });
  }

  #connectOutgoing(shared: Pick<ThreadHost, "workspace" | "visitor" | "store" | "peers">) {
    return new Outgoing({
      ...shared,
      journal: this.#journal,
      sql: this.ctx.storage.sql,
      timers: this.#timers,
      env: this.env,
      effects: this.#threads.effects,
      identity: this.#identity,
      person: () => this.person(),
      pages: () => this.#pages.count(),
      definitionsVersion: () => this.#triggering.compiled?.version ?? 0,
      conversationIds: () => this.#threads.ids(),
      waitUntil: (work) => this.ctx.waitUntil(work),
    });
  }
}
