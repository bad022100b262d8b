import { cups } from "./catalogue/cups.ts";
import { kettles } from "./catalogue/kettles.ts";
import { teapots } from "./catalogue/teapots.ts";
import { teas } from "./catalogue/teas.ts";
import { tools } from "./catalogue/tools.ts";
import type { IllustrationName } from "./illustrations/product-drawings.ts";
import { decimalOf } from "./money.ts";

export type CategorySlug = "tea" | "kettles" | "teapots" | "cups" | "tools";

/** The colour of the panel that a product stands on. */
type Tint = "sage" | "sand" | "blush" | "mist" | "butter";

export type Category = {
  slug: CategorySlug;
  name: string;
  intro: string;
  tint: Tint;
  illustration: IllustrationName;
};

/** A product as it is written down; prices are in integer cents. */
export type CatalogueEntry = {
  id: string;
  slug: string;
  name: string;
  category: CategorySlug;
  priceMinor: number;
  summary: string;
  description: readonly string[];
  facts: readonly (readonly [label: string, value: string])[];
  /** Further words that people search by. */
  keywords: readonly string[];
  illustration: IllustrationName;
  tint: Tint;
  badge?: string;
  isFeatured?: boolean;
};

/** A catalogue entry with its price as a decimal number of euros as well. */
export type Product = CatalogueEntry & { price: number };

export const categories: readonly Category[] = [
  {
    slug: "tea",
    name: "Tea",
    intro:
      "Eight teas, bought once a year from people we know by name and packed by hand in small batches.",
    tint: "sage",
    illustration: "first-flush-sencha",
  },
  {
    slug: "kettles",
    name: "Kettles",
    intro: "Four ways to boil water well: on the hob, over a flame, or to the exact degree.",
    tint: "blush",
    illustration: "harbour-kettle",
  },
  {
    slug: "teapots",
    name: "Teapots",
    intro: "Stoneware, iron, glass and clay. Every spout here has been tested for drips by us.",
    tint: "mist",
    illustration: "pebble-teapot",
  },
  {
    slug: "cups",
    name: "Cups",
    intro: "Cups that keep their warmth and sit easily in the hand, at the table or on the train.",
    tint: "butter",
    illustration: "dune-cups",
  },
  {
    slug: "tools",
    name: "Tools and tins",
    intro: "The small things that make a good cup a habit: measure it, time it, keep it fresh.",
    tint: "sand",
    illustration: "linden-caddy",
  },
];

export const products: readonly Product[] = [
  ...teas,
  ...kettles,
  ...teapots,
  ...cups,
  ...tools,
].map((entry) => ({ ...entry, price: decimalOf(entry.priceMinor) }));

const productsById = new Map(products.map((product) => [product.id, product]));

export function findProduct(id: string): Product | undefined {
  return productsById.get(id);
}

export function productsIn(category: CategorySlug): Product[] {
  return products.filter((product) => product.category === category);
}

export function categoryName(slug: CategorySlug): string {
  return categories.find((category) => category.slug === slug)?.name ?? slug;
}
