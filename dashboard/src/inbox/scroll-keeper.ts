import { createStore, type Store } from "../live/store.ts";
import type { Room } from "./room.ts";

/**
 * Keeps a log's scrolling: at its end while the reader is there, in its place while older entries come in
 * above. Reads messages as they come into view, and asks for older ones near the top.
 */
export type ScrollKeeper = {
  state: Store<ScrollState>;
  toEnd(): void;
  /** Begins with a scrolling element whose only child grows; the answer ends it. */
  attach(element: HTMLElement | null): () => void;
};

export type ScrollState = {
  isAtEnd: boolean;
  /** The last number seen at the end. */
  seenThrough: number;
  isLoadingOlder: boolean;
};

/** Closer to the end than this, the reader is at the end. */
const AT_END_PX = 48;
/** Closer to the top than this, older entries are asked for. */
const OLDER_FROM_PX = 240;

export function createScrollKeeper(room: Room, onFailure: (error: unknown) => void): ScrollKeeper {
  const state = createStore<ScrollState>({ isAtEnd: true, seenThrough: 0, isLoadingOlder: false });
  let scroller: HTMLElement | null = null;
  let height = 0;
  let first = 0;
  let writtenAt = 0;

  function firstSeq(): number {
    return room.state.get().log.entries[0]?.seq ?? 0;
  }
  function toEnd(): void {
    if (scroller !== null) scroller.scrollTop = scroller.scrollHeight;
  }

  function onScroll(): void {
    if (scroller === null) return;
    const isAtEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < AT_END_PX;
    const last = room.state.get().log.entries.at(-1)?.seq ?? 0;
    state.set((held) => {
      const seenThrough = isAtEnd || held.isAtEnd ? last : held.seenThrough;
      return held.isAtEnd === isAtEnd && held.seenThrough === seenThrough
        ? held
        : { ...held, isAtEnd, seenThrough };
    });
    read();
    if (scroller.scrollTop < OLDER_FROM_PX) void loadOlder();
  }

  /** Runs after layout and before the screen is painted, so nothing jumps. */
  function onResize(): void {
    if (scroller === null) return;
    const isOlderAbove = first > 0 && firstSeq() < first;
    if (state.get().isAtEnd) toEnd();
    else if (isOlderAbove) scroller.scrollTop += scroller.scrollHeight - height;
    height = scroller.scrollHeight;
    first = firstSeq();
  }

  async function loadOlder(): Promise<void> {
    if (state.get().isLoadingOlder || !room.state.get().log.hasOlder) return;
    state.set((held) => ({ ...held, isLoadingOlder: true }));
    try {
      await room.loadOlder();
    } catch (error) {
      onFailure(error);
    } finally {
      state.set((held) => ({ ...held, isLoadingOlder: false }));
    }
  }

  function read(): void {
    if (state.get().isAtEnd && document.visibilityState === "visible") room.read();
  }

  function onRoom(): void {
    const { outbox, log } = room.state.get();
    const newest = outbox.at(-1)?.writtenAt ?? 0;
    const isOwn = newest > writtenAt;
    writtenAt = Math.max(writtenAt, newest);
    // Whoever writes wants to see it; whoever is at the end has seen what came.
    if (isOwn || state.get().isAtEnd) {
      const last = log.entries.at(-1)?.seq ?? 0;
      state.set((held) =>
        held.isAtEnd && held.seenThrough === last
          ? held
          : { ...held, isAtEnd: true, seenThrough: last },
      );
    }
    read();
  }

  function attach(element: HTMLElement | null): () => void {
    scroller = element;
    if (element === null) return () => {};
    height = element.scrollHeight;
    first = firstSeq();
    const observer = new ResizeObserver(onResize);
    observer.observe(element);
    if (element.firstElementChild !== null) observer.observe(element.firstElementChild);
    element.addEventListener("scroll", onScroll, { passive: true });
    document.addEventListener("visibilitychange", read);
    const unsubscribe = room.state.subscribe(onRoom);
    toEnd();
    onRoom();
    return () => {
      scroller = null;
      observer.disconnect();
      element.removeEventListener("scroll", onScroll);
      document.removeEventListener("visibilitychange", read);
      unsubscribe();
    };
  }

  return { state, toEnd, attach };
}
