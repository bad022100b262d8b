import { expect, test } from "vitest";
import { NOBODY } from "../segments/draft-view.ts";
import type { PersonView } from "../segments/person-view.ts";
import { safeLink } from "./links.ts";
import { personKeys, scopeOf, withPerson, type Scope } from "./scope.ts";
import { fill, fillLine, fillLink, flawOfTemplate } from "./template.ts";
import { SAMPLE_PERSON } from "./sample-person.ts";

function scopeFor(
  template: string,
  view: PersonView,
  props: Record<string, never> | object = {},
): Scope {
  const event = { name: "Products Searched", props: { ...props } };
  const scope = scopeOf({ view, event, product: null, code: "SPRING" });
  return withPerson(scope, view, personKeys(template));
}

function said(template: string, props: object = {}, view: PersonView = SAMPLE_PERSON) {
  return fill(template, scopeFor(template, view, props));
}

const text = (filled: string) => ({ ok: true, text: filled });
const missing = (place: string) => ({ ok: false, missing: place });

test.each([
  ["Hello {{ person.first_name }}", "Hello Anna"],
  ["{{ person.name | upcase }} likes {{ person.plan }}", "ANNA EXAMPLE likes Gold"],
  ["{{ cart.count }}: {{ cart.first }} for {{ cart.total }}", "1: Copper kettle for €89.00"],
  ["{% for item in cart.items %}- {{ item.name }}\n{% endfor %}", "- Copper kettle"],
  ["{{ orders.count }} {{ orders.total }} {{ session.source }}", "1 €49.00 newsletter"],
  ["{{ event.query }} ({{ event.results }})", "samovar (0)"],
  ["{{ event.price | money: event.currency }}", "€12.50"],
  ["{{ event.on | date }}", "January 2, 2026"],
  ["{{ person.nick | default: 'there' }}, {{ code }}", "there, SPRING"],
  ["{{ person.nick | upcase | default: 'there' }}", "there"],
  ["{% if person.plan == 'Gold' %}Gold{% else %}{{ person.nick }}{% endif %}", "Gold"],
  ["{% unless person.nick %}Stranger{% endunless %}", "Stranger"],
  ["{% case person.plan %}{% when 'Gold' %}1{% else %}2{% endcase %}", "1"],
  ["{% assign n = cart.count | plus: 1 %}{{ n }}", "2"],
  ["{% comment %}{{ person.nick }}{% endcomment %}x", "x"],
  ["{% raw %}{{ as it is }}{% endraw %}", "{{ as it is }}"],
  ["Two: {{ event.list }}", "Two: a, b"],
  ["no place { at all }", "no place { at all }"],
])("%s says %s", (template, filled) => {
  const props = {
    query: "samovar",
    results: 0,
    price: 12.5,
    currency: "EUR",
    // One in the morning of the next day in the person's zone.
    on: "2026-01-01T23:30:00Z",
    list: ["a", "b"],
  };
  expect(flawOfTemplate(template)).toBeNull();
  expect(said(template, props)).toEqual(text(filled));
});

