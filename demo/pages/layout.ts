import { categoryPath, imagePath, paths } from "../addresses.ts";
import { FREE_SHIPPING_FROM_MINOR } from "../cart.ts";
import { categories, type CategorySlug } from "../catalogue.ts";
import { html, type Markup } from "../markup.ts";
import { formatBriefly } from "../money.ts";
import { cartIcon, heartIcon, personIcon, searchIcon } from "./icons.ts";

export const SHOP_NAME = "Kettle & Leaf";

/** Which part of the browser script a page needs. */
export type PageKind =
  | "plain"
  | "home"
  | "category"
  | "product"
  | "search"
  | "cart"
  | "wishlist"
  | "checkout"
  | "confirmation"
  | "account";

/** Pages whose main part the browser script makes: they are painted once, when it has run. */
const SCRIPT_MADE: ReadonlySet<PageKind> = new Set<PageKind>([
  "search",
  "cart",
  "wishlist",
  "checkout",
  "confirmation",
  "account",
]);

export type Page = {
  kind: PageKind;
  title: string;
  description: string;
  main: Markup;
  /** The category whose link in the header is marked as current. */
  category?: CategorySlug | "all";
  /** What the page is about, for the browser script: a product id or a category name. */
  subject?: string;
};

function categoryLink(slug: string, name: string, current: string | undefined): Markup {
  return html`<li>
    <a href="${categoryPath(slug)}" ${slug === current && html`aria-current="page"`}>${name}</a>
  </li>`;
}

function header(current: string | undefined): Markup {
  return html`<a class="skip-link" href="#main">Skip to content</a>
    <header class="header">
      <p class="announcement">
        Free delivery from ${formatBriefly(FREE_SHIPPING_FROM_MINOR)}
        <span aria-hidden="true">·</span> Sent within one working day
      </p>
      <div class="header-row wrap">
        <a class="brand" href="${paths.home}">
          <img src="${imagePath("mark")}" alt="" width="36" height="36" />
          <span>${SHOP_NAME}</span>
        </a>
        <form class="search" role="search" action="${paths.search}" method="get">
          <label class="visually-hidden" for="search-field">Search the shop</label>
          <input
            id="search-field"
            type="search"
            name="q"
            placeholder="Search teas, kettles, cups"
            autocomplete="off"
            enterkeyhint="search"
            maxlength="200"
            required
          />
          <button type="submit" aria-label="Search">${searchIcon}</button>
        </form>
        <nav class="own-links" aria-label="Your shop">
          <a href="${paths.account}" title="Account">
            ${personIcon}<span class="visually-hidden"
              >Account<span data-account-words></span
            ></span>
          </a>
          <a href="${paths.wishlist}" title="Wish-list">
            ${heartIcon}<span class="count" data-count="wishlist" aria-hidden="true" hidden></span>
            <span class="visually-hidden">Wish-list<span data-count-words="wishlist"></span></span>
          </a>
          <a href="${paths.cart}" title="Cart">
            ${cartIcon}<span class="count" data-count="cart" aria-hidden="true" hidden></span>
            <span class="visually-hidden">Cart<span data-count-words="cart"></span></span>
          </a>
        </nav>
      </div>
      <nav class="category-links wrap" aria-label="Categories">
        <ul>
          ${categories.map(({ slug, name }) => categoryLink(slug, name, current))}
          ${categoryLink("all", "Everything", current)}
        </ul>
      </nav>
    </header>`;
}

const footer = html`<footer class="footer">
  <div class="footer-columns wrap">
    <div class="footer-brand">
      <p class="brand">
        <img src="${imagePath("mark")}" alt="" width="36" height="36" /> ${SHOP_NAME}
      </p>
      <p>Tea and the things around it, from a small shop on a canal in Ghent. Since 2014.</p>
    </div>
    <nav aria-labelledby="footer-shop">
      <h2 id="footer-shop">Shop</h2>
      <ul>
        ${categories.map(({ slug, name }) => html`<li><a href="${categoryPath(slug)}">${name}</a></li>`)}
      </ul>
    </nav>
    <nav aria-labelledby="footer-help">
      <h2 id="footer-help">Help</h2>
      <ul>
        <li><a href="${paths.delivery}">Delivery and returns</a></li>
        <li><a href="${paths.brewing}">How to brew</a></li>
        <li><a href="${paths.account}">Your account</a></li>
        <li><button class="link-button" type="button" data-open-chat>Write to us</button></li>
      </ul>
    </nav>
    <nav aria-labelledby="footer-about">
      <h2 id="footer-about">About</h2>
      <ul>
        <li><a href="${paths.story}">Our story</a></li>
        <li>Mon to Sat, 9:00 to 18:00</li>
        <li>Kanaalkaai 12, Ghent</li>
      </ul>
    </nav>
  </div>
  <p class="footer-note wrap">
    This is a demonstration shop. Nothing is charged and nothing is sent.
  </p>
</footer>`;

/** A whole HTML document, with header, footer and the chat widget. */
export function renderPage(page: Page): string {
  const isScriptMade = SCRIPT_MADE.has(page.kind);
  const title = page.kind === "home" ? page.title : `${page.title} · ${SHOP_NAME}`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>${title}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="description" content="${page.description}" />
        <meta name="color-scheme" content="light dark" />
        <meta name="theme-color" content="#faf6ee" media="(prefers-color-scheme: light)" />
        <meta name="theme-color" content="#1d1916" media="(prefers-color-scheme: dark)" />
        <link rel="icon" href="${imagePath("mark")}" type="image/svg+xml" />
        <link rel="stylesheet" href="/demo/shop.css" />
        <script defer ${isScriptMade && html`blocking="render"`} src="/demo/shop.js"></script>
        <script async src="/widget.js" data-key="pk_demo"></script>
      </head>
      <body
        data-page="${page.kind}"
        ${page.subject !== undefined && html`data-subject="${page.subject}"`}
      >
        ${header(page.category)}
        <main id="main" tabindex="-1">${page.main}</main>
        ${footer}
        <div class="notice" role="status" data-notice></div>
      </body>
    </html>`.markup
    .replace(/\n\s*/g, "\n")
    .concat("\n");
}

/** What script-made pages show where there is no script. */
export const noScript = html`<noscript>
  <p class="plain-note">
    This part of the shop needs JavaScript. Please turn it on and load the page again.
  </p>
</noscript>`;
