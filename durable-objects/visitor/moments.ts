import type { CompiledRules } from "../../domain/segments/compile.ts";
import type { VisitorId } from "../../protocol/ids.ts";
import { SHOWN_MAX } from "../../protocol/limits.ts";
import type { Moments } from "../../protocol/triggers.ts";
import { armedFor } from "./decisions.ts";
import type { VisitorStore } from "./store.ts";

export const NO_MOMENTS: Moments = { shown: [], armed: [] };

/** What the person's pages have to show and to wait for: pop-ups that nobody has closed, the newest first. */
export function momentsOf(
  visitor: VisitorId,
  store: VisitorStore,
  compiled: CompiledRules | null,
  now: number,
): Moments {
  const turn = store.turn(now);
  const shown = (turn.draft.get("shown") ?? []).filter((one) => one.until > now);
  if (shown.length === 0 && (compiled?.pageTriggers.length ?? 0) === 0) return NO_MOMENTS;
  const { rules } = store;
  const holdsWho = rules.holdsWho.bind(rules);
  return {
    shown: shown
      .toReversed()
      .slice(0, SHOWN_MAX)
      .flatMap(({ id }) => {
        const held = turn.deliveries.get(id);
        if (held === null || held.content === null) return [];
        return [{ delivery: id, content: held.content, from: held.from, at: held.decidedAt }];
      }),
    armed:
      compiled === null
        ? []
        : armedFor(turn, { visitor, compiled, holdsWho }).map(({ rule }) => rule),
  };
}
