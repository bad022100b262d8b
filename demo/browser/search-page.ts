import { products } from "../catalogue.ts";
import { searchProducts } from "../search.ts";
import { searchResults } from "../views/search-view.ts";
import { parley } from "./parley-queue.ts";
import { showWishButtons } from "./header.ts";
import { showView } from "./view.ts";

export function startSearchPage(): void {
  const query = new URLSearchParams(location.search).get("q")?.trim() ?? "";
  if (query === "") return;
  const result = searchProducts(query, products);
  showView(searchResults(query, result));
  showWishButtons();
  const field = document.querySelector<HTMLInputElement>("#search-field");
  if (field !== null) field.value = query;
  document.title = document.title.replace(
    "Search",
    `${result.products.length === 0 ? "Nothing found" : "Results"} for “${query}”`,
  );
  parley("track", "Products Searched", { query, results: result.products.length });
}
