import type { OperatorCommand, ToOperator } from "../../../protocol/conversation-frames.ts";
import type { ChosenEmail } from "../../../protocol/entries.ts";
import type { ConversationId, OperatorId } from "../../../protocol/ids.ts";
import type { ConversationSummary } from "../../../protocol/conversation-frames.ts";
import type { OperatorCard } from "../../../protocol/operators.ts";
import { socketPath } from "../api/acting-operator.ts";
import { api } from "../api/client.ts";
import { codeOf } from "../api/failure.ts";
import { openLink, type Link } from "../live/link.ts";
import { createStore, type Store } from "../live/store.ts";
import { lastSeq, prepend } from "./entry-log.ts";
import { forgetItem, keepItem } from "./outbox-storage.ts";
import * as outboxes from "./outbox.ts";
import { keyOf, passes, unsent, type Outbox, type OutboxItem } from "./outbox.ts";
import {
  newRoom,
  readThrough,
  settle,
  withEntries,
  withoutStaleTyping,
  withTyping,
  type RoomState,
} from "./room-state.ts";

/** One conversation as this tab holds it: its loaded log, its socket while needed, and what is still to be sent. */
export type Room = {
  state: Store<RoomState>;
  /** Opens the socket for a view; the answer closes it again, unless something is still to be sent. */
  attach(): () => void;
  reload(): void;
  /** Connects if something is still to be sent. */
  deliver(): void;
  loadOlder(): Promise<void>;
  write(kind: "message" | "note", text: string, email?: ChosenEmail): void;
  retry(key: string): void;
  discard(key: string): void;
  typing(isOn: boolean): void;
  read(): void;
  /** Drops items that another tab has settled. */
  forget(key: string): void;
  /** Nobody looks at it, and it holds nothing that the server does not have. */
  isSpare(): boolean;
  close(): void;
};

export type RoomSurroundings = {
  /** In whose name everything is written, whoever the cookie belongs to later. */
  operator: OperatorId;
  me(): OperatorCard;
  tell(summary: ConversationSummary): void;
  onRefused(): void;
};

const RESEND_MS = 2_000;
const newStream = (): string => crypto.randomUUID();

