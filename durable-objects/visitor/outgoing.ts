import type { VisitorId, WorkspaceId } from "../../protocol/ids.ts";
import { encodedBytes } from "../../protocol/json.ts";
import {
  JOB_MAX_BYTES,
  JOB_MAX_MESSAGES,
  PRESENCE_LEASE_MS,
  PRESENCE_RENEW_MS,
} from "../../protocol/limits.ts";
import type { PersonCard } from "../../protocol/person.ts";
import type { ObjectBindings } from "../bindings.ts";
import type { Peers } from "../peers.ts";
import { now } from "../runtime/clock.ts";
import { FAULT } from "../runtime/fault.ts";
import type { Journal } from "../runtime/journal.ts";
import { LIVE_PAUSE_MAX_MS, Outbox, STORED_PAUSE_MAX_MS } from "../runtime/outbox.ts";
import type { Timers } from "../runtime/timers.ts";
import { presentVisitor, projectedCard, threadLabel } from "./card.ts";
import { deliveriesAfter } from "./deliveries.ts";
import { carryOut, type EffectHost } from "./effects.ts";
import { dueFirings } from "./firings.ts";
import type { VisitorIdentity } from "./identity.ts";
import type { VisitorStore, Versions } from "./store.ts";

export type Destination =
  | keyof Versions["wanted"]
  | "presence"
  | "evaluation"
  | "effects"
  | "identity";

/** A visitor whose last page has gone stays on the board this long: the next page is usually on its way. */
const LEAVING_LEASE_MS = 15_000;

/** A lease is not renewed this soon after it was given; what is left of it still outlasts the next renewal. */
const PRESENCE_FRESH_MS = (PRESENCE_LEASE_MS - PRESENCE_RENEW_MS) / 2;

export type OutgoingHost = {
  workspace: WorkspaceId;
  visitor: VisitorId;
  store: VisitorStore;
  journal: Journal;
  sql: SqlStorage;
  timers: Timers;
  peers: Peers;
  env: Pick<ObjectBindings, "PROJECTION" | "EVALUATION">;
  effects: EffectHost;
  identity: Pick<VisitorIdentity, "isBehind" | "finish">;
  person(): PersonCard;
  pages(): number;
  definitionsVersion(): number;
  conversationIds(): Parameters<Peers["conversation"]>[1][];
  waitUntil(work: Promise<unknown>): void;
};

/**
 * Everything that a visitor owes to somebody else, and the one outbox that brings it there.
 *
 * What fires and what is to be carried out is owed for as long as it stands in the state; how often it was brought is
 * counted in memory alone.
 */
export class Outgoing {
  readonly #host: OutgoingHost;
  readonly #outbox: Outbox<Destination>;
  readonly #rounds = { evaluation: 0, effects: 0, identity: 0 };
  /** Presence is a passing thing: it is told while this object is awake and never stored here. */
  #presenceVersion = 0;
  #told = { text: "", at: 0 };

