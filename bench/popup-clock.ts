/** When something happened in a page, by its own clock in milliseconds. */
export type PopupTimes = {
  /** The site called the widget, or the person clicked. */
  begunAt: number;
  /** The frame that tells of it left the page. */
  sentAt: number;
  /** The pop-up's content was on the socket. */
  toldAt: number;
  /** The last file that the pop-up needed was there; null where none was fetched. */
  loadedAt: number | null;
  /** The pop-up had been painted. */
  visibleAt: number;
};

export type PopupClock = {
  /** Whether the page is connected, and waits for what triggers wait for. */
  isReady(): boolean;
  /** Does something that a pop-up follows, and resolves once that can be seen. */
  time(begin: () => void): Promise<PopupTimes>;
  /** Closes the pop-up as the person would. */
  close(): void;
};

declare global {
  interface Window {
    popupClock: PopupClock;
  }
}

/** Runs in a page before its scripts do, and shares no code with this program: the page sees only its text. */
export function installPopupClock(): void {
  const PART = /\/(?:shown|card|answer)\.js/;
  const known = new Set<string>();
  let isReady = false;
  let times: Partial<PopupTimes> = {};
  let painted = (): void => {};
  let root: ShadowRoot | undefined;

  window.WebSocket = class extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      this.addEventListener("message", ({ data }) => hear(String(data)));
    }

    override send(data: string): void {
      if (data.includes('"Bell Rung"') || data.includes('"t":"fired"'))
        times.sentAt ??= performance.now();
      super.send(data);
    }
  };

  function hear(text: string) {
    if (!text.includes('"moments"')) return;
    const at = performance.now();
    const { moments } = JSON.parse(text);
    if (moments.armed.length > 0) isReady = true;
    for (const { delivery } of moments.shown) {
      if (!known.has(delivery)) times.toldAt ??= at;
      known.add(delivery);
    }
  }

  const popup = () => root?.querySelector<HTMLDialogElement>("dialog.moment");

  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (init) {
    root = attach.call(this, init);
    new MutationObserver(() => {
      if (!popup()) return;
      // A task that a frame's callback has posted runs after that frame was painted.
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.addEventListener("message", () => {
          if (popup()?.checkVisibility()) painted();
        });
        port1.start();
        port2.postMessage(null);
      });
    }).observe(root, { childList: true });
    return root;
  };

  window.popupClock = {
    isReady: () => isReady,
    time: (begin) =>
      new Promise((resolve) => {
        const begunAt = performance.now();
        times = {};
        painted = () => {
          painted = () => {};
          const files = performance
            .getEntriesByType("resource")
            .filter(({ name, startTime }) => PART.test(name) && startTime > begunAt)
            .map((entry) => (entry as PerformanceResourceTiming).responseEnd); // entries of this type are
          resolve({
            begunAt,
            sentAt: times.sentAt ?? Number.NaN,
            toldAt: times.toldAt ?? Number.NaN,
            loadedAt: files.length > 0 ? Math.max(...files) : null,
            visibleAt: performance.now(),
          });
        };
        begin();
      }),
    close: () => root?.querySelector<HTMLButtonElement>("dialog.moment > .close")?.click(),
  };
}