test.each<[template: string, place: string]>([
  ["{{ person.nick }}", "person.nick"],
  ["{{ person.nick | upcase }}", "person.nick"],
  ["{{ person.plan | remove: 'Gold' }}", "person.plan"],
  ["{{ event.blank }}", "event.blank"],
  ["{{ event.hidden }}", "event.hidden"],
  ["{{ event.nothing }}", "event.nothing"],
  ["{{ event.none | join: ', ' }}", "event.none"],
  ["{{ event.deep }}", "event.deep"],
  ["{{ 1 | divided_by: 0 }}", "1"],
  ["{% if true %}{% for i in cart.items %}{{ i.colour }}{% endfor %}{% endif %}", "i.colour"],
  ["{% if false %}{% elsif true %}{{ person.nick }}{% endif %}", "person.nick"],
  ["{% for i in event.none %}{% else %}{{ person.nick }}{% endfor %}", "person.nick"],
  ["{% unless false %}{{ person.nick }}{% endunless %}", "person.nick"],
  ["{% case 1 %}{% when 1 %}{{ person.nick }}{% endcase %}", "person.nick"],
  ["{% assign n = person.nick %}{{ n }}", "n"],
  ["{{ product.name }}", "product"],
  ...[
    ["{% if true %}", "{% endif %}"],
    ["{% if false %}{% elsif true %}", "{% endif %}"],
    ["{% if false %}{% else %}", "{% endif %}"],
    ["{% unless false %}", "{% endunless %}"],
    ["{% unless true %}{% else %}", "{% endunless %}"],
    ["{% case 1 %}{% when 1 %}", "{% endcase %}"],
    ["{% case 1 %}{% else %}", "{% endcase %}"],
    ["{% for i in (1..2) %}", "{% endfor %}"],
    ["{% for i in event.none %}{% else %}", "{% endfor %}"],
    [
      "{% if true %}{% for i in (1..2) %}{% unless false %}",
      "{% endunless %}{% endfor %}{% endif %}",
    ],
  ].map(([open, close]): [string, string] => [
    `${open}{{ person.plan | remove: "Gold" }}${close}`,
    "person.plan",
  ]),
])("%s has nothing for %s, and never shows a hole", (template, place) => {
  const props = { blank: "  ", hidden: "\u200B\u0007", nothing: null, none: [], deep: { a: 1 } };
  expect(flawOfTemplate(template)).toBeNull();
  expect(said(template, props)).toEqual(missing(place));
});

test("Of nobody in particular, everything is missing that has no fallback", () => {
  for (const place of ["person.name", "cart.total", "session.source", "orders.total"])
    expect(said(`{{ ${place} }}`, {}, NOBODY).ok).toBe(false);
  expect(said("{{ cart.total | default: '' }}Hello", {}, NOBODY)).toEqual(text("Hello"));
});

const HOSTILE = [
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  '"><svg onload=alert(1)>',
  "{{ person.email }}",
  "{% for i in (1..9) %}x{% endfor %}",
  "{{ '{{' }} person.email }}",
  "${person.email}",
  "javascript:alert(1)",
  "data:text/html,<script>alert(1)</script>",
  "//evil.example/x",
  "/\\evil.example",
  "https://user:secret@evil.example/",
  "@evil.example",
  ".evil.example",
  "../../admin",
  "?a=b&c=d#e",
  "a\r\nSet-Cookie: b",
  "a\u2028b\u0000c",
  "\u202Egnp.exe",
  "\uD800 alone",
  "__proto__",
  "constructor",
  "%0d%0a%2f%2f",
];

test.each(HOSTILE)("The value %j is said as it is, on one line, and never read", (value) => {
  for (const said of [fill, fillLine]) {
    const template = "Found: {{ event.value }}.";
    const filled = said(template, scopeFor(template, SAMPLE_PERSON, { value }));
    expect(filled.ok).toBe(true);
    const shown = filled.ok ? filled.text : "";
    expect(shown).toMatch(/^Found: .*\.$/u);
    expect(shown).not.toMatch(/[\u0000-\u001F\u007F-\u009F\u2028-\u202E\u2066-\u2069]/);
    expect(shown.isWellFormed()).toBe(true);
    expect(shown).not.toContain("anna@example.com");
    const plain = value
      .replace(/[\s\p{Cc}]+/gu, " ")
      .replace("\u202E", "")
      .toWellFormed();
    expect(shown).toBe(`Found: ${plain}.`);
  }
});