  constructor(host: OutgoingHost) {
    this.#host = host;
    const cursors = {
      projection: 0,
      label: 0,
      deliveries: 0,
      ...(host.journal.get("cursors") as object | undefined),
    };
    this.#outbox = new Outbox<Destination>(host.timers, (name, confirmed) => {
      if (name === "presence" || name === "evaluation" || name === "effects") return;
      if (name === "identity") return;
      cursors[name] = confirmed;
      host.journal.ride("cursors", { ...cursors });
    });
    this.#connect(cursors);
  }

  /** Something has changed for these destinations: it leaves at once, and again until it has arrived. */
  changed(...destinations: Destination[]): void {
    if (destinations.includes("presence")) this.#presenceVersion++;
    for (const push of this.#outbox.changed(...destinations)) this.#host.waitUntil(push);
  }

  /** Brings what a commit has left: a job when something is due, effects, and what lists and boards show. */
  committed(isRenamed: boolean): void {
    const owed: Destination[] = ["projection", "presence"];
    if (isRenamed) owed.push("label");
    if (this.#outbox.isBehind("deliveries")) owed.push("deliveries");
    if (this.#outbox.isBehind("evaluation")) owed.push("evaluation");
    if (this.#outbox.isBehind("effects")) owed.push("effects");
    // A proof is acted on while it is asked about; the timer is for what that leaves.
    if (this.#outbox.isBehind("identity")) this.#outbox.owe("identity");
    this.changed(...owed);
  }

  /** Timers alone may have made something due. */
  timeHasPassed(): void {
    if (this.#outbox.isBehind("evaluation")) this.changed("evaluation");
  }

  /** What was due has been decided. */
  evaluated(): void {
    this.#rounds.evaluation++;
    this.#outbox.confirm("evaluation", this.#rounds.evaluation);
  }

  confirm(name: "projection" | "deliveries", version: number): void {
    this.#outbox.confirm(name, version);
  }

  /** Pushes what a part of the deliveries has left behind. */
  pushRest(): Promise<void> {
    return this.#outbox.pushRest("deliveries");
  }

  async renewPresence(): Promise<void> {
    this.#presenceVersion++;
    await Promise.all(this.#outbox.changed("presence"));
  }

  async run(due: string[]): Promise<void> {
    await this.#outbox.run(due);
    if (this.#outbox.isSettled()) this.#host.journal.settle();
  }

  #connect(cursors: Versions["wanted"]): void {
    const { store, journal, sql } = this.#host;
    const outbox = this.#outbox;
    const wanted = (name: keyof Versions["wanted"]) => () => store.versions.wanted[name] ?? 0;
    const { projection, label, deliveries } = cursors;
    const toStore = STORED_PAUSE_MAX_MS;
    outbox.add("projection", projection, wanted("projection"), () => this.#project(), toStore);
    outbox.add("label", label, wanted("label"), () => this.#tellLabel());
    outbox.add(
      "deliveries",
      deliveries,
      wanted("deliveries"),
      () => this.#projectDeliveries(sql, cursors, journal),
      toStore,
    );
    outbox.add(
      "presence",
      0,
      () => this.#presenceVersion,
      () => this.#tellPresence(),
      LIVE_PAUSE_MAX_MS,
    );
    outbox.add(
      "evaluation",
      0,
      () => this.#rounds.evaluation + (this.#isDue() ? 1 : 0),
      () => this.#askForEvaluation(),
      LIVE_PAUSE_MAX_MS,
      0,
    );
    outbox.add(
      "identity",
      0,
      () => this.#rounds.identity + (this.#host.identity.isBehind ? 1 : 0),
      () => this.#finishIdentity(),
      LIVE_PAUSE_MAX_MS,
    );
    outbox.add(
      "effects",
      0,
      () => this.#rounds.effects + (this.#hasEffects() ? 1 : 0),
      async () => {
        const round = this.#rounds.effects;
        await carryOut(this.#host.effects);
        this.#hasEnded("effects", round);
        this.committed(false);
        return "confirmed";
      },
      LIVE_PAUSE_MAX_MS,
      0,
    );
  }

  async #finishIdentity() {
    const round = this.#rounds.identity;
    await this.#host.identity.finish();
    this.#hasEnded("identity", round);
    return "confirmed" as const;
  }

  /** A round counts once, also where it was made again because nobody had heard of its end. */
  #hasEnded(name: "effects" | "identity", round: number): void {
    this.#rounds[name] = Math.max(this.#rounds[name], round + 1);
  }

  #isDue(): boolean {
    if (this.#host.store.joined !== null) return false;
    const firings = this.#host.store.draft().get("firings");
    return firings !== undefined && dueFirings(firings, now()).length > 0;
  }

  #hasEffects(): boolean {
    const { store } = this.#host;
    return store.joined === null && (store.draft().get("effects") ?? []).length > 0;
  }

  async #askForEvaluation() {
    const { env, workspace, visitor, store } = this.#host;
    await env.EVALUATION.send({
      type: "EvaluateVisitor",
      workspace,
      visitor,
      firing: store.draft().get("firings")?.last ?? 0,
      version: this.#host.definitionsVersion(),
    });
    return "accepted" as const;
  }

  async #project() {
    const { env, workspace, visitor } = this.#host;
    const person = projectedCard(this.#host.person());
    const job = { type: "ProjectVisitor", workspace, visitor, person } as const;
    await env.PROJECTION.send({ ...job, version: person.version });
    if (FAULT === "cursor-before-effect") this.#outbox.confirm("projection", person.version);
    return "accepted" as const;
  }

  /** The deliveries that changed since the confirmed version, as many as a job takes; the rest follows. */
  async #projectDeliveries(sql: SqlStorage, cursors: Versions["wanted"], journal: Journal) {
    const { env, workspace, visitor } = this.#host;
    const confirmed = (journal.get("cursors") as Partial<Versions["wanted"]> | undefined)
      ?.deliveries;
    const after = Math.max(confirmed ?? 0, cursors.deliveries);
    const changed = deliveriesAfter(sql, after, JOB_MAX_MESSAGES + 1);
    // A version is confirmed as a whole; what shares one fits a job, so what shares the version of the first one beyond
    // waits with it.
    let bytes = 0;
    const fit = changed.findIndex(
      (one, index) => index >= JOB_MAX_MESSAGES || (bytes += encodedBytes(one)) > JOB_MAX_BYTES,
    );
    const beyond = changed[fit]?.stateVersion ?? Number.POSITIVE_INFINITY;
    const carried = changed.filter((one) => one.stateVersion < beyond);
    const version = carried.at(-1)?.stateVersion;
    if (version === undefined) return "confirmed" as const;
    const job = { type: "ProjectDeliveries", workspace, visitor, deliveries: carried } as const;
    await env.PROJECTION.send({ ...job, version });
    return "accepted" as const;
  }

  async #tellPresence() {
    const { store, visitor, workspace, peers } = this.#host;
    const lease = this.#host.pages() > 0 ? PRESENCE_LEASE_MS : LEAVING_LEASE_MS;
    const at = now();
    const present = presentVisitor(visitor, store, Date.now());
    const text = JSON.stringify({ ...present, version: lease });
    // Most of what a person does changes nothing on the board.
    if (text === this.#told.text && at - this.#told.at < PRESENCE_FRESH_MS)
      return "confirmed" as const;
    await peers.presence(workspace, visitor).present(present, at + lease);
    if (at >= this.#told.at) this.#told = { text, at };
    return "confirmed" as const;
  }

  async #tellLabel() {
    const { store, visitor, workspace, peers } = this.#host;
    if (store.joined !== null) return "confirmed" as const;
    const label = threadLabel(visitor, store);
    const version = store.versions.wanted.label ?? 0;
    await Promise.all(
      this.#host
        .conversationIds()
        .map((id) => peers.conversation(workspace, id).describeVisitor(label, version)),
    );
    return "confirmed" as const;
  }
}
