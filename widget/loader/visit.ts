import type { ErrorBody, ErrorCode } from "../../protocol/errors.ts";
import type { Fact } from "../../protocol/facts.ts";
import type { BootResponse } from "../../protocol/visitor-frames.ts";
import { backOff } from "./back-off.ts";
import { emit, guard } from "./events.ts";
import { createFacts, type NewFact } from "./facts.ts";
import { createLine } from "./line.ts";
import { forget, isShared, keepToken, recall } from "./memory.ts";
import { JSON, fetch, setTimeout } from "./natives.ts";
import { host } from "./tag.ts";
import { address } from "../address.ts";
import { changed, core, part, start } from "./widget.ts";

/** One device on one page: its right, what it tells, and the socket to the visitor's object. */

const FLUSH_MS = 1_000;
const SEEN_MS = 100;
const POST_TIMEOUT_MS = 20_000;
/** Sockets lost in a row before boot is asked what is wrong. */
const LOST_MAX = 3;

type PageFact = Extract<Fact, { type: "page" }>;
/** The part of an answer that tells what became of a batch. */
type Fate = { through?: number; code?: ErrorCode };

let facts = createFacts();
let isBooting = false;
/** Boots and sockets that failed in a row. */
let failures = 0;
let flushTimer: number | undefined;
/** The page that is looked at: its title is read late, because sites set it after they navigate. */
let latest: { url?: string; title?: string | undefined } = {};

/** Notes a fact, which is told within a second; sooner where nothing is waiting to be told and it says so. */
export const add = (core.tell = (fact: NewFact, withinMs?: number): Fact => {
  flushSoon(withinMs);
  return facts.note(fact);
});

/** A page was seen. The one before, on this site or another, is its referrer. */
export function view(name?: string, props?: PageFact["props"]): void {
  const referrer = latest.url ?? document.referrer;
  batch();
  latest = add({ type: "page", url: address(), referrer, name, props }) as PageFact; // as it was added
  changed();
}

/** Whether the address names another page than the one that was seen last. */
export const hasMoved = (): boolean => latest.url !== address();

function flushSoon(ms = FLUSH_MS) {
  flushTimer ??= setTimeout(flush, ms);
}

/** The oldest facts, and with them the title that the page has by now. */
function batch(max?: number) {
  latest.title = document.title;
  return facts.batch(max);
}

const flush = guard(() => {
  const sent = batch();
  flushTimer = undefined;
  if (sent.facts[0])
    page.ask({ t: "events", ...sent }, (answer) => {
      if (answer) settle(answer as Fate); // to a batch of facts
    });
});

/** What the server says of a batch. One that it refuses as a whole would be refused again: it is given up. */
function settle({ through = 0, code }: Fate) {
  facts.settle(through);
  if (/oo|nv/.test(code as string)) {
    facts = createFacts();
    emit("error", { code });
  } else flushSoon();
}

/** Tells what is left in a way that outlives the page. No answer is heard: facts are kept until settled elsewhere. */
export function beacon(): void {
  // Boot's answer may not be here yet.
  const last = { token: core.token || recall(""), ...batch(50) };
  if (last.token && last.facts[0]) navigator.sendBeacon(`${host}/v1/events`, JSON.stringify(last));
}

async function post(path: string, body: object): Promise<Partial<BootResponse & ErrorBody>> {
  const response = await fetch(`${host}/v1/${path}`, {
    method: "POST",
    body: JSON.stringify(body),
    keepalive: true,
    signal: AbortSignal.timeout(POST_TIMEOUT_MS),
  });
  return response.json();
}

async function askBoot() {
  const sent = recall("");
  const own = facts;
  if (!batch().facts[0]) facts.note({ type: "time", ms: 0 });
  const answer = await post("boot", {
    key: core.key,
    token: sent,
    next: core.handover || recall(":next"),
    client: {
      language: navigator.language,
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    },
    ...batch(),
  });
  if (own !== facts) return {};
  // Where there are no locks, another tab may have become a device meanwhile: the first one stays.
  if (recall("") === sent && answer.token) keepToken(answer.token);
  // Other processes see what is stored a little later than that the lock is free.
  if (!sent) await new Promise((seen) => setTimeout(seen, SEEN_MS));
  return answer;
}

export const boot: () => void = guard(async () => {
  if (isBooting) return;
  isBooting = true;
  // One tab at a time, so that two tabs of a first visit end up with one device.
  const answer = await (
    isShared() && navigator.locks ? navigator.locks.request("parley", askBoot) : askBoot()
  ).catch((): Awaited<ReturnType<typeof askBoot>> => ({}));
  const { error } = answer;
  isBooting = false;
  settle(error ?? answer);
  if (answer.settings) {
    failures = 0;
    start(answer);
    wake();
    // Messages that an earlier page could not send, or a chat that was open on it.
    if (recall(":unsent") || (isShared() && sessionStorage["parley"])) await part("chat");
  } else if (/n_/.test(error?.code as string)) console.warn(error);
  else setTimeout(wake, backOff(failures++));
});

export const page = (core.page = createLine(
  "page",
  (use) => use(core.token as string),
  (frame) => {
    if (frame.t === "hello") {
      failures = 0;
      flushSoon();
    }
    // A frame that was refused unread is answered without its id; only facts can be so large or so deep.
    if (frame.t === "error") settle(frame);
    // Everything else is state, absolute and by the names that boot gives it.
    else start(frame as Partial<BootResponse>);
  },
  (code) => {
    if (code === 4401) {
      if (recall("") === core.token) forget();
      restart();
    } else if (code === 4409) page.close();
    else if (code === 4410 || ++failures > LOST_MAX) boot();
  },
));

/** Follows another tab that has another device's token. */
export function follow(): void {
  if (core.token && recall("") !== core.token && !isBooting) restart();
}

/** Connects if something is missing. */
export function wake(): void {
  follow();
  if (!core.token) boot();
  else if (!document.hidden) page.open();
}

/** Another tab has another device, or this one's right has ended: nothing of the former one stays in this page. */
function restart() {
  core.token = core.conversation = core.moments = undefined;
  facts = createFacts();
  page.close();
  view();
  changed(true);
  boot();
}

/** Ends this device's right and becomes a new visitor. */
export async function reset(): Promise<void> {
  const ended = recall("");
  beacon();
  forget();
  restart();
  if (ended) await post("reset", { token: ended });
}