test.each(HOSTILE)("The value %j in a link never leads elsewhere", (value) => {
  const site = "https://shop.example/page";
  for (const template of [
    "/find?q={{ event.value }}",
    "/find/{{ event.value }}",
    "/{{ event.value }}",
    "https://shop.example/{{ event.value }}",
    "https://shop.example/?q={{ event.value }}",
    "/find?q={{ event.value | url_encode }}",
  ]) {
    const filled = fillLink(template, scopeFor(template, SAMPLE_PERSON, { value }));
    const link = filled.ok ? safeLink(filled.text) : null;
    if (link === null) continue;
    const url = new URL(link, site);
    expect(url.origin).toBe("https://shop.example");
    expect(url.username + url.password).toBe("");
    expect(link).not.toMatch(/[\s<>"]/);
  }
  const whole = fillLink("{{ event.value }}", scopeFor("", SAMPLE_PERSON, { value }));
  expect(whole.ok ? safeLink(whole.text) : null).toBeNull();
});

test("What objects inherit is not there to be read, and what would have to be worked out is not", () => {
  for (const key of ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty"])
    for (const root of ["person", "event", "cart", "code"])
      expect(said(`{{ ${root}.${key} }}`).ok).toBe(false);
  const props = { ...JSON.parse('{"__proto__": {"polluted": "yes"}}') };
  expect(said("{{ event.polluted }}", props)).toEqual(missing("event.polluted"));
  expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
  let isRun = false;
  const trap = {
    get value() {
      isRun = true;
      return "run";
    },
  };
  const scope = scopeOf({
    view: SAMPLE_PERSON,
    event: {
      name: "Trap",
      props: Object.defineProperties({}, { trap: { enumerable: true, get: () => trap.value } }),
    },
    product: null,
    code: null,
  });
  expect(fill("{{ event.trap }}", scope)).toEqual(missing("event.trap"));
  expect(isRun).toBe(false);
});

test.each([
  "{% for a in (1..1000000) %}x{% endfor %}",
  "{% for a in (1..400) %}{% for b in (1..400) %}{% endfor %}{% endfor %}",
  "{% assign l = event.long | split: ',' %}{% for a in l %}{% for b in l %}{% for c in l %}{% endfor %}{% endfor %}{% endfor %}",
  `{% assign s = event.long %}${"{% assign s = s | append: s %}".repeat(60)}{{ s }}`,
  "{{ event.long | replace: ',', event.long }}",
  "{{ 1 | times: 1e308 | times: 1e308 }}",
])("%s comes to an end at once and says nothing", (template) => {
  expect(said(template, { long: "x,".repeat(1_000) }).ok).toBe(false);
});

test("A template that puts out five thousand parts is filled in, and one that puts out more is not", () => {
  const loop = (n: number) => `{% for a in (1..${n}) %}.{% endfor %}`;
  // Each turn counts itself and its one part; so do the template and the loop.
  expect(said(loop(2_499)).ok).toBe(true);
  expect(said(loop(2_500)).ok).toBe(false);
});

test.each([
  ["{{ person.name", "A place is opened with {{ and not closed with }} (line 1, column 1)."],
  ["One\n  {% if cart %}", "{% if cart %} is not closed (line 2, column 3)."],
  ["{% include 'x' %}", "There is no tag “include” (line 1, column 1)."],
  ["{% render 'x' %}", "There is no tag “render” (line 1, column 1)."],
  ["{% layout 'x' %}", "There is no tag “layout” (line 1, column 1)."],
  ["{% echo person.name %}", "There is no tag “echo” (line 1, column 1)."],
  ["{% liquid echo 1 %}", "There is no tag “liquid” (line 1, column 1)."],
  ["{{ person.name | shout }}", "There is no filter “shout” (line 1, column 1)."],
  ["{{ person | json }}", "There is no filter “json” (line 1, column 1)."],
  [
    "{{ persn.name }}",
    "There is no “persn”. Known are person, cart, session, orders, event, product, code.",
  ],
  [
    "{{ cart.product.name }}",
    "There is no “cart.product”. Known are cart.count, cart.total, cart.first, cart.items.",
  ],
  [
    '{% if orders["number"] > 1 %}again{% endif %}',
    "There is no “orders.number”. Known are orders.count, orders.total.",
  ],
])("%j is refused in plain words", (template, words) => {
  expect(flawOfTemplate(template)).toBe(words);
});

test("Templates nested as deeply as they can be written are refused or filled, and break nothing", () => {
  const nested = `${"{%if code%}".repeat(170)}x${"{%endif%}".repeat(170)}`;
  expect(flawOfTemplate(nested)).toBeNull();
  expect(said(nested)).toEqual(text("x"));
  expect(flawOfTemplate(`{{ code${"[code".repeat(790)}${"]".repeat(10)} }}`)).not.toBeNull();
});
