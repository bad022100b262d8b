import { describe, expect, test } from "vitest";
import { languages } from "../build.ts";
import { chooseLocale, matchLanguage } from "./choose.ts";
import { english, fill, type AllTexts } from "./texts.ts";
import { continuedTexts, elsewhereTexts } from "./elsewhere-texts.ts";
import { reachTexts } from "./reach-texts.ts";
import { threadsTexts } from "./threads-texts.ts";
import { wroteTexts } from "./wrote-texts.ts";

const places = (text: string) => [...text.matchAll(/{\w+}/g)].map(([place]) => place).sort();

const all: AllTexts = {
  ...english,
  ...wroteTexts,
  ...threadsTexts,
  ...elsewhereTexts,
  ...continuedTexts,
  ...reachTexts,
};

describe.each(languages)("the language %s", (code) => {
  test("says everything that English says, with the same places to fill", async () => {
    const { default: texts }: { default: AllTexts } = await import(`./${code}.ts`);
    expect(Object.keys(texts).sort()).toEqual(Object.keys(all).sort());
    for (const key of Object.keys(all) as (keyof AllTexts)[]) {
      expect(texts[key], key).not.toBe("");
      if (key !== "backToday" && key !== "backTomorrow")
        expect(places(texts[key]), key).toEqual(places(all[key]));
    }
  });
});

test("a wish finds the language, its region or nothing", () => {
  expect(matchLanguage("de-AT", ["ar", "de"])).toBe("de");
  expect(matchLanguage("DE", ["ar", "de"])).toBe("de");
  expect(matchLanguage("pt-BR", ["pt", "pt-BR"])).toBe("pt-BR");
  expect(matchLanguage("en", ["ar", "de"])).toBeUndefined();
});

test("dates are written as in the person's region where it speaks the chat's language", () => {
  expect(chooseLocale("en", ["de-DE", "en-GB", "en-US"])).toBe("en-GB");
  expect(chooseLocale("de", ["en-US"])).toBe("de");
});

test("places that nothing fills stay as they are", () => {
  expect(fill("{a} and {b}", { a: 1 })).toBe("1 and {b}");
});
