import type { Identifier } from "../../protocol/person.ts";
import { normaliseIdentifier } from "./identifiers.ts";

/** What a visitor can be found by in lists, each written in one way, so that equal means the same. */

export type LookUpKind = "email" | "phone" | "name";
export type LookUpKey = { kind: LookUpKind; value: string };

/** Words of a name that it can be found by, from the first. */
const NAME_WORDS_MAX = 4;
/** UTF-16 code units of a name that are compared. */
const NAME_MAX = 64;

/** Identifiers as they are compared, and the name from each of its first words on. */
export function lookUpKeys(person: {
  name: string | null;
  identifiers: readonly Identifier[];
}): LookUpKey[] {
  const identifiers = person.identifiers.flatMap(({ kind, value }): LookUpKey[] => {
    const written = kind === "user_id" ? null : normaliseIdentifier(kind, value);
    return written === null || kind === "user_id" ? [] : [{ kind, value: written }];
  });
  const words = plainName(person.name ?? "").split(" ");
  const names = words
    .slice(0, NAME_WORDS_MAX)
    .map((_, first): LookUpKey => ({ kind: "name", value: cut(words.slice(first).join(" ")) }));
  const all = [...identifiers, ...names].filter(({ value }) => value !== "");
  return [...new Map(all.map((key) => [`${key.kind}:${key.value}`, key])).values()];
}

/** What somebody typed, as the beginning of a key of each kind; a kind that it cannot be is left out. */
export function lookUpBeginnings(typed: string): LookUpKey[] {
  const text = typed.trim();
  const number = text.replace(/[ ().\-/]/g, "");
  const all: LookUpKey[] = [
    { kind: "name", value: cut(plainName(text)) },
    { kind: "email", value: text.includes(" ") ? "" : text.toLowerCase() },
    { kind: "phone", value: /^\+?\d+$/.test(number) ? `+${number.replace("+", "")}` : "" },
  ];
  return all.filter(({ value }) => value !== "");
}

/** Without accents, capitals and double spaces. */
function plainName(name: string): string {
  return name
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replace(/\s+/gu, " ")
    .trim();
}

function cut(text: string): string {
  return text.slice(0, NAME_MAX).toWellFormed();
}
