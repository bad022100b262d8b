import { Liquid, LiquidError, TokenizationError, type Template } from "liquidjs";
import { cleanLine, cleanMessage } from "../text/clean.ts";
import type { Scope } from "./scope.ts";

/**
 * Personal texts in Liquid. What a template puts out is plain text: a value is never read as a template or as markup.
 * A place that nothing fills, and that names no fallback, is reported and never shown as a hole.
 */

const TAGS = new Set(["if", "unless", "case", "for", "assign", "comment", "raw"]);
const FILTERS = [
  "default",
  "capitalize",
  "upcase",
  "downcase",
  "strip",
  "truncate",
  "truncatewords",
  "replace",
  "remove",
  "append",
  "prepend",
  "split",
  "join",
  "first",
  "last",
  "size",
  "plus",
  "minus",
  "times",
  "divided_by",
  "round",
  "date",
  "url_encode",
] as const;
/** Work that one template may do, so that no template keeps anybody waiting. */
const PARSE_LIMIT = 20_000;
const RENDER_LIMIT_MS = 50;
const MEMORY_LIMIT = 200_000;
const OUTPUT_MAX = 4_000;

const engine = newEngine();
const CACHE_MAX = 500;
const parsed = new Map<string, Template[]>();

export type Filled = { ok: true; text: string } | { ok: false; missing: string };

/** What is wrong with a template, in words for who writes it; null when it can be used. */
export function flawOfTemplate(text: string): string | null {
  try {
    read(text);
    return null;
  } catch (error) {
    if (
      error instanceof LiquidError ||
      error instanceof TokenizationError ||
      error instanceof Error
    )
      return (error.message.split("\n")[0] ?? "").slice(0, 200) || "It cannot be read.";
    return "It cannot be read.";
  }
}

/** Fills a template of several lines. */
export function fill(text: string, scope: Scope): Filled {
  return render(text, scope, cleanMessage);
}

/** Fills a template that becomes one line: a label, an address, an alternative text. */
export function fillLine(text: string, scope: Scope): Filled {
  return render(text, scope, (filled) => cleanLine(filled, OUTPUT_MAX));
}

function render(text: string, scope: Scope, clean: (filled: string) => string): Filled {
  if (!text.includes("{")) return { ok: true, text: clean(text) };
  try {
    const filled: unknown = engine.renderSync(read(text), scope);
    const said = clean(String(filled).slice(0, OUTPUT_MAX));
    return said === "" && text.trim() !== ""
      ? { ok: false, missing: "text" }
      : { ok: true, text: said };
  } catch (error) {
    return { ok: false, missing: missingIn(error) };
  }
}

/** The name of the place that nothing filled. */
function missingIn(error: unknown): string {
  const message = error instanceof Error ? error.message : "";
  return /undefined variable: ([^,\n]+)/.exec(message)?.[1]?.slice(0, 100) ?? "text";
}

function read(text: string): Template[] {
  let templates = parsed.get(text);
  if (templates === undefined) {
    templates = engine.parse(text);
    if (parsed.size >= CACHE_MAX) parsed.clear();
    parsed.set(text, templates);
  }
  return templates;
}

function newEngine(): Liquid {
  const liquid = new Liquid({
    strictVariables: true,
    strictFilters: true,
    lenientIf: true,
    ownPropertyOnly: true,
    cache: false,
    parseLimit: PARSE_LIMIT,
    renderLimit: RENDER_LIMIT_MS,
    memoryLimit: MEMORY_LIMIT,
    globals: {},
    templates: {},
  });
  for (const name of Object.keys(liquid.tags)) if (!TAGS.has(name)) delete liquid.tags[name];
  const allowed = new Set<string>(FILTERS);
  for (const name of Object.keys(liquid.filters))
    if (!allowed.has(name)) delete liquid.filters[name];
  return liquid;
}
