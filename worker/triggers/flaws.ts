import { flawOfCondition } from "../../domain/segments/flaw.ts";
import { flawOfTrigger } from "../../domain/triggers/flaw.ts";
import { CodedError } from "../../protocol/errors.ts";
import type { TriggerDefinition } from "../../protocol/triggers.ts";

/**
 * What is wrong with who a trigger is for, in a body that no schema has seen yet; null where nothing is, or where
 * there is no condition at all.
 */
export function flawOfDraft(body: unknown): string | null {
  const who = fieldOf(fieldOf(body, "definition"), "who");
  return who === undefined || who === null ? null : flawOfCondition(who);
}

function fieldOf(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<string, unknown>)[key]; // an object that has this key
}

/** Throws `bad_template`, `bad_condition` or `invalid`, with words for the person who writes it. */
export function refuseFlawed(definition: TriggerDefinition): void {
  const flaw = flawOfTrigger(definition);
  if (flaw !== null) throw new CodedError(flaw.code, flaw.message);
}
