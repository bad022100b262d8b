import type { TriggerId } from "../../../../protocol/ids.ts";
import type { MessageCap, TriggerDefinition } from "../../../../protocol/triggers.ts";
import { HAS_CART, IS_GOLD } from "./definitions.ts";
import type { Happening, Live, ToldEvent } from "./happenings.ts";
import { quietEnd } from "./quiet.ts";

/** An event that is told later than this after it happened is history. */
const LATE_MS = 10 * 60_000;
/** Firings that are decided in one go. */
const AT_ONCE = 50;

/** Somebody was sent something, or would have been and was held out. */
export type Exposure = {
  trigger: TriggerId;
  version: number;
  variant: string | null;
  firedAt: number;
  decidedAt: number;
  isHeldOut: boolean;
  goalAt: number | null;
  goalMinor: number | null;
  goalOrder: string | null;
};
export type Skipped = { trigger: TriggerId; firedAt: number; reason: string };
type Said = Exposure & { text: string; definition: TriggerDefinition };

/** What a person drew at their first exposure to a version: a variant, or null for the hold-out. */
export type Draws = ReadonlyMap<string, string | null>;
export function drawKey({ trigger, version }: Pick<Exposure, "trigger" | "version">): string {
  return `${trigger} v${version}`;
}

type Firing = {
  n: number;
  trigger: TriggerId;
  /** Event, segment's change or page rule that set it off. */
  cause: string;
  event: ToldEvent | null;
  at: number;
  dueAt: number;
};

/**
 * The slow account: every firing in a list, every window counted over all that was said, straight from the rules in
 * docs/triggers.md. It shares no code with the product.
 */
export class Account {
  readonly said: Said[] = [];
  readonly skipped: Skipped[] = [];
  /** Pop-ups that stand open, the oldest first. */
  readonly open: Said[] = [];
  /** Where a page was told to wait for something else than it should. */
  readonly complaints: string[] = [];
  readonly #zone: string;
  readonly #cap: MessageCap | null;
  readonly #draws: Draws;
  #isGold = false;
  #hasCart = false;
  #published: Live[] = [];
  #known: Live[] = [];
  readonly #past: Extract<Happening, { type: "event" | "cart" }>[] = [];
  #waiting: Firing[] = [];
  #fired = 0;
  /** What has set off a trigger, by both. */
  readonly #causes = new Set<string>();
  readonly #refused = new Set<TriggerId>();
  /** By tab, the page rules it was told, as they were then. */
  readonly #tabs = new Map<number, Map<TriggerId, string>>();

  constructor(zone: string, cap: MessageCap | null, draws: Draws) {
    this.#zone = zone;
    this.#cap = cap;
    this.#draws = draws;
  }

