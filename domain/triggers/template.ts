import type { Template } from "liquidjs";
import { MESSAGE_TEXT_MAX, URL_MAX } from "../../protocol/limits.ts";
import { cleanLine, cleanMessage } from "../text/clean.ts";
import { SCOPE_NAMES, type Scope } from "./scope.ts";
import { MissingValue, placesIn, parse, render } from "./template-engine.ts";

/**
 * Personal texts in Liquid. What a template puts out is plain text: a value is never read as a template or as markup.
 * A place that nothing fills, and that names no fallback, is reported and never shown as a hole.
 */

const CACHE_MAX = 500;
const parsed = new Map<string, Template[]>();

export type Filled = { ok: true; text: string } | { ok: false; missing: string };

/** What is wrong with a template, in words for who writes it; null when it can be used. */
export function flawOfTemplate(text: string): string | null {
  try {
    for (const place of placesIn(read(text))) {
      const flaw = flawOfPlace(place);
      if (flaw !== null) return flaw;
    }
    return null;
  } catch (error) {
    return inWords(error);
  }
}

/** What nobody could ever fill is a slip of the pen, and not something that is missing of one person. */
function flawOfPlace([root, second]: readonly unknown[]): string | null {
  const first = String(root);
  const known = SCOPE_NAMES.get(first);
  if (known === undefined) return unknownName(first, [...SCOPE_NAMES.keys()]);
  if (known === null || typeof second !== "string" || known.includes(second)) return null;
  const full = known.map((name) => `${first}.${name}`);
  return unknownName(`${first}.${second}`, full);
}

function unknownName(name: string, known: readonly string[]): string {
  return `There is no “${name.slice(0, 60)}”. Known are ${known.join(", ")}.`;
}

/** Fills a template of several lines. */
export function fill(text: string, scope: Scope): Filled {
  return filled(text, scope, "text", (said) => cleanMessage(said.slice(0, MESSAGE_TEXT_MAX)));
}

/** Fills a template that becomes one line, such as a label. */
export function fillLine(text: string, scope: Scope): Filled {
  return filled(text, scope, "text", (said) => cleanLine(said, MESSAGE_TEXT_MAX));
}

/** Fills a template that becomes an address. Values are encoded as parts of one; whether it is safe is not said. */
export function fillLink(text: string, scope: Scope): Filled {
  return filled(text, scope, "link", (said) => cleanLine(said, URL_MAX));
}

function filled(
  text: string,
  scope: Scope,
  shape: "text" | "link",
  clean: (said: string) => string,
): Filled {
  if (!text.includes("{")) return { ok: true, text: clean(text) };
  try {
    return { ok: true, text: clean(render(read(text), scope, shape)) };
  } catch (error) {
    return { ok: false, missing: missingIn(error) };
  }
}

/** The name of the place that nothing filled. */
function missingIn(error: unknown): string {
  const { originalError } = Object(error) as { originalError?: unknown }; // Liquid wraps what is thrown inside
  if (originalError instanceof MissingValue) return originalError.place;
  return /undefined variable: ([^,\n]+)/.exec(messageOf(error))?.[1]?.slice(0, 100) ?? "text";
}

function read(text: string): Template[] {
  let templates = parsed.get(text);
  if (templates === undefined) {
    templates = parse(text);
    if (parsed.size >= CACHE_MAX) parsed.clear();
    parsed.set(text, templates);
  }
  return templates;
}

const WORDS: readonly [RegExp, (part: string) => string][] = [
  [/^tag "(.*)" not found/, (name) => `There is no tag “${name}”`],
  [/^undefined filter: (.*)$/, (name) => `There is no filter “${name}”`],
  [/^output "(.*)" not closed/, () => "A place is opened with {{ and not closed with }}"],
  [/^tag (.*) not closed/, (tag) => `${tag} is not closed`],
  [/call stack/i, () => "It is nested too deeply"],
  [/limit exceeded/, () => "It is too long"],
];

function inWords(error: unknown): string {
  const [first = ""] = messageOf(error).split("\n");
  const place = /, line:(\d+), col:(\d+)$/.exec(first);
  const what = place === null ? first : first.slice(0, place.index);
  const where = place === null ? "" : ` (line ${place[1]}, column ${place[2]})`;
  for (const [pattern, say] of WORDS) {
    const match = pattern.exec(what);
    if (match !== null) return `${say((match[1] ?? "").slice(0, 60))}${where}.`;
  }
  return `It cannot be read: ${what.slice(0, 150)}${where}.`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "";
}
