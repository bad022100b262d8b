import { categoryPath, imagePath, paths } from "../addresses.ts";
import { categories, type Category, products } from "../catalogue.ts";
import { html, type Markup } from "../markup.ts";
import { productGrid } from "../views/product-card.ts";
import { leafIcon, parcelIcon, returnIcon, talkIcon } from "./icons.ts";
import { renderPage, SHOP_NAME } from "./layout.ts";
import { scene } from "./scene.ts";

function categoryTile({ slug, name, illustration, tint }: Category): Markup {
  return html`<li>
    <a class="tile" href="${categoryPath(slug)}">
      <span class="panel tint-${tint}">
        <img src="${imagePath(illustration)}" alt="" width="400" height="400" />
      </span>
      <span class="tile-name">${name}</span>
    </a>
  </li>`;
}

const promises = [
  [parcelIcon, "Quick to your door", "Packed within one working day, with you in two to four."],
  [returnIcon, "Thirty days to decide", "Even if the tin is open. Tell us what was not right."],
  [leafIcon, "Known by name", "Eight gardens, visited in person, paid before the harvest."],
] as const;

export function renderHome(): string {
  return renderPage({
    kind: "home",
    title: `${SHOP_NAME}: tea and the things around it`,
    description:
      "Loose-leaf tea, kettles, teapots and cups, chosen by a small shop in Ghent and sent within one working day.",
    main: html`<section class="hero wrap">
        <div class="hero-words">
          <p class="eyebrow">The spring harvest is here</p>
          <h1>Put the kettle on. The rest can wait.</h1>
          <p class="lead">
            Loose-leaf tea from eight gardens, and the kettles, pots and cups that do it justice.
          </p>
          <p class="hero-actions">
            <a class="button" href="${categoryPath("tea")}">Choose a tea</a>
            <a class="button button-quiet" href="${categoryPath("kettles")}">See the kettles</a>
          </p>
        </div>
        ${scene("window-table", 720, 640, "A kettle, two cups of tea and a branch in a vase on a table by a window")}
      </section>

      <section class="section wrap" aria-labelledby="categories-title">
        <h2 id="categories-title" class="visually-hidden">Shop by category</h2>
        <ul class="tiles">
          ${categories.map(categoryTile)}
        </ul>
      </section>

      <section class="section wrap" aria-labelledby="featured-title">
        <div class="section-head">
          <h2 id="featured-title">On our own table this month</h2>
          <a href="${paths.everything}">See everything</a>
        </div>
        ${productGrid(products.filter((product) => product.isFeatured))}
      </section>

      <section class="story wrap" aria-labelledby="story-title">
        ${scene("tea-garden", 640, 520, "Rows of tea bushes on a hillside, with a small drying house")}
        <div class="story-words">
          <p class="eyebrow">Our story</p>
          <h2 id="story-title">We began with one kettle and too many questions</h2>
          <p>
            In 2014 Marit and Jonas sold forty tins of Assam from a window on the canal. Nobody
            asked for a discount. Everybody asked how long to leave it in.
          </p>
          <p>
            We still answer that every day. We sell fewer things than we could, know where each of
            them was made, and drink what we sell.
          </p>
          <p><a href="${paths.story}">Read the whole story</a></p>
        </div>
      </section>

      <section class="section wrap" aria-labelledby="promises-title">
        <h2 id="promises-title" class="visually-hidden">What you can count on</h2>
        <ul class="promises">
          ${promises.map(
            ([icon, title, text]) =>
              html`<li>
                ${icon}
                <h3>${title}</h3>
                <p>${text}</p>
              </li>`,
          )}
          <li>
            ${talkIcon}
            <h3>People who answer</h3>
            <p>
              Not sure which kettle?
              <button class="link-button" type="button" data-open-chat>Ask us</button>. We like that
              question.
            </p>
          </li>
        </ul>
      </section>`,
  });
}
