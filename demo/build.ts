import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { categories, products } from "./catalogue.ts";
import { drawProducts } from "./illustrations/product-drawings.ts";
import { drawMark, drawTeaGarden, drawWindowTable } from "./illustrations/scenes.ts";
import { renderCategory, renderEverything } from "./pages/category.ts";
import { renderHome } from "./pages/home.ts";
import { renderProduct } from "./pages/product.ts";
import { renderBrewing, renderDelivery, renderNotFound, renderStory } from "./pages/reading.ts";
import {
  renderAccountPage,
  renderCartPage,
  renderCheckoutPage,
  renderConfirmationPage,
  renderSearchPage,
  renderWishlistPage,
} from "./pages/script-made.ts";

/** Every file of the shop that is not bundled, by its path under /demo/. */
function renderFiles(): Map<string, string> {
  const files = new Map<string, string>([
    ["index.html", renderHome()],
    ["404.html", renderNotFound()],
    ["category/all/index.html", renderEverything()],
    ["search/index.html", renderSearchPage()],
    ["cart/index.html", renderCartPage()],
    ["wishlist/index.html", renderWishlistPage()],
    ["checkout/index.html", renderCheckoutPage()],
    ["checkout/confirmation/index.html", renderConfirmationPage()],
    ["account/index.html", renderAccountPage()],
    ["story/index.html", renderStory()],
    ["delivery/index.html", renderDelivery()],
    ["brewing/index.html", renderBrewing()],
    ["images/mark.svg", drawMark()],
    ["images/window-table-day.svg", drawWindowTable("day")],
    ["images/window-table-dusk.svg", drawWindowTable("dusk")],
    ["images/tea-garden-day.svg", drawTeaGarden("day")],
    ["images/tea-garden-dusk.svg", drawTeaGarden("dusk")],
  ]);
  for (const category of categories) {
    files.set(`category/${category.slug}/index.html`, renderCategory(category));
  }
  for (const product of products) {
    files.set(`product/${product.slug}/index.html`, renderProduct(product));
  }
  for (const [name, svg] of drawProducts()) files.set(`images/${name}.svg`, svg);
  return files;
}

/** Writes the complete static shop into a folder that is served at /demo/; what was there before goes. */
export async function buildDemo(outDir: string): Promise<void> {
  await rm(outDir, { recursive: true, force: true });
  for (const [path, content] of renderFiles()) {
    const target = join(outDir, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, content);
  }
  const source = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
  await build({
    entryPoints: [source("./shop.ts"), source("./shop.css")],
    outdir: outDir,
    bundle: true,
    minify: true,
    format: "iife",
    target: ["es2022", "chrome115", "firefox115", "safari16.4"],
    logLevel: "warning",
  });
}
