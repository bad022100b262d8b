import type { Fact } from "../protocol/facts.ts";
import type { Core } from "./core.ts";
import { guard } from "./loader/events.ts";
import type { Memory } from "./memory.ts";

type Did = Extract<Fact, { type: "reaction" }>["did"];

/** How long something must be in sight to count as seen. */
const SEEN_MS = 1_000;
/** How many reactions this browser remembers. */
const KEPT_MAX = 100;
const PLACE = ":did";

/** What the person does with what triggers sent. Each is told once, whichever page and part notices it. */
export function createReactions({ tell, options }: Pick<Core, "tell" | "options">, memory: Memory) {
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  const all = () => memory.recall(PLACE)?.split(" ") ?? [];

  /** Whether this browser remembers it. */
  const has = (delivery: string, did: Did | "answered") => all().includes(`${did}:${delivery}`);

  /** Remembers it, and tells it; an answer tells itself. A preview does neither. */
  function react(delivery: string, did: Did | "answered") {
    if (options.preview || has(delivery, did)) return;
    memory.keep(PLACE, [...all(), `${did}:${delivery}`].slice(-KEPT_MAX).join(" "));
    if (did !== "answered") tell({ type: "reaction", delivery, did });
  }

  return {
    has,
    react,
    /** What is in sight now. Whatever stays so for a second has been seen. */
    look(deliveries: readonly string[]): void {
      for (const [delivery, timer] of timers)
        if (!deliveries.includes(delivery)) {
          clearTimeout(timer);
          timers.delete(delivery);
        }
      for (const delivery of deliveries)
        if (!timers.has(delivery) && !has(delivery, "seen"))
          timers.set(
            delivery,
            setTimeout(
              guard(() => react(delivery, "seen")),
              SEEN_MS,
            ),
          );
    },
  };
}

export type Reactions = ReturnType<typeof createReactions>;
