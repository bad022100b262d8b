/** Tells the page, as an event `parley:<name>` on `window`. */
export function emit(name: string, detail?: object): void {
  dispatchEvent(new CustomEvent(`parley:${name}`, { detail }));
}

/** Wraps an entry from the page: whatever fails inside becomes an event, never an exception of the page. */
export const guard = <A extends unknown[]>(run: (...args: A) => unknown) =>
  (async (...args: A) => {
    try {
      await run(...args);
    } catch (error) {
      emit("error", { code: "internal", message: String(error) });
    }
  }) as (...args: A) => void; // nobody waits for it

/** Listens to the page. */
export function hear<Name extends keyof WindowEventMap>(
  name: Name,
  run: (event: WindowEventMap[Name]) => void,
): void {
  addEventListener(name, guard(run));
}
