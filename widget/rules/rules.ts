import type { ArmedRule } from "../../protocol/triggers.ts";
import { passes } from "./page-test.ts";

/** What drives time: the browser's own, or a test's. */
export type Clock = {
  now(): number;
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
};

/** What comes true once in a page: a trigger's rule, however often it is armed again; of clicks each one. */
const once = ({ delivery, trigger, moment }: ArmedRule) =>
  moment.on === "click" ? delivery : trigger;

/**
 * The page rules of one page. `fire` is called when a rule comes true. Time counts only while the page is in front of
 * the person, and no timer runs while it is not.
 */
export function createRules(fire: (delivery: ArmedRule["delivery"]) => void, clock: Clock) {
  let rules: readonly ArmedRule[] = [];
  let address: string | undefined;
  let isVisible = false;
  /** Time on the page up to `since`, and since when it is in front of the person. */
  let spentMs = 0;
  let since = 0;
  /** Time on the page at the last sign of activity. */
  let activeMs = 0;
  let fired = new Set<string>();
  let timer: unknown;

  const spent = () => spentMs + (isVisible ? clock.now() - since : 0);

  function come(isTrue: (moment: ArmedRule["moment"]) => boolean) {
    for (const rule of rules)
      if (!fired.has(once(rule)) && isTrue(rule.moment)) {
        fired.add(once(rule));
        fire(rule.delivery);
      }
  }

  /** Time on the page at which a rule comes true by itself. */
  const dueMs = (moment: ArmedRule["moment"]) =>
    moment.on === "time"
      ? moment.seconds * 1_000
      : moment.on === "inactivity"
        ? activeMs + moment.seconds * 1_000
        : Infinity;

  function pass() {
    clock.clearTimeout(timer);
    if (!isVisible) return;
    const at = spent();
    come((moment) => dueMs(moment) <= at);
    const next = Math.min(
      ...rules.filter((rule) => !fired.has(once(rule))).map(({ moment }) => dueMs(moment)),
    );
    if (next < Infinity) timer = clock.setTimeout(pass, next - at);
  }

  return {
    /** Which rules are armed, as an absolute state, and on which page. Another page begins anew. */
    arm(armed: readonly ArmedRule[], on: string): void {
      if (on !== address) {
        address = on;
        fired = new Set();
        spentMs = activeMs = 0;
        since = clock.now();
      }
      rules = armed.filter(({ page }) => passes(page, on));
      pass();
    },
    /** The page comes to the front, or leaves it. */
    look(visible: boolean): void {
      spentMs = spent();
      since = clock.now();
      isVisible = visible;
      pass();
    },
    /** The person does something. The timer of inactivity finds out when it is due. */
    act(): void {
      activeMs = spent();
    },
    scroll(percent: number): void {
      come((moment) => moment.on === "scroll" && percent >= moment.percent);
    },
    exit(): void {
      come(({ on }) => on === "exit");
    },
    /** A click; `matches` says whether it was on, or inside of, what a selector names. */
    click(matches: (selector: string) => boolean): void {
      come((moment) => moment.on === "click" && matches(moment.selector));
    },
  };
}
