import { startAccountPage } from "./browser/account-page.ts";
import { startCartPage } from "./browser/cart-page.ts";
import { startCheckoutPage, startConfirmationPage } from "./browser/checkout-page.ts";
import { keepHeaderTrue } from "./browser/header.ts";
import { parley } from "./browser/parley-queue.ts";
import { answerProductButtons } from "./browser/product-buttons.ts";
import { startSearchPage } from "./browser/search-page.ts";
import { startWishlistPage } from "./browser/wishlist-page.ts";
import { findProduct } from "./catalogue.ts";
import { productProperties } from "./event-properties.ts";

const { page, subject = "" } = document.body.dataset;

function startPage(): void {
  if (page === "category") parley("track", "Product List Viewed", { category: subject });
  if (page === "product") {
    const product = findProduct(subject);
    if (product === undefined) return;
    parley("track", "Product Viewed", productProperties(product, location.origin));
  }
  if (page === "search") startSearchPage();
  if (page === "cart") startCartPage();
  if (page === "wishlist") startWishlistPage();
  if (page === "checkout") startCheckoutPage();
  if (page === "confirmation") startConfirmationPage();
  if (page === "account") startAccountPage();
}

startPage();
keepHeaderTrue();
answerProductButtons();
