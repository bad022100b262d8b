import { createStore, useStore, type Store } from "./live/store.ts";

/** What this browser remembers for itself; nothing of it is the workspace's business. */
export type Preferences = {
  sound: boolean;
  notifications: boolean;
  /** Shortcuts of a single letter, which get in the way of speech input. */
  singleKeys: boolean;
  personPane: boolean;
  /** The offer to turn on notifications was put away. */
  isOfferDismissed: boolean;
};

const NAME = "parley.preferences";
const DEFAULTS: Preferences = {
  sound: true,
  notifications: false,
  singleKeys: true,
  personPane: true,
  isOfferDismissed: false,
};

function read(): Preferences {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(NAME) ?? "{}");
    if (typeof stored !== "object" || stored === null) return DEFAULTS;
    const known = Object.entries(stored).filter(
      ([key, value]) => key in DEFAULTS && typeof value === "boolean",
    );
    return { ...DEFAULTS, ...Object.fromEntries(known) };
  } catch {
    return DEFAULTS;
  }
}

export const preferences: Store<Preferences> = createStore(read());

export function prefer(change: Partial<Preferences>): void {
  preferences.set((held) => ({ ...held, ...change }));
  try {
    localStorage.setItem(NAME, JSON.stringify(preferences.get()));
  } catch {
    // Storage is blocked: the choice holds until the page is left.
  }
}

export const usePreference = <Key extends keyof Preferences>(key: Key): Preferences[Key] =>
  useStore(preferences, (held) => held[key]);
