import type { Core } from "../core.ts";
import type { TextOverrides, Texts } from "./texts.ts";

/** Given by the build: every language that has a file. */
declare const LANGUAGES: string[];

/** The language to fetch for a wish such as `de-AT`; undefined for English and for what there is no file of. */
export function matchLanguage(wish: string, languages: readonly string[]): string | undefined {
  const asked = wish.toLowerCase();
  return (
    languages.find((code) => code.toLowerCase() === asked) ??
    languages.find((code) => code === asked.split("-")[0])
  );
}

/** How dates and times are written: by the person's own region where it speaks the chat's language. */
export function chooseLocale(language: string, persons: readonly string[]): string {
  return persons.find((locale) => locale.split("-")[0] === language.split("-")[0]) ?? language;
}

export type Words = { texts: Texts; locale: string };

/** The texts in the language of the chat, with the page's own words over them; `english` where there are none. */
export async function chooseWords({ options, dataset }: Core, english: Texts): Promise<Words> {
  const wish =
    options.lang ?? dataset["lang"] ?? (document.documentElement.lang || navigator.language);
  const code = matchLanguage(wish, LANGUAGES);
  let translated: Partial<Texts> = {};
  let language = "en";
  if (code)
    try {
      const here = new URL(import.meta.url);
      ({ default: translated } = await import(new URL(`lang/${code}.js${here.search}`, here).href));
      language = code;
    } catch {
      // The chat speaks English then.
    }
  const { parleyTexts } = window as { parleyTexts?: TextOverrides };
  return {
    texts: { ...english, ...translated, ...parleyTexts, ...options.texts },
    locale: chooseLocale(language, navigator.languages),
  };
}
