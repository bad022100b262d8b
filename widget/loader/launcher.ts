import type { WidgetSettings } from "../../protocol/settings.ts";
import { inkOn } from "./contrast.ts";

/** A bubble on a grid of 24, and what is cut out of it. */
const BUBBLE = "M2 22l2-6a10 9 0 1 1 4 4z";
const FACES = {
  bubble: "M7 8h10v2H7zM7 12h7v2H7z",
  smile: "M8 7h2v3H8zM14 7h2v3h-2zM7 12h10a5 5 0 0 1-10 0z",
  question: "M8 9a4 4 0 1 1 5 4v1h-2v-3a2 2 0 1 0-1-2zM11 15h2v2h-2z",
};

const sheet = new CSSStyleSheet();
const host = document.createElement("parley-widget");
export const root: ShadowRoot = host.attachShadow({ mode: "closed" });
export const button: HTMLElement = document.createElement("button");

root.adoptedStyleSheets = [sheet];
button.setAttribute("aria-label", "Chat");
root.append(button);

/**
 * Shows the launcher as the workspace wants it, and puts it into the page if it is not there. Beside the body and not
 * in it: sites swap their body, move it and make it inert.
 */
export function draw({ color, position, launcher }: WidgetSettings, isHidden: boolean): void {
  sheet.replaceSync(
    ":host{all:initial!important;position:fixed!important;inset:auto 0 0!important;z-index:999999999!important;contain:layout}" +
      `:host>button{position:absolute;bottom:16px;${position}:16px;width:56px;height:56px;border:0;border-radius:50%;background:${color};box-shadow:0 4px 16px #0004;cursor:pointer;forced-color-adjust:none}` +
      `:host>button:before{content:"";position:absolute;inset:16px;background:${inkOn(color)};clip-path:path(evenodd,"${BUBBLE + FACES[launcher]}")}`,
  );
  button.hidden = isHidden;
  if (!host.isConnected) document.documentElement.append(host);
}
