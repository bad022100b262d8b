import { Context, Liquid, Output, type Template } from "liquidjs";
import { toMinor } from "../money/minor.ts";
import { instantIn } from "../segments/times.ts";
import { isTimeZone } from "../time/zone.ts";
import { localeOf, moneyText } from "./money-text.ts";
import type { Scope } from "./scope.ts";

/** Liquid with the few tags and filters that a message needs, and an account of what no value filled. */

const TAGS = new Set(["if", "unless", "case", "for", "assign", "comment", "raw"]);
const FILTERS = new Set([
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
  "url_encode",
]);

/** Characters of a template that are read, values and characters that filling one in may make. */
const PARSE_LIMIT = 20_000;
const MEMORY_LIMIT = 200_000;
/** Parts that filling in one template may put out, those of loops each time. */
const STEPS_MAX = 5_000;

/** What a text becomes: several lines, or a part of an address. */
type Shape = "text" | "link";

/** Nothing filled a place, and it names no fallback. */
export class MissingValue extends Error {
  readonly place: string;

  constructor(place: string) {
    super(`nothing fills ${place}`);
    this.place = place;
  }
}

/** One template being filled in. The clock of a Worker stands still while code runs: so work is counted, not timed. */
class Filling extends Context {
  readonly shape: Shape;
  readonly #scope: Scope;

  constructor(scope: Scope, shape: Shape) {
    super(scope, engine.options, { sync: true }, { liquid: engine });
    this.shape = shape;
    this.#scope = scope;
    let left = STEPS_MAX;
    this.renderLimit.check = () => {
      if (left-- <= 0) throw new RangeError("the template is too much work");
    };
  }

  session(key: "language" | "time_zone"): string | undefined {
    const session = this.#scope["session"];
    if (typeof session !== "object" || Array.isArray(session)) return undefined;
    const value = session[key];
    return typeof value === "string" ? value : undefined;
  }
}

const engine = newEngine();

/** @throws whatever Liquid has against the template. */
export function parse(text: string): Template[] {
  const templates = engine.parse(text);
  watch(templates);
  return templates;
}

/**
 * @throws MissingValue, perhaps wrapped, where nothing fills a place; a RangeError or AssertionError where the template
 * does too much.
 */
export function render(templates: Template[], scope: Scope, shape: Shape): string {
  const filled: unknown = engine.renderSync(templates, new Filling(scope, shape));
  return typeof filled === "string" ? filled : "";
}

/** What a template reads, name by name, as in `["cart", "items", 0]`; without what it makes itself. */
export function placesIn(templates: Template[]): readonly unknown[][] {
  return engine.globalVariableSegmentsSync(templates, { partials: false });
}

/** Makes every output tell when it has nothing to say. */
function watch(templates: readonly Template[]): void {
  for (const template of templates) {
    if (template instanceof Output) watchOutput(template);
    else {
      const inner: unknown = template.children?.(false, true).next().value;
      if (Array.isArray(inner)) watch(inner);
    }
  }
}

function watchOutput(output: Output): void {
  const hasFallback = output.value.filters.some((filter) => filter.name === "default");
  const place = placeIn(output.token.getText());
  output.render = function* (context, emitter) {
    const text = inLine(textOf(yield output.value.value(context, hasFallback)));
    if (!hasFallback && !/[^\s\p{Cc}\p{Cf}]/u.test(text)) throw new MissingValue(place);
    emitter.write(context instanceof Filling && context.shape === "link" ? linkPart(text) : text);
  };
}

function placeIn(output: string): string {
  const [place = ""] = output.replace(/^\{\{-?|-?\}\}$/g, "").split("|");
  return place.trim().slice(0, 100) || "text";
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "";
  if (typeof value === "boolean") return String(value);
  return Array.isArray(value) ? value.map(textOf).join(", ") : "";
}

/** A value breaks no lines, turns no text around and hides nothing. */
function inLine(text: string): string {
  return text
    .replace(/[\s\p{Cc}]+/gu, " ")
    .replace(/[\u202A-\u202E\u2066-\u2069\u200E\u200F\u061C]/g, "")
    .toWellFormed();
}

/** An address or a path of the site stays as it is; anything else becomes a part of one. What was encoded stays so. */
function linkPart(text: string): string {
  if (/^(https?:\/\/|\/)/i.test(text)) return text;
  return encodeURIComponent(text)
    .replace(/%25([0-9A-F]{2})/gi, "%$1")
    .replaceAll("%2B", "+");
}

function newEngine(): Liquid {
  const liquid = new Liquid({
    strictVariables: true,
    strictFilters: true,
    lenientIf: true,
    ownPropertyOnly: true,
    parseLimit: PARSE_LIMIT,
    memoryLimit: MEMORY_LIMIT,
    // Partials come from here, and the tags that read them are taken away below.
    templates: {},
  });
  for (const name of Object.keys(liquid.tags)) if (!TAGS.has(name)) delete liquid.tags[name];
  for (const name of Object.keys(liquid.filters))
    if (!FILTERS.has(name)) delete liquid.filters[name];
  liquid.registerFilter("money", function (amount: unknown, currency: unknown) {
    const code = typeof currency === "string" ? currency.toUpperCase() : "";
    const amountMinor = toMinor(amount, code);
    return amountMinor === null
      ? undefined
      : moneyText({ amountMinor, currency: code }, languageOf(this.context));
  });
  liquid.registerFilter("date", function (value: unknown) {
    const at =
      typeof value === "string" || typeof value === "number" ? instantIn(value) : undefined;
    return at === undefined ? undefined : dateText(at, this.context);
  });
  return liquid;
}

/** A day, as the person's language and clocks have it. */
function dateText(at: number, context: Context): string {
  const zone = context instanceof Filling ? context.session("time_zone") : undefined;
  return new Intl.DateTimeFormat(languageOf(context), {
    dateStyle: "long",
    timeZone: zone !== undefined && isTimeZone(zone) ? zone : "UTC",
  }).format(at);
}

function languageOf(context: Context): string {
  const language = context instanceof Filling ? context.session("language") : undefined;
  return localeOf(language ?? "en");
}
