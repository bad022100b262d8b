import type { QueryClient } from "@tanstack/react-query";
import type { ConversationSummary } from "../../../protocol/conversation-frames.ts";
import type { ConversationId, OperatorId } from "../../../protocol/ids.ts";
import type { InboxCommand, OnlineOperator, ToInbox } from "../../../protocol/inbox-frames.ts";
import type { ConversationCounts } from "../../../protocol/operator-api.ts";
import { socketPath } from "../api/acting-operator.ts";
import { countsQuery, linksKey, meQuery } from "../api/queries.ts";
import { createRooms, type Rooms } from "../inbox/rooms.ts";
import {
  bringsMessage,
  countsAfter,
  dropUnconfirmed,
  mergeSummaries,
  nothingKnown,
  type Known,
  type SummaryChange,
} from "../inbox/summaries.ts";
import { boardOf, withChange, type BoardRows } from "../visitors/board-rows.ts";
import { api } from "../api/client.ts";
import { createAlerts, type Alerts } from "./alerts.ts";
import { openLink, type Link, type LinkState } from "./link.ts";
import { createStore, type Store } from "./store.ts";

/** The workspace's live view in this tab: the Inbox socket and what it feeds. One while signed in. */
export type WorkspaceLive = {
  link: Store<LinkState>;
  known: Store<Known>;
  operators: Store<readonly OnlineOperator[]>;
  /** Who looks at which conversation. */
  looking: Store<Readonly<Record<string, readonly OperatorId[]>>>;
  board: Store<{ rows: BoardRows | null; total: number; failure: unknown }>;
  rooms: Rooms;
  alerts: Pick<Alerts, "list" | "onNew" | "onGone" | "done">;
  /** Summaries that a request answered. */
  learn(summaries: readonly ConversationSummary[]): void;
  /** A change that one makes oneself, shown before it is confirmed. */
  apply(summary: ConversationSummary): void;
  look(conversation: ConversationId | null): void;
  watchBoard(): () => void;
  reloadBoard(): void;
  /** Calls back for every unread message of a visitor that arrives while this tab is open. */
  onMessage(listener: (summary: ConversationSummary) => void): () => void;
  /** Tries to connect now instead of waiting for the next try. */
  hurry(): void;
  /** Opens the socket; the answer closes it and everything that hangs on it. */
  start(): () => void;
};

const RECOUNT_MS = 2_500;
/** D1 may lag behind what was missed while away, so lists are asked a second time. */
const SECOND_LOOK_MS = 4_000;

