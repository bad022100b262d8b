import { describe, expect, test } from "vitest";
import { categories, products, productsIn } from "./catalogue.ts";
import { drawProducts } from "./illustrations/product-drawings.ts";

describe("catalogue", () => {
  test("there are 24 products and no category is empty", () => {
    expect(products).toHaveLength(24);
    for (const { slug } of categories) expect(productsIn(slug).length).toBeGreaterThan(0);
    expect(categories.flatMap(({ slug }) => productsIn(slug))).toHaveLength(products.length);
  });

  test("ids, slugs and names are unique", () => {
    for (const key of ["id", "slug", "name"] as const) {
      expect(new Set(products.map((product) => product[key])).size).toBe(products.length);
    }
  });

  test("slugs can stand in an address as they are", () => {
    for (const { slug } of products) expect(slug).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
  });

  test("every illustration is drawn, and every drawing is a product's own", () => {
    const drawings = drawProducts();
    expect([...drawings.keys()].sort()).toEqual(products.map((one) => one.illustration).sort());
    for (const svg of drawings.values()) {
      expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 400 400"/);
      expect(svg).not.toMatch(/NaN|undefined|<script|style=/);
    }
  });

  test("prices are whole cents and say the same as a decimal", () => {
    for (const { price, priceMinor } of products) {
      expect(Number.isInteger(priceMinor)).toBe(true);
      expect(priceMinor).toBeGreaterThan(0);
      expect(Math.round(price * 100)).toBe(priceMinor);
    }
  });

  test("every product has something to say", () => {
    for (const { summary, description, facts, keywords } of products) {
      expect(summary.length).toBeGreaterThan(10);
      expect(description.length).toBeGreaterThan(0);
      expect(facts.length).toBeGreaterThan(2);
      expect(keywords.length).toBeGreaterThan(2);
    }
  });
});
