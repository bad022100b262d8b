import { MESSAGE_TEXT_MAX } from "../limits.ts";

/** What a page hands over as a text. */
export type Writable = string | number | boolean | null | undefined;

/** It as text: nothing for nothing. */
export const textOf = (value: Writable): string => String(value ?? "");

/** The message that a page wants sent, or undefined when no server would take it. */
export function sendable(text: string): string | undefined {
  const trimmed = text.trim();
  return trimmed && trimmed.length <= MESSAGE_TEXT_MAX ? trimmed : undefined;
}