export function createRoom(id: ConversationId, kept: Outbox, around: RoomSurroundings): Room {
  const state = createStore<RoomState>(newRoom(kept));
  let link: Link<OperatorCommand> | null = null;
  let views = 0;
  let numbering = outboxes.startNumbering(newStream);
  let command = 0;
  /** The server has said hello, and nothing waits for a pause to pass: what is written may go at once. */
  let mayFlow = false;
  let isCatchingUp = false;
  let isLoading = false;
  let isFresh = true;
  let readSent = 0;
  let resendTimer: ReturnType<typeof setTimeout> | undefined;
  let typingTimer: ReturnType<typeof setTimeout> | undefined;

  const me = around.me;
  let held = kept;
  state.subscribe(() => {
    const { outbox } = state.get();
    if (outbox === held) return;
    const keys = new Set(outbox.map(keyOf));
    for (const item of held) if (!keys.has(keyOf(item))) forgetItem(around.operator, item);
    held = outbox;
  });
  const nextId = (): string => `c${++command}`;

  function connect(): void {
    link ??= openLink<ToOperator, OperatorCommand>({
      path: socketPath(`/api/conversations/${id}/socket`, around.operator),
      onFrame,
      onState: (linkState) => {
        if (linkState !== "open") {
          clearTimeout(resendTimer);
          mayFlow = isCatchingUp = false;
        }
        state.set((room) => ({ ...room, link: linkState }));
      },
      onRefused: around.onRefused,
    });
  }

  function onFrame(frame: ToOperator): void {
    switch (frame.t) {
      case "hello": {
        around.tell(frame.summary);
        const { team } = frame.marks;
        // In a conversation that nobody has read, a line above everything would say nothing.
        const isUnread = isFresh && team > 0 && team < frame.through && frame.summary.unread > 0;
        isFresh = false;
        readSent = team;
        state.set((room) => ({
          ...room,
          marks: frame.marks,
          mailTo: frame.mailTo,
          copyAfterMs: frame.copyAfterMs,
          dividerAfter: isUnread ? team : room.dividerAfter,
        }));
        sendUnsent();
        resume();
        return;
      }
      case "entries":
        take(frame.entries);
        isCatchingUp = false;
        if (frame.more) resume();
        return;
      case "entry":
        take([frame.entry]);
        return;
      case "typing":
        state.set((room) => withTyping(room, frame.operator, frame.on, me().id, Date.now()));
        clearTimeout(typingTimer);
        typingTimer = setTimeout(
          () => state.set((room) => withoutStaleTyping(room, Date.now())),
          5_100,
        );
        return;
      case "marks":
        state.set((room) => ({ ...room, marks: frame.marks }));
        return;
      case "summary":
        around.tell(frame.summary);
        return;
      case "ack":
        if (frame.seq !== undefined) acknowledged(frame.id, frame.seq, frame.at ?? Date.now());
        return;
      case "error":
        if (frame.id !== undefined) refused(frame.id, frame.code);
    }
  }

  function take(entries: Parameters<typeof withEntries>[1]): void {
    let isGap = false;
    state.set((room) => {
      if (room.phase !== "ready") return room;
      const result = withEntries(room, entries, me());
      isGap = result.isGap;
      return result.state;
    });
    if (isGap) resume();
  }

  function resume(): void {
    const room = state.get();
    if (room.phase !== "ready" || isCatchingUp) return;
    isCatchingUp = link?.send({ t: "resume", id: nextId(), after: lastSeq(room.log) }) ?? false;
  }

  async function load(): Promise<void> {
    if (isLoading || state.get().phase === "ready") return;
    isLoading = true;
    state.set((room) => ({ ...room, phase: "loading", failure: null }));
    try {
      const page = await api.entries(id, null);
      state.set((room) => settle({ ...room, phase: "ready", log: prepend(room.log, page) }, me()));
      resume();
    } catch (failure) {
      state.set((room) => ({ ...room, phase: "failed", failure }));
      if (codeOf(failure) === "not_found") close();
    }
    isLoading = false;
  }

  function sendItem(item: OutboxItem): void {
    const { kind, stream, n, text, email } = item;
    const sent = { id: keyOf(item), stream, n, text };
    if (kind === "note" || email === undefined) link?.send({ t: kind, ...sent });
    else link?.send({ t: kind, ...sent, mail: { subject: email.subject } });
  }
  /** Everything in the order in which it was written; a number must not overtake an earlier one. */
  function sendUnsent(): void {
    clearTimeout(resendTimer);
    mayFlow = true;
    for (const item of unsent(state.get().outbox)) sendItem(item);
  }

  function acknowledged(key: string, seq: number, at: number): void {
    const item = state.get().outbox.find((candidate) => keyOf(candidate) === key);
    if (item === undefined) return;
    forgetItem(around.operator, item);
    state.set((room) =>
      settle({ ...room, outbox: outboxes.acknowledge(room.outbox, key, seq, at) }, me()),
    );
    restIfIdle();
  }

  function refused(key: string, code: Parameters<typeof passes>[0]): void {
    const item = state.get().outbox.find((candidate) => keyOf(candidate) === key);
    if (item === undefined) {
      isCatchingUp = false;
      return;
    }
    if (passes(code)) {
      mayFlow = false;
      clearTimeout(resendTimer);
      resendTimer = setTimeout(sendUnsent, RESEND_MS);
      return;
    }
    numbering = outboxes.afterRefusal(numbering, item.stream, newStream);
    state.set((room) => ({ ...room, outbox: outboxes.refuse(room.outbox, key, code) }));
    const failed = state.get().outbox.find((candidate) => keyOf(candidate) === key);
    if (failed !== undefined) keepItem(around.operator, failed);
  }

  function drop(key: string): void {
    state.set((room) => ({ ...room, outbox: outboxes.remove(room.outbox, key) }));
  }

  function isIdle(): boolean {
    return views === 0 && unsent(state.get().outbox).length === 0;
  }
  function restIfIdle(): void {
    if (isIdle()) close();
  }
  function close(): void {
    clearTimeout(resendTimer);
    clearTimeout(typingTimer);
    link?.close();
    link = null;
    mayFlow = false;
  }

  return {
    state,
    attach() {
      views++;
      isFresh = true;
      state.set((room) => ({ ...room, dividerAfter: null, typing: [] }));
      void load();
      connect();
      return () => {
        views--;
        restIfIdle();
      };
    },
    reload: () => void load(),
    deliver() {
      if (unsent(state.get().outbox).length > 0) connect();
    },
    async loadOlder() {
      const first = state.get().log.entries[0]?.seq;
      if (first === undefined || !state.get().log.hasOlder) return;
      const page = await api.entries(id, first);
      state.set((room) => ({ ...room, log: prepend(room.log, page) }));
    },
    write(kind, text, email) {
      const item: OutboxItem = {
        conversation: id,
        kind,
        stream: numbering.stream,
        n: numbering.next++,
        text,
        ...(email === undefined ? {} : { email }),
        writtenAt: Date.now(),
        state: "sending",
        failure: null,
        seq: null,
        at: null,
      };
      keepItem(around.operator, item);
      state.set((room) => ({ ...room, dividerAfter: null, outbox: [...room.outbox, item] }));
      connect();
      if (mayFlow) sendItem(item);
    },
    retry(key) {
      const item = state.get().outbox.find((candidate) => keyOf(candidate) === key);
      if (item === undefined) return;
      if (item.state === "sending") {
        link?.hurry();
        if (mayFlow) sendUnsent();
        return;
      }
      const { stream, next } = numbering;
      numbering = { stream, next: next + 1 };
      state.set((room) => ({
        ...room,
        outbox: outboxes.retry(room.outbox, key, stream, next, Date.now()),
      }));
      const again = state
        .get()
        .outbox.find((candidate) => keyOf(candidate) === `${stream}:${next}`);
      if (again === undefined) return;
      keepItem(around.operator, again);
      connect();
      if (mayFlow) sendItem(again);
    },
    discard: drop,
    forget: drop,
    typing(isOn) {
      link?.send({ t: "typing", on: isOn });
    },
    read() {
      const through = readThrough(state.get());
      if (through === null || through <= readSent) return;
      if (link?.send({ t: "read", id: nextId(), through }) === true) readSent = through;
    },
    isSpare: () => views === 0 && state.get().outbox.every((item) => item.state === "acknowledged"),
    close,
  };
}
