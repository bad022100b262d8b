import type { Browser, Page } from "playwright-core";
import { launchBrowser } from "../e2e/people.ts";
import { switchOnPopup } from "./definitions.ts";
import { startFront } from "./front.ts";
import { installPopupClock, type PopupTimes } from "./popup-clock.ts";
import { spreadLine, type Line } from "./report.ts";
import type { Subject } from "./subjects.ts";

const WARM_UP = 3;
const FIRINGS = 40;
/** First visits, each with a browser profile of its own. */
const FIRST_VISITS = 10;
/** Events of a page in which nothing has happened for a while, so that no batch is under way. */
const RESTED = 8;
const REST_MS = 2_500;
const PAGE_TIMEOUT_MS = 15_000;

const EVENT = "Bell Rung";
const SITE = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A shop</title>
<script async src="/widget.js" data-key="pk_demo"></script></head>
<body><h1>Kettles</h1><button id="ask">Ask us</button></body></html>`;

/** How long it takes until a pop-up can be seen, in a browser. */
export async function momentLines(product: Subject): Promise<Line[]> {
  await switchOnPopup(product.url, { type: "event", event: EVENT, where: [] });
  const moment = { on: "click", selector: "#ask" } as const;
  await switchOnPopup(product.url, { type: "page", page: null, moment });
  const front = await startFront(product.url, SITE);
  const browser = await launchBrowser();
  try {
    const first: PopupTimes[] = [];
    for (let visit = 0; visit < FIRST_VISITS; visit++)
      first.push(...(await timesOf(browser, front.url, ["event"])));
    const again = (what: "event" | "click") =>
      Array.from({ length: WARM_UP + FIRINGS }, () => what);
    const events = await timesOf(browser, front.url, again("event"));
    const clicks = await timesOf(browser, front.url, again("click"));
    const rested = await timesOf(browser, front.url, again("event").slice(0, RESTED + 1), REST_MS);
    return linesOf({
      first,
      events: events.slice(WARM_UP),
      clicks: clicks.slice(WARM_UP),
      rested: rested.slice(1),
    });
  } finally {
    await browser.close();
    await front.stop();
  }
}

/** One visitor with an empty cache: what they do one after the other, and each pop-up closed before the next. */
async function timesOf(
  browser: Browser,
  url: string,
  doings: ("event" | "click")[],
  restMs = 0,
): Promise<PopupTimes[]> {
  const context = await browser.newContext();
  context.setDefaultTimeout(PAGE_TIMEOUT_MS);
  await context.addInitScript(installPopupClock);
  const page = await context.newPage();
  await page.goto(url);
  await page.waitForFunction(() => window.popupClock.isReady());
  const times: PopupTimes[] = [];
  for (const doing of doings) {
    if (restMs > 0) await new Promise((resolve) => setTimeout(resolve, restMs));
    times.push(await time(page, doing));
  }
  await context.close();
  return times;
}

async function time(page: Page, doing: "event" | "click"): Promise<PopupTimes> {
  const timed = page.evaluate(async (what) => {
    const { popupClock, parley } = window as typeof window & {
      parley: (call: "track", event: string) => void;
    }; // the widget's script has put it there
    const times = await popupClock.time(() => {
      if (what === "event") parley("track", "Bell Rung");
      else document.querySelector<HTMLElement>("#ask")?.click();
    });
    popupClock.close();
    return times;
  }, doing);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no pop-up after the ${doing}`)), PAGE_TIMEOUT_MS);
  });
  try {
    return await Promise.race([timed, late]);
  } finally {
    clearTimeout(timer);
  }
}

function linesOf(times: Record<"first" | "events" | "clicks" | "rested", PopupTimes[]>): Line[] {
  const line = (
    what: string,
    of: PopupTimes[],
    from: keyof PopupTimes,
    to: keyof PopupTimes,
  ): Line =>
    spreadLine(
      what,
      of.map((one) => (one[to] ?? Number.NaN) - (one[from] ?? Number.NaN)),
      "ms",
    );
  const { first, events, clicks, rested } = times;
  return [
    line("pop-up after an event, once the event leaves the page", events, "sentAt", "visibleAt"),
    line("… until the page is told", events, "sentAt", "toldAt"),
    line("… from there until it is visible", events, "toldAt", "visibleAt"),
    line("… in all from `track` on, the widget's batch included", rested, "begunAt", "visibleAt"),
    line("pop-up after a click that a page rule waits for", clicks, "begunAt", "visibleAt"),
    line("… until the page is told", clicks, "begunAt", "toldAt"),
    line("first pop-up of a browser, once the event leaves the page", first, "sentAt", "visibleAt"),
    line("… until the page is told", first, "sentAt", "toldAt"),
    line("… from there until its files are there", first, "toldAt", "loadedAt"),
    line("… from there until it is visible", first, "loadedAt", "visibleAt"),
  ];
}