  take(one: Happening): void {
    switch (one.type) {
      case "event":
        this.#past.push(one);
        this.#reachGoals(one);
        for (const live of this.#known) this.#setOff(live, one, one.at);
        return;
      case "plan":
        this.#isGold = one.isGold;
        return;
      case "cart":
        this.#past.push(one);
        this.#hasCart = one.isFull;
        for (const live of this.#known) this.#setOff(live, one, one.at);
        return;
      case "published":
        this.#published = one.live;
        return;
      case "heard":
        this.#hear(one.at);
        return;
      case "looked":
        this.#look(one.tab, one.armed, one.at);
        return;
      case "fired":
        this.#pageRule(one.tab, one.trigger, one.at);
        return;
      case "decided":
        this.#decide(one.at, one.isOnline);
        return;
      case "closed": {
        const closed = this.open.pop();
        if (closed !== undefined && one.isRefused) this.#refused.add(closed.trigger);
      }
    }
  }

  /** What has gone live since is looked at from then on, without what its former version took. */
  #hear(now: number): void {
    const before = this.#known;
    this.#known = this.#published;
    for (const live of this.#known) {
      if (before.some((one) => one.id === live.id && one.change === live.change)) continue;
      for (const past of this.#past) if (timeOf(past) > live.liveAt) this.#setOff(live, past, now);
    }
  }

  #setOff(live: Live, one: Extract<Happening, { type: "event" | "cart" }>, now: number): void {
    const { when, limits } = live.definition;
    const at = timeOf(one);
    if (at < now - LATE_MS || at < live.liveAt || !this.#isFor(live)) return;
    if (this.#refused.has(live.id)) return;
    if (limits.repeat.type === "once" && this.#exposures(live.id).length > 0) return;
    if (one.type === "event") {
      if (when.type !== "event" || when.event !== one.name) return;
      if (when.where.length > 0 && !one.isLoud) return;
      this.#fire(live, `event ${one.n}`, one, at);
    } else {
      if (when.type !== "segment" || (when.on === "enter") !== one.isFull) return;
      this.#fire(live, `cart ${one.at}`, null, at);
    }
  }

  #fire(live: Live, cause: string, event: ToldEvent | null, at: number): void {
    const key = `${live.id} ${cause}`;
    if (this.#causes.has(key)) return;
    if (event !== null || cause.startsWith("cart")) this.#causes.add(key);
    const dueAt = at + live.definition.waitMs;
    this.#waiting.push({ n: ++this.#fired, trigger: live.id, cause, event, at, dueAt });
  }

  #decide(now: number, isOnline: boolean): void {
    const priority = (id: TriggerId) => this.#live(id)?.definition.limits.priority ?? -1;
    const due = this.#waiting
      .filter((one) => one.dueAt <= now)
      .toSorted((a, b) => priority(b.trigger) - priority(a.trigger) || a.at - b.at || a.n - b.n);
    for (const firing of due.slice(0, AT_ONCE)) this.#settle(firing, now, isOnline);
  }

  #settle(firing: Firing, now: number, isOnline: boolean): void {
    this.#waiting = this.#waiting.filter((one) => one !== firing);
    const again = (dueAt: number): void => void this.#waiting.push({ ...firing, dueAt });
    const { trigger, at } = firing;
    const skip = (reason: string): void => void this.skipped.push({ trigger, firedAt: at, reason });
    const live = this.#live(trigger);
    if (live === undefined) return skip("not_live");
    const { definition, version } = live;
    const { limits, waitMs } = definition;
    if (now < at + waitMs) return again(at + waitMs);
    if (!this.#isFor(live)) return skip("no_longer_matches");
    if (this.#refused.has(trigger)) return skip("refused");
    if (!this.#mayRepeat(live, now)) return skip("repeated");
    const isAlert = definition.variants[0]?.action.type === "alert";
    const quiet = limits.quietHours;
    const until = quiet === null || isAlert ? null : quietEnd(quiet, this.#zone, now);
    if (until !== null) return again(until);
    if (limits.onlyWhenOnline && !isOnline) return skip("nobody_online");
    if (limits.isCapped && !isAlert && this.#isCapReached(now)) return skip("capped");
    const drawn = this.#draws.get(drawKey({ trigger, version }));
    const said: Said = {
      trigger,
      version,
      variant: drawn ?? null,
      firedAt: at,
      decidedAt: now,
      isHeldOut: drawn === null,
      goalAt: null,
      goalMinor: null,
      goalOrder: null,
      text: `${definition.name} ${drawn}${firing.event === null ? "" : ` ${firing.event.n}`}`,
      definition,
    };
    this.said.push(said);
    if (!said.isHeldOut && kindOf(said) === "popup") this.open.push(said);
  }

  #reachGoals({ name, happenedAt, at, order, paid }: ToldEvent): void {
    if (happenedAt < at - LATE_MS) return;
    for (const trigger of new Set(this.said.map((one) => one.trigger))) {
      const all = this.#exposures(trigger);
      if (order !== null && all.some((one) => one.goalOrder === order)) continue;
      const reached = all.findLast(
        ({ definition: { goal }, goalAt, decidedAt }) =>
          goal !== null &&
          goalAt === null &&
          goal.event === name &&
          decidedAt <= happenedAt &&
          happenedAt <= decidedAt + goal.windowMs,
      );
      if (reached === undefined) continue;
      const value = reached.definition.goal?.value ?? null;
      reached.goalAt = happenedAt;
      reached.goalOrder = order;
      if (value?.type === "fixed") reached.goalMinor = value.amountMinor;
      else if (value?.type === "property" && paid !== null) reached.goalMinor = paid * 100;
    }
  }

  #look(tab: number, told: TriggerId[], now: number): void {
    const armed = this.#armed(now);
    this.#tabs.set(tab, armed);
    const should = [...armed.keys()].toSorted().join();
    const does = told.toSorted().join();
    if (should !== does) this.complaints.push(`armed at ${now}: ${does}, not ${should}`);
  }

  /** A page rule fires once for each time it is armed, in whichever tab. */
  #pageRule(tab: number, trigger: TriggerId, now: number): void {
    const told = this.#tabs.get(tab)?.get(trigger);
    const live = this.#live(trigger);
    if (told === undefined || live === undefined || this.#armed(now).get(trigger) !== told) return;
    this.#fire(live, `page ${told}`, null, now);
    const firing = this.#waiting.at(-1);
    // No operator has the dashboard open.
    if (firing !== undefined && firing.dueAt <= now) this.#settle(firing, now, false);
  }

  /** By trigger, which of its armings this is: another one after each exposure and with each version. */
  #armed(now: number): Map<TriggerId, string> {
    const armed = new Map<TriggerId, string>();
    for (const live of this.#known) {
      if (live.definition.when.type !== "page" || !this.#isFor(live)) continue;
      if (this.#refused.has(live.id) || !this.#mayRepeat(live, now)) continue;
      const arming = `v${live.version} after ${this.#exposures(live.id).length}`;
      const isWaiting = this.#waiting.some(
        (one) => one.trigger === live.id && one.cause.startsWith(`page ${arming} `),
      );
      if (!isWaiting) armed.set(live.id, `${arming} since ${live.liveAt}`);
    }
    return armed;
  }

  #mayRepeat({ id, definition: { limits } }: Live, now: number): boolean {
    const last = this.#exposures(id).at(-1);
    if (last === undefined || limits.repeat.type === "always") return true;
    return limits.repeat.type === "period" && now - last.decidedAt >= limits.repeat.ms;
  }

  #isCapReached(now: number): boolean {
    const cap = this.#cap;
    if (cap === null) return false;
    const counted = this.said.filter(
      (one) =>
        !one.isHeldOut &&
        kindOf(one) !== "alert" &&
        one.definition.limits.isCapped &&
        now - one.decidedAt < cap.ms,
    );
    return counted.length >= cap.messages;
  }

  #isFor({ definition: { who } }: Live): boolean {
    if (who === null) return true;
    if (who.type === IS_GOLD.type) return this.#isGold;
    if (who.type === HAS_CART.type) return this.#hasCart;
    throw new TypeError("the storm draws no such condition");
  }

  #live(id: TriggerId): Live | undefined {
    return this.#known.find((one) => one.id === id);
  }

  #exposures(id: TriggerId): Said[] {
    return this.said.filter((one) => one.trigger === id);
  }
}

/** All variants of one version are of one kind. */
export function kindOf({ definition }: Pick<Said, "definition">): string {
  return definition.variants[0]?.action.type ?? "chat";
}

function timeOf(one: Extract<Happening, { type: "event" | "cart" }>): number {
  return one.type === "event" ? one.happenedAt : one.at;
}
