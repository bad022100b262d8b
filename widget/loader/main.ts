import type { Auth, Chat, ConnectOptions } from "../core.ts";
import type { Fact } from "../../protocol/facts.ts";
import { attend } from "./attention.ts";
import { guard } from "./events.ts";
import { remember } from "./memory.ts";
import { setTimeout } from "./natives.ts";
import { dataset } from "./tag.ts";
import { add, boot, reset, view } from "./visit.ts";
import { changed, core, part, ready, start } from "./widget.ts";

type Props = Extract<Fact, { type: "track" }>["props"];
type Operations = Extract<Fact, { type: "set" }>["ops"];
type Call = [name: string, ...args: never[]];
type Parley = { (...call: Call): unknown; q?: Call[]; connect?: unknown };

const IDLE_MS = 2_000;
/** A message may be waiting for this very event; others of the same moment go with it. */
const TRACK_MS = 50;

const calls: Record<string, (...args: never[]) => unknown> = {
  connect(key = dataset["key"], options: ConnectOptions = {}) {
    if (core.key || !key) return;
    core.key = key;
    core.options = options;
    // A page that is made ready in advance is not seen yet.
    if ((document as { prerendering?: boolean }).prerendering)
      document.addEventListener("prerenderingchange", begin);
    // Not every browser has idle callbacks, and a timer takes the same call: it waits for nothing then.
    else
      (
        (!options.preview &&
          (window.requestIdleCallback as typeof requestIdleCallback | undefined)) ||
        setTimeout
      )(begin, {
        timeout: IDLE_MS,
      } as never);
  },
  identify: (userId?: string | number | Props, traits?: Props) =>
    add({
      type: "identify",
      ...(userId instanceof Object ? { traits: userId } : { userId: userId?.toString(), traits }),
    }),
  track: (name: string, props?: Props) => add({ type: "track", name, props }, TRACK_MS),
  page: view,
  set: (props: NonNullable<Props> | Operations) =>
    add(
      "0" in props
        ? { type: "set", ops: props as Operations }
        : { type: "identify", traits: props as Props },
    ),
  reset,
  show() {
    core.isConcealed = false;
    changed();
  },
  hide() {
    core.isConcealed = true;
    changed();
  },
  on: (name: string, hear: EventListener) => addEventListener(`parley:${name}`, hear),
  once: (name: string, hear: EventListener) =>
    addEventListener(`parley:${name}`, hear, { once: true }),
  off: (name: string, hear: EventListener) => removeEventListener(`parley:${name}`, hear),
  ready: (run?: () => void) => ready.then(run),
};
for (const name of ["open", "close", "toggle", "message", "preview", "auth"] as const)
  calls[name] = async (...args: Parameters<(Chat & Auth)[typeof name]>) => {
    await ready;
    // Only what comes before "b" is not the chat's. Arguments come from the page, whatever they are.
    const owner = (await part(name < "b" ? (name as "auth") : "chat")) as Chat & Auth;
    (owner[name] as (...args: unknown[]) => void)(...args);
  };

const stub = (window as { parley?: Parley }).parley;
let early: Call[] | undefined = [];

const run = guard(([name, ...args]: Call) => calls[name]?.(...args));

// Every call is a function of its own too.
const parley = ((...call) => {
  if (early && call[0] !== "connect") early.push(call);
  else run(call);
  return ready;
}) as Parley & Record<string, unknown>;

const begin = guard(() => {
  const { preview } = core.options;
  const waiting = early as Call[]; // it begins once
  early = undefined;
  remember(core.key);
  if (preview) start(preview);
  else view();
  for (const call of waiting) run(call);
  if (!preview) {
    boot();
    attend();
  }
});

// The script may be in the page twice.
if (!stub?.connect) {
  for (const name in calls) parley[name] = (...args: never[]) => parley(name, ...args);
  (window as { parley?: Parley }).parley = parley;
  core.toggler.addEventListener("click", () => parley("toggle"));
  for (const call of stub?.q ?? []) parley(...call);
  if (dataset["autoload"] !== "manual") run(["connect"]);
}
