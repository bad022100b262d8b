import type { DeliveryId } from "../../../protocol/ids.ts";
import type { Alert } from "../../../protocol/inbox-frames.ts";
import { createStore, type Store } from "./store.ts";

/** What triggers want operators to look at: everything that nobody has dealt with yet, newest first. */
export type Alerts = {
  list: Store<readonly Alert[]>;
  /** Calls back for each alert that comes while this tab is open, missed ones included. */
  onNew(listener: (alert: Alert) => void): () => void;
  onGone(listener: (alert: DeliveryId) => void): () => void;
  /** Takes it away at once, here and for everybody; kept until the server has heard of it. */
  done(alert: DeliveryId): void;
  /** The socket said which ones there are, after it opened. */
  hello(alerts: readonly Alert[]): void;
  came(alert: Alert): void;
  /** Somebody dealt with it. */
  gone(alert: DeliveryId): void;
};

/** @param tell Sends that an alert was dealt with; lost while there is no connection, and then sent again. */
export function createAlerts(tell: (alert: DeliveryId) => void): Alerts {
  const list = createStore<readonly Alert[]>([]);
  const news = new Set<(alert: Alert) => void>();
  const farewells = new Set<(alert: DeliveryId) => void>();
  const done = new Set<DeliveryId>();
  let isFirst = true;

  function remove(id: DeliveryId): void {
    if (!list.get().some((alert) => alert.id === id)) return;
    list.set((held) => held.filter((alert) => alert.id !== id));
    for (const listener of farewells) listener(id);
  }

  return {
    list,
    onNew(listener) {
      news.add(listener);
      return () => news.delete(listener);
    },
    onGone(listener) {
      farewells.add(listener);
      return () => farewells.delete(listener);
    },
    done(id) {
      done.add(id);
      remove(id);
      tell(id);
    },
    hello(alerts) {
      const there = new Set(alerts.map((alert) => alert.id));
      for (const id of done) {
        if (there.has(id)) tell(id);
        else done.delete(id);
      }
      const before = list.get();
      for (const { id } of before) if (!there.has(id)) remove(id);
      const waiting = alerts.filter((alert) => !done.has(alert.id));
      const missed = waiting.filter((alert) => !before.some(({ id }) => id === alert.id));
      list.set(() => waiting);
      if (!isFirst) for (const alert of missed) for (const listener of news) listener(alert);
      isFirst = false;
    },
    came(alert) {
      if (done.has(alert.id) || list.get().some(({ id }) => id === alert.id)) return;
      list.set((held) => [alert, ...held]);
      for (const listener of news) listener(alert);
    },
    gone(id) {
      done.delete(id);
      remove(id);
    },
  };
}
