import { categoryName, type Product } from "./catalogue.ts";

/** What a search answers with: matches, best first, or a spelling that would have found some. */
export type SearchResult = { products: Product[]; suggestion?: string };

const WEIGHTS = { name: 12, keyword: 6, category: 5, summary: 3, text: 1 };

/** Words that say nothing about a product. */
const FILLERS = new Set(["a", "an", "and", "for", "in", "of", "the", "to", "with"]);

function fold(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{Diacritic}/gu, "")
    .toLowerCase();
}

function wordsOf(text: string): string[] {
  return fold(text).match(/[\p{Letter}\p{Number}]+/gu) ?? [];
}

/** "kettles" and "kettle", "glasses" and "glass" are the same word to a shopper. */
function singular(word: string): string {
  if (word.length > 4 && word.endsWith("sses")) return word.slice(0, -2);
  if (word.length > 3 && /[^osu]s$/.test(word)) return word.slice(0, -1);
  return word;
}

type Field = { words: string[]; weight: number };

function fieldsOf(product: Product): Field[] {
  return [
    { words: wordsOf(product.name), weight: WEIGHTS.name },
    { words: wordsOf(product.keywords.join(" ")), weight: WEIGHTS.keyword },
    { words: wordsOf(categoryName(product.category)), weight: WEIGHTS.category },
    { words: wordsOf(product.summary), weight: WEIGHTS.summary },
    {
      words: wordsOf([...product.description, ...product.facts.flat()].join(" ")),
      weight: WEIGHTS.text,
    },
  ].map(({ words, weight }) => ({ words: words.map(singular), weight }));
}

/** How well one asked word fits: whole words count double, beginnings of three letters or more count once. */
function scoreWord(asked: string, fields: readonly Field[]): number {
  let score = 0;
  for (const { words, weight } of fields) {
    if (words.includes(asked)) score += weight * 2;
    else if (asked.length >= 3 && words.some((word) => word.startsWith(asked))) score += weight;
  }
  return score;
}

function scoreProduct(asked: readonly string[], product: Product): number {
  const fields = fieldsOf(product);
  let total = 0;
  for (const word of asked) {
    const score = scoreWord(word, fields);
    if (score === 0) return 0;
    total += score;
  }
  return total;
}

function matches(asked: readonly string[], products: readonly Product[]): Product[] {
  return products
    .map((product) => ({ product, score: scoreProduct(asked, product) }))
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score)
    .map(({ product }) => product);
}

/** Whether one insertion, deletion, replacement or swap of neighbours turns one word into the other. */
function isOneSlipApart(one: string, other: string): boolean {
  if (one === other || Math.abs(one.length - other.length) > 1) return false;
  let start = 0;
  while (start < one.length && one[start] === other[start]) start += 1;
  const [a, b] = [one.slice(start), other.slice(start)];
  if (a.slice(1) === b.slice(1) || a.slice(1) === b || a === b.slice(1)) return true;
  return a.length > 1 && a[0] === b[1] && a[1] === b[0] && a.slice(2) === b.slice(2);
}

function spellingFor(asked: readonly string[], products: readonly Product[]): string | undefined {
  const known = new Set(
    products.flatMap((product) => [
      ...wordsOf(product.name),
      ...wordsOf(product.keywords.join(" ")),
      ...wordsOf(categoryName(product.category)),
    ]),
  );
  const corrected = asked.map((word) => {
    if (known.has(word) || word.length < 4) return word;
    return [...known].find((candidate) => isOneSlipApart(word, candidate)) ?? word;
  });
  const isChanged = corrected.some((word, index) => word !== asked[index]);
  return isChanged && matches(corrected.map(singular), products).length > 0
    ? corrected.join(" ")
    : undefined;
}

/** Finds products that have every asked word somewhere; with none, offers a likelier spelling. */
export function searchProducts(query: string, products: readonly Product[]): SearchResult {
  const words = wordsOf(query);
  const telling = words.filter((word) => !FILLERS.has(word));
  const asked = telling.length > 0 ? telling : words;
  if (asked.length === 0) return { products: [] };
  const found = matches(asked.map(singular), products);
  if (found.length > 0) return { products: found };
  const suggestion = spellingFor(asked, products);
  return suggestion === undefined ? { products: [] } : { products: [], suggestion };
}
