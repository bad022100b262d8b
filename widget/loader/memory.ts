/** What this browser remembers for one site key; in memory alone where the browser allows no storage. */

let prefix: string;
let store: Record<string, string> = {};

/** Chooses the site key. The device's token is kept under `parley:<key>`, the rest under `parley:<key>:<name>`. */
export function remember(key: string): void {
  prefix = `parley:${key}`;
  try {
    store = localStorage ?? store;
  } catch {}
}

/** Whether other tabs see what is kept. */
export const isShared = (): boolean => "getItem" in store;

/** What is kept under `""`, the token, or under `":<name>"`. */
export const recall = (name: string): string | undefined => store[prefix + name];

export function keepToken(token: string): void {
  try {
    store[prefix] = token;
  } catch {
    store = { [prefix]: token };
  }
}

export function forget(): void {
  for (const name in store) if (`${name}:`.startsWith(`${prefix}:`)) delete store[name];
}
