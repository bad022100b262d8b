/** A value that the browser keeps between pages and shares between tabs. */
type KeptValue<T> = {
  read(): T;
  /** Keeps the value, tells every listener in this tab, and the browser tells the other tabs. */
  write(value: T): void;
  listen(listener: () => void): void;
};

const memory = new Map<string, string>();

/** Whether what is written outlives this page; false where the browser blocks storage. */
export function isStorageLasting(): boolean {
  return memory.size === 0;
}

function load(key: string): string | undefined {
  const remembered = memory.get(key);
  if (remembered !== undefined) return remembered;
  try {
    return localStorage.getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}

function save(key: string, text: string): void {
  try {
    localStorage.setItem(key, text);
    memory.delete(key);
  } catch {
    memory.set(key, text);
  }
}

function parse(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Keeps a value under a key; `shape` turns whatever is found there into a sound value. */
export function keepValue<T>(name: string, shape: (found: unknown) => T): KeptValue<T> {
  const key = `kettle-and-leaf.${name}`;
  const listeners: (() => void)[] = [];
  const tell = (): void => listeners.forEach((listener) => listener());
  window.addEventListener("storage", (event) => {
    if (event.key === key || event.key === null) tell();
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) tell();
  });
  return {
    read: () => shape(parse(load(key))),
    write: (value) => {
      save(key, JSON.stringify(value ?? null));
      tell();
    },
    listen: (listener) => {
      listeners.push(listener);
    },
  };
}
