import { useEffect, useRef } from "react";
import { preferences } from "../preferences.ts";
import { shortcutOf, type ShortcutId } from "./shortcuts.ts";

/** Answers `false` to let an outer handler, or the browser, have the key. */
type Handler = () => boolean | void;
type Handlers = Partial<Record<ShortcutId, Handler>>;

/** The newest registration is asked first: what is on top of the screen goes before what is under it. */
const layers: { current: Handlers }[] = [];

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.matches(
        "input:not([type='radio'], [type='checkbox']), textarea, select, [role='combobox']",
      ))
  );
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  const target = event.target;
  const id = shortcutOf(event, isTyping(target), preferences.get().singleKeys);
  if (id === null) return;
  const isInDialog =
    target instanceof Element &&
    target.closest("[role='dialog'], [role='menu'], [role='listbox']") !== null;
  if (isInDialog && id !== "palette") return;
  for (let i = layers.length - 1; i >= 0; i--) {
    const handler = layers[i]?.current[id];
    if (handler !== undefined && handler() !== false) {
      event.preventDefault();
      return;
    }
  }
}

/** Registers what shortcuts do while the calling component is on the screen. */
export function useShortcuts(handlers: Handlers): void {
  const layer = useRef(handlers);
  useEffect(() => {
    layer.current = handlers;
  });
  useEffect(() => {
    if (layers.length === 0) addEventListener("keydown", onKeyDown);
    layers.push(layer);
    return () => {
      layers.splice(layers.indexOf(layer), 1);
      if (layers.length === 0) removeEventListener("keydown", onKeyDown);
    };
  }, []);
}
