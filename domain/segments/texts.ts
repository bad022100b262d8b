import type { TextTest } from "../../protocol/conditions.ts";

/** A test over the texts that somebody has under one key; `exists` says whether there is anything at all. */
export type TextTester = (texts: readonly string[], exists: boolean) => boolean;

let lastText = "";
let lastFolded = "";

/** A to Z in lower case and nothing else, which is what SQLite's `lower()` does. */
export function folded(text: string): string {
  // Many conditions look at the same text one after another.
  if (text !== lastText) {
    lastFolded = text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
    lastText = text;
  }
  return lastFolded;
}

/**
 * What a text test means. Case of A to Z does not matter; everything else is compared literally. The positive tests
 * pass when one of the texts does. `is_not`, `contains_not` and `not_in` pass when none of them does, so also where
 * there is none; `exists_not` passes where there is nothing. No other test passes without a text.
 */
export function textTester(test: TextTest): TextTester {
  switch (test.op) {
    case "is":
      return some(equalTo(test.value));
    case "is_not":
      return none(equalTo(test.value));
    case "contains":
      return some(containing(test.value));
    case "contains_not":
      return none(containing(test.value));
    case "starts": {
      const value = folded(test.value);
      return some((text) => text.startsWith(value));
    }
    case "ends": {
      const value = folded(test.value);
      return some((text) => text.endsWith(value));
    }
    case "in":
      return some(among(test.values));
    case "not_in":
      return none(among(test.values));
    case "exists":
      return (_, exists) => exists;
    case "exists_not":
      return (_, exists) => !exists;
  }
}

type Passes = (folded: string) => boolean;

function equalTo(value: string): Passes {
  const wanted = folded(value);
  return (text) => text === wanted;
}

function containing(value: string): Passes {
  const wanted = folded(value);
  return (text) => text.includes(wanted);
}

function among(values: readonly string[]): Passes {
  const wanted = new Set(values.map(folded));
  return (text) => wanted.has(text);
}

function some(passes: Passes): TextTester {
  return (texts) => {
    for (const text of texts) if (passes(folded(text))) return true;
    return false;
  };
}

function none(passes: Passes): TextTester {
  const any = some(passes);
  return (texts, exists) => !any(texts, exists);
}
