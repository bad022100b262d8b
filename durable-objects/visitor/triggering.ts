import type { CompiledRules } from "../../domain/segments/compile.ts";
import { explain, holds } from "../../domain/segments/explain.ts";
import type { Team } from "../../domain/triggers/firing.ts";
import { previewOf } from "../../domain/triggers/preview.ts";
import type { Condition } from "../../protocol/conditions.ts";
import { CodedError } from "../../protocol/errors.ts";
import type { DeliveryId, SegmentId, VisitorId, WorkspaceId } from "../../protocol/ids.ts";
import type { TimelineItem } from "../../protocol/person.ts";
import type { Action, Moments } from "../../protocol/triggers.ts";
import type { ObjectBindings } from "../bindings.ts";
import { definitionsOf } from "../definitions/definitions.ts";
import { teamOf } from "../definitions/team.ts";
import type { Peers } from "../peers.ts";
import { clockOffset, now } from "../runtime/clock.ts";
import type { Timers } from "../runtime/timers.ts";
import { decideDue, decideFired, type Deciding } from "./decisions.ts";
import { nextDueAt } from "./firings.ts";
import { momentsOf } from "./moments.ts";
import type { VisitorStore } from "./store.ts";
import type { Turn } from "./turn.ts";

/** What time alone has made due and could not be looked at is looked at again after this. */
const OVERDUE_PAUSE_MS = 10_000;

export type TriggeringHost = {
  workspace: WorkspaceId;
  visitor: VisitorId;
  store: VisitorStore;
  peers: Peers;
  timers: Timers;
  env: Pick<ObjectBindings, "DB">;
  /** Something was written: everybody who follows is told. */
  committed(items: TimelineItem[]): void;
};

/** What the workspace's definitions ask of this visitor: decisions, questions of operators, and when to look again. */
export class VisitorTriggering {
  readonly #host: TriggeringHost;
  /** The definitions as last read, and the reading that is under way. */
  #compiled: CompiledRules | null = null;
  #reading: Promise<CompiledRules | null> | null = null;

  constructor(host: TriggeringHost) {
    this.#host = host;
  }

  /** As last read; null before the first reading. */
  get compiled(): CompiledRules | null {
    return this.#compiled;
  }

  /**
   * The workspace's definitions; null while none can be read. All that wait for one reading go on in the order in which
   * they came, so that batches do not overtake one another.
   */
  definitions(): Promise<CompiledRules | null> {
    this.#reading ??= definitionsOf(this.#host.env, this.#host.workspace)
      .then((compiled) => (this.#compiled = compiled))
      .finally(() => (this.#reading = null));
    return this.#reading;
  }

  moments(): Moments {
    return momentsOf(this.#host.visitor, this.#host.store, this.#compiled, now());
  }

  /** Decides every firing that is due. @throws CodedError `overloaded` while no definitions can be read. */
  async evaluate(team: Team): Promise<void> {
    this.#decide(await this.#needed(), team, decideDue);
  }

  /** A page rule has come true. Resolves when that is decided. */
  async fired(delivery: DeliveryId): Promise<void> {
    const compiled = await this.#needed();
    const team = await teamOf(this.#host.peers, this.#host.workspace);
    this.#decide(compiled, team, (turn, deciding) => decideFired(turn, deciding, delivery));
  }

  /** Looks at the newest definitions, and at everything that time alone may have changed. */
  async refresh(): Promise<void> {
    const compiled = await this.#needed();
    const { store, committed } = this.#host;
    if (store.isKnown) committed(store.commit(store.turn(now()), compiled));
  }

  /** What is due by time alone, in an alarm: where it cannot be looked at now, the timers bring it back. */
  async timeHasPassed(): Promise<void> {
    const { nextAt } = this.#host.store.rules;
    if (nextAt === null || nextAt > now()) return;
    try {
      await this.refresh();
    } catch (error) {
      console.warn("segments not looked at", error instanceof Error ? error.message : error);
    }
  }

  /** Arms the timers, by the product's clock, for what time alone makes due. */
  armTimers(): void {
    const { store, timers } = this.#host;
    // What a joined visitor waited for, another one waits for now.
    if (store.joined !== null) return;
    const at = now();
    const firings = store.draft().get("firings");
    const dueAt = firings === undefined ? null : nextDueAt(firings, at);
    for (const [name, when] of [
      ["rules", store.rules.nextAt],
      ["firings", dueAt],
    ] as const) {
      if (when === null) timers.clear(name);
      else if (when > at) timers.setNoLater(name, when - clockOffset());
      else timers.setNoLater(name, Date.now() + OVERDUE_PAUSE_MS);
    }
  }

  /** Whether a condition holds; null for somebody who was never seen. */
  async matches(condition: Condition) {
    await this.definitions();
    return this.#host.store.isKnown ? holds(condition, ...this.#asked()) : null;
  }

  async explain(condition: Condition) {
    await this.definitions();
    return this.#host.store.isKnown ? explain(condition, ...this.#asked()) : null;
  }

  async preview(action: Action) {
    if (!this.#host.store.isKnown) return null;
    await this.definitions();
    const [view] = this.#asked();
    const team = await teamOf(this.#host.peers, this.#host.workspace);
    return previewOf(action, { view, team });
  }

  #decide(
    compiled: CompiledRules,
    team: Team,
    work: (turn: Turn, deciding: Deciding) => void,
  ): void {
    const { store, visitor, committed } = this.#host;
    const { rules } = store;
    // Whoever decides knows the newest definitions, and what time has changed.
    const before = store.commit(store.turn(now()), compiled);
    const turn = store.turn(now());
    work(turn, {
      visitor,
      compiled,
      view: rules.view(turn.draft),
      holdsWho: rules.holdsWho.bind(rules),
      team,
    });
    committed([...before, ...store.commit(turn, compiled)]);
  }

  async #needed(): Promise<CompiledRules> {
    const compiled = await this.definitions();
    if (compiled === null) throw new CodedError("overloaded");
    return compiled;
  }

  #asked() {
    const { store } = this.#host;
    const context = {
      now: now(),
      timeZone: this.#compiled?.set.timeZone ?? "UTC",
      isIn: (segment: SegmentId) => store.rules.isIn(segment),
    };
    return [store.rules.view(store.draft()), context] as const;
  }
}
