import type { Moments } from "../../protocol/triggers.ts";
import type { BootResponse } from "../../protocol/visitor-frames.ts";
import type { Core, Parts } from "../core.ts";
import { emit, guard } from "./events.ts";
import { button, draw, root } from "./launcher.ts";
import { createLine } from "./line.ts";
import { dataset, host } from "./tag.ts";

/** Given by the build; changes with every byte of the parts that load later. */
declare const PARTS_VERSION: string;

let failures = 0;

let markReady: () => void;
export const ready = new Promise<void>((resolve) => (markReady = resolve)).then(() =>
  emit("ready"),
);

// What boot answers is filled in before any part loads.
export const core = {
  host,
  dataset,
  root,
  toggler: button,
  createLine,
  changed,
  loadPart: part,
  parts: [],
} as unknown as Core;

/**
 * A part, fetched when it is first needed; it makes itself only once. After a failure the address is another,
 * because browsers remember what they could not fetch.
 */
export async function part<Name extends keyof Parts>(name: Name): Promise<Parts[Name]> {
  try {
    return (await import(`${host}/${name}.js?v=${PARTS_VERSION}${failures}`)).default(core);
  } catch (error) {
    failures++;
    throw error;
  }
}
const load: (name: keyof Parts) => void = guard(part);

export function changed(isAnew?: boolean): void {
  const { settings, conversation, moments, isOpen, isConcealed } = core;
  if (!settings) return;
  draw(settings, !isOpen && (isConcealed ?? settings.isHidden));
  if (!isOpen && conversation?.waits) load("peek");
  // The parts are named after what they are for. `in` takes undefined for nothing.
  for (const name in moments) if (moments[name as keyof Moments][0]) load(name as keyof Moments);
  for (const listener of core.parts) listener.changed(isAnew);
}

/** Takes over what boot answered, what its socket tells, or a look to show: the launcher can be drawn. */
export function start(look: Partial<BootResponse>): void {
  const { visitor } = core;
  Object.assign(core, look);
  changed(visitor !== core.visitor);
  markReady();
}
