import type { Core } from "./core.ts";

/** What the chat keeps in this browser for one site key: drafts, unsent messages, whether it is muted. */
export type Memory = {
  recall(name: string): string | undefined;
  /** Keeps a value, or without one forgets it. */
  keep(name: string, value?: string): void;
  /** Forgets what is held only here: the storage itself is cleared by whoever ends the right. */
  clear(): void;
  /** Everything kept whose name starts so. */
  names(start: string): string[];
};

/** What one part keeps of a connected widget. A preview keeps nothing. */
export const memoryOf = ({ key, options }: Pick<Core, "key" | "options">): Memory =>
  createMemory(`parley:${key}`, () => {
    if (options.preview) throw new Error("a preview keeps nothing");
    return localStorage;
  });

/** `storage` may throw, and may be full: then what is kept lives as long as the page. */
export function createMemory(prefix: string, storage: () => Storage): Memory {
  const held = new Map<string, string>();
  const attempt = <T>(run: (storage: Storage) => T): T | undefined => {
    try {
      return run(storage());
    } catch {
      return undefined;
    }
  };
  return {
    recall: (name) =>
      held.get(name) ?? attempt((stored) => stored.getItem(prefix + name)) ?? undefined,
    keep(name, value) {
      held.delete(name);
      if (value === undefined) attempt((stored) => stored.removeItem(prefix + name));
      else if (
        !attempt((stored) => {
          stored.setItem(prefix + name, value);
          return true;
        })
      )
        held.set(name, value);
    },
    clear: () => held.clear(),
    names(start) {
      const stored = attempt((all) => Object.keys(all)) ?? [];
      const own = stored
        .filter((name) => name.startsWith(prefix))
        .map((name) => name.slice(prefix.length));
      return [...new Set([...held.keys(), ...own])].filter((name) => name.startsWith(start));
    },
  };
}
