import { imagePath } from "../addresses.ts";
import { html, type Markup } from "../markup.ts";

/** A scene that has a drawing for daylight and one for dark screens. */
export function scene(name: string, width: number, height: number, alt: string): Markup {
  return html`<picture class="scene">
    <source media="(prefers-color-scheme: dark)" srcset="${imagePath(`${name}-dusk`)}" />
    <img src="${imagePath(`${name}-day`)}" alt="${alt}" width="${width}" height="${height}" />
  </picture>`;
}
