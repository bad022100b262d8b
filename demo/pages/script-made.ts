import { html } from "../markup.ts";
import { searchLanding } from "../views/search-view.ts";
import { noScript, type PageKind, renderPage } from "./layout.ts";

function renderShell(kind: PageKind, title: string, description: string): string {
  return renderPage({
    kind,
    title,
    description,
    main: html`<div class="wrap view" data-view>
      <h1 class="view-title">${title}</h1>
      ${noScript}
    </div>`,
  });
}

export function renderCartPage(): string {
  return renderShell("cart", "Your cart", "What you have chosen so far.");
}

export function renderWishlistPage(): string {
  return renderShell("wishlist", "Your wish-list", "Things you saved for later.");
}

export function renderCheckoutPage(): string {
  return renderShell("checkout", "Checkout", "Delivery details and order summary.");
}

export function renderConfirmationPage(): string {
  return renderShell("confirmation", "Your order", "Thank you for your order.");
}

export function renderAccountPage(): string {
  return renderShell("account", "Your account", "Sign in to see your orders.");
}

export function renderSearchPage(): string {
  return renderPage({
    kind: "search",
    title: "Search",
    description: "Search teas, kettles, teapots, cups and tools.",
    main: html`<div class="wrap view" data-view>${searchLanding()} ${noScript}</div>`,
  });
}
