import { describe, expect, test } from "vitest";
import { products } from "./catalogue.ts";
import { searchProducts } from "./search.ts";

function namesFor(query: string): string[] {
  return searchProducts(query, products).products.map(({ name }) => name);
}

describe("searching the shop", () => {
  test("a product's own name finds it first", () => {
    for (const product of products) expect(namesFor(product.name)[0]).toBe(product.name);
  });

  test("case, accents and punctuation do not matter", () => {
    expect(namesFor("  SÉNCHA, ")).toEqual(namesFor("sencha"));
    expect(namesFor("sencha").length).toBeGreaterThan(0);
  });

  test("singular and plural find the same", () => {
    expect(namesFor("kettle")).toEqual(namesFor("kettles"));
    expect(namesFor("glass")).toEqual(namesFor("glasses"));
  });

  test("every asked word must be found, little words aside", () => {
    expect(namesFor("green tea")).toContain("First Flush Sencha");
    expect(namesFor("a pot for the green tea")).not.toContain("Morning Assam");
    expect(namesFor("copper kettle")[0]).toBe("Ember Copper Kettle");
  });

  test("the beginning of a word is enough from three letters on", () => {
    expect(namesFor("chamom")).toEqual(["Evening Chamomile"]);
    expect(namesFor("zz")).toEqual([]);
  });

  test("other names that people use find the product", () => {
    expect(namesFor("lapsang")).toEqual(["Smoked Pine Souchong"]);
    expect(namesFor("thermos")).toEqual(["Wayfarer Flask"]);
    expect(namesFor("hourglass")).toEqual(["Three-Minute Glass"]);
  });

  test("what the shop does not have is not found", () => {
    for (const query of ["rooibos", "matcha whisk", "coffee grinder", "???", "", "   "]) {
      expect(searchProducts(query, products)).toEqual({ products: [] });
    }
  });

  test("one slip of the finger gets a spelling that finds something", () => {
    expect(searchProducts("ketle", products).suggestion).toBe("kettle");
    expect(searchProducts("copper kettel", products).suggestion).toBe("copper kettle");
    expect(searchProducts("jasmin pearlz", products).suggestion).toMatch(/pearls$/);
  });

  test("a suggestion always finds something", () => {
    for (const query of ["oolnog", "tepaot", "flaskk", "chamomille"]) {
      const { suggestion } = searchProducts(query, products);
      expect(namesFor(suggestion ?? "").length, query).toBeGreaterThan(0);
    }
  });
});