export function createWorkspaceLive(
  client: QueryClient,
  me: OperatorId,
  onEnded: () => void,
): WorkspaceLive {
  const link = createStore<LinkState>("connecting");
  const known = createStore(nothingKnown);
  const operators = createStore<readonly OnlineOperator[]>([]);
  const looking = createStore<Readonly<Record<string, readonly OperatorId[]>>>({});
  const board = createStore<{ rows: BoardRows | null; total: number; failure: unknown }>({
    rows: null,
    total: 0,
    failure: null,
  });
  const alerts = createAlerts((alert) => inbox?.send({ t: "alert-done", alert }));
  const listeners = new Set<(summary: ConversationSummary) => void>();
  let inbox: Link<InboxCommand> | null = null;
  let epoch = 0;
  let hellos = 0;
  let looksAt: ConversationId | null = null;
  let boardWatchers = 0;
  let recountTimer: ReturnType<typeof setTimeout> | undefined;
  let secondLookTimer: ReturnType<typeof setTimeout> | undefined;

  const askMe = (): void => void client.invalidateQueries({ queryKey: meQuery.queryKey });

  function merge(summaries: readonly ConversationSummary[]): SummaryChange[] {
    const merged = mergeSummaries(known.get(), summaries, epoch);
    known.set(() => merged.known);
    return merged.changes;
  }

  function told(summary: ConversationSummary): void {
    for (const change of merge([summary])) {
      count(change);
      if (bringsMessage(change)) for (const listener of listeners) listener(change.after);
    }
  }

  function count(change: SummaryChange): void {
    const counts = client.getQueryData<ConversationCounts>(countsQuery.queryKey);
    const next = counts === undefined ? null : countsAfter(counts, change, me);
    if (next === null) recount();
    else client.setQueryData(countsQuery.queryKey, next);
  }
  function recount(): void {
    clearTimeout(recountTimer);
    recountTimer = setTimeout(
      () => void client.invalidateQueries({ queryKey: countsQuery.queryKey }),
      RECOUNT_MS,
    );
  }

  /** After time away: everything shown is asked again, and what no answer confirms has been missed. */
  async function heal(): Promise<void> {
    const healing = ++epoch;
    void client.invalidateQueries({ queryKey: countsQuery.queryKey });
    try {
      await client.invalidateQueries({ queryKey: ["conversations"] }, { throwOnError: true });
    } catch {
      return;
    }
    if (healing === epoch) known.set((held) => dropUnconfirmed(held, healing));
  }

  function loadBoard(): void {
    api
      .board()
      .then((answer) =>
        board.set(() => ({ rows: boardOf(answer.present), total: answer.total, failure: null })),
      )
      .catch((failure: unknown) => board.set((held) => ({ ...held, failure })));
  }

  function onFrame(frame: ToInbox): void {
    switch (frame.t) {
      case "hello":
        operators.set(() => frame.operators);
        looking.set(() => frame.looking);
        alerts.hello(frame.alerts);
        inbox?.send({ t: "looking", conversation: looksAt });
        if (boardWatchers > 0) {
          inbox?.send({ t: "board", on: true });
          loadBoard();
        }
        if (hellos++ > 0) {
          void heal();
          clearTimeout(secondLookTimer);
          secondLookTimer = setTimeout(() => void heal(), SECOND_LOOK_MS);
        }
        return;
      case "conversation":
        told(frame.summary);
        return;
      case "operators":
        operators.set(() => frame.operators);
        return;
      case "looking":
        looking.set((held) => ({ ...held, [frame.conversation]: frame.operators }));
        return;
      case "alert":
        alerts.came(frame.alert);
        return;
      case "alert-done":
        alerts.gone(frame.alert);
        return;
      case "links":
        for (const visitor of frame.visitors)
          void client.invalidateQueries({ queryKey: linksKey(visitor) });
        return;
      case "ack":
      case "error":
        return;
      case "visitors":
        board.set((held) => {
          if (held.rows === null) return held;
          const rows = withChange(held.rows, frame);
          return { ...held, rows, total: Math.max(0, held.total + rows.size - held.rows.size) };
        });
    }
  }

  const rooms = createRooms({
    operator: me,
    me: () => {
      const card = client.getQueryData(meQuery.queryKey)?.operator;
      if (card == null) throw new Error("Only signed-in operators write.");
      return card;
    },
    tell: told,
    onRefused: askMe,
  });

  function start(): () => void {
    inbox = openLink<ToInbox, InboxCommand>({
      path: socketPath("/api/inbox/socket", me),
      onFrame,
      onState: (state) => {
        link.set(() => state);
        if (state === "ended") onEnded();
      },
      onRefused: askMe,
    });
    const closeRooms = rooms.start();
    return () => {
      clearTimeout(recountTimer);
      clearTimeout(secondLookTimer);
      closeRooms();
      inbox?.close();
      inbox = null;
    };
  }

  return {
    link,
    known,
    operators,
    looking,
    board,
    rooms,
    alerts,
    learn(summaries) {
      merge(summaries);
    },
    apply(summary) {
      for (const change of merge([summary])) count(change);
    },
    look(conversation) {
      if (conversation === looksAt) return;
      looksAt = conversation;
      inbox?.send({ t: "looking", conversation });
    },
    watchBoard() {
      if (boardWatchers++ === 0) {
        inbox?.send({ t: "board", on: true });
        loadBoard();
      }
      return () => {
        if (--boardWatchers > 0) return;
        inbox?.send({ t: "board", on: false });
        board.set(() => ({ rows: null, total: 0, failure: null }));
      };
    },
    reloadBoard: loadBoard,
    onMessage(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    hurry: () => inbox?.hurry(),
    start,
  };
}
