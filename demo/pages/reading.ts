import { categoryPath, paths } from "../addresses.ts";
import { FREE_SHIPPING_FROM_MINOR, SHIPPING_MINOR } from "../cart.ts";
import { html, type Markup } from "../markup.ts";
import { formatBriefly, formatMinor } from "../money.ts";
import { breadcrumbs } from "./breadcrumbs.ts";
import { renderPage } from "./layout.ts";
import { scene } from "./scene.ts";

function renderReading(title: string, description: string, body: Markup, picture?: Markup): string {
  return renderPage({
    kind: "plain",
    title,
    description,
    main: html`<article class="wrap">
      ${breadcrumbs([], title)}
      <div class="page-head">
        <h1>${title}</h1>
        <p class="lead">${description}</p>
      </div>
      ${picture}
      <div class="prose">${body}</div>
    </article>`,
  });
}

export function renderStory(): string {
  return renderReading(
    "Our story",
    "Two people, one canal, and a kettle that has outlived three stoves.",
    html`<p>
        Kettle & Leaf opened in the spring of 2014 in what used to be a lock-keeper's office. Marit
        had spent nine years buying tea for other people. Jonas repaired kettles. It seemed rude not
        to.
      </p>
      <h2>How we buy</h2>
      <p>
        We travel twice a year, to eight gardens that we know by name. We pay for the harvest before
        it is picked, because that is when a grower needs it. A tea stays on the shelf for one year
        at most; whatever is left goes to our neighbours.
      </p>
      <h2>How we choose</h2>
      <p>
        Everything that is not tea has to survive a month in our own kitchen. Spouts are tested for
        drips, handles for burnt fingers, lids for falling off. Two out of three go back.
      </p>
      <h2>Who answers</h2>
      <p>
        We do.
        <button class="link-button" type="button" data-open-chat>Write to us</button> about water,
        about a chipped lid, about what to give a father who has everything. We will probably ask
        how he takes it.
      </p>`,
    scene("tea-garden", 640, 520, "Rows of tea bushes on a hillside, with a small drying house"),
  );
}

export function renderDelivery(): string {
  return renderReading(
    "Delivery and returns",
    "Short answers. If yours is not here, ask us.",
    html`<h2>What does delivery cost?</h2>
      <p>
        ${formatMinor(SHIPPING_MINOR)} to anywhere in the European Union. From
        ${formatBriefly(FREE_SHIPPING_FROM_MINOR)} it is free.
      </p>
      <h2>How long does it take?</h2>
      <p>
        What you order before 14:00 leaves the same working day. It reaches you two to four working
        days later; islands and high valleys may take one more.
      </p>
      <h2>What if something arrives broken?</h2>
      <p>Send us a photograph and we send you a new one. You do not have to return the pieces.</p>
      <h2>May I return an opened tea?</h2>
      <p>
        Yes. Within thirty days, whatever the reason. Tell us what was not right, so that we can
        suggest something that is.
      </p>
      <p><button class="button" type="button" data-open-chat>Ask something else</button></p>`,
  );
}

const brewing = [
  ["Green tea", "70\u00a0°C", "1½ to 2 min", "4 g"],
  ["Oolong", "90\u00a0°C", "1 min, many times", "5 g"],
  ["Black tea", "95\u00a0°C", "3 to 4 min", "3 g"],
  ["Herbal", "100\u00a0°C", "5 to 6 min", "2 g"],
] as const;

export function renderBrewing(): string {
  return renderReading(
    "How to brew",
    "Good leaf, water at the right heat, and a little patience.",
    html`<table class="brew-table">
        <caption>
          For one cup of 200 ml
        </caption>
        <thead>
          <tr>
            <th scope="col">Tea</th>
            <th scope="col">Water</th>
            <th scope="col">Time</th>
            <th scope="col">Leaf</th>
          </tr>
        </thead>
        <tbody>
          ${brewing.map(
            ([tea, water, time, leaf]) =>
              html`<tr>
                <th scope="row">${tea}</th>
                <td>${water}</td>
                <td>${time}</td>
                <td>${leaf}</td>
              </tr>`,
          )}
        </tbody>
      </table>
      <h2>Water first</h2>
      <p>
        Use fresh water, not what has already boiled once. If yours is hard, filter it: chalk
        flattens green tea more than anything else.
      </p>
      <h2>No thermometer?</h2>
      <p>
        Boil the water, then wait: three minutes brings a litre to about 90 degrees, eight to about
        75. Or let <a href="${categoryPath("kettles")}">a kettle that knows</a> do the waiting.
      </p>
      <h2>Take the leaf out</h2>
      <p>
        Time does more for a cup than money. Lift the leaf when it is done, and keep it: oolongs and
        green teas have a second pot in them. See
        <a href="${categoryPath("tools")}">tools and tins</a>.
      </p>`,
  );
}

export function renderNotFound(): string {
  return renderPage({
    kind: "plain",
    title: "Page not found",
    description: "There is nothing at this address.",
    main: html`<div class="wrap view">
      <div class="page-head">
        <h1>There is nothing at this address</h1>
        <p class="lead">The page may have moved, or the link may have lost a letter.</p>
        <p><a class="button" href="${paths.home}">Back to the shop</a></p>
      </div>
    </div>`,
  });
}
