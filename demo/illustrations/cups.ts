import { disc, gleam, ground, line, shape, steam } from "./drawing.ts";
import { bright, flat, round, shade } from "./palette.ts";

function duneCup(x: number, y: number): string {
  const at = (path: string): string => `<g transform="translate(${x} ${y})">${path}</g>`;
  return at(
    shape("M-66 -128L-50 -14Q-48 0 -34 0H34Q48 0 50 -14L66 -128Z", round("sand")) +
      shape(
        "M-66 -128L-58 -72C-40 -58 -20 -80 0 -68C20 -56 42 -78 58 -66L66 -128Z",
        round("cream"),
      ) +
      disc(0, -128, 66, 17, bright("cream")) +
      disc(0, -125, 57, 12, shade("amber")) +
      disc(-6, -123, 46, 8, flat("amber")) +
      gleam("M-46 -96L-36 -24", 9, 0.45),
  );
}

export function duneCups(): string {
  return (
    ground(140, 84, 306) +
    ground(254, 86) +
    steam(146, 152, 0.8) +
    duneCup(142, 304) +
    duneCup(256, 334)
  );
}

export function slowMorningMug(): string {
  return (
    ground(186, 112) +
    steam(176, 130) +
    line("M266 194C350 178 350 296 260 288", shade("forest"), 26) +
    line("M266 192C342 180 342 290 260 284", flat("forest"), 16) +
    shape("M92 160H276L270 306Q268 332 242 332H126Q100 332 98 306Z", round("forest")) +
    shape("M97 282H271L270 306Q268 332 242 332H126Q100 332 98 306Z", round("sand")) +
    disc(184, 160, 92, 20, bright("forest")) +
    disc(184, 163, 81, 14, shade("amber")) +
    disc(176, 165, 66, 10, flat("amber")) +
    gleam("M116 194L120 268", 12, 0.35)
  );
}

function stillGlass(x: number, y: number): string {
  return `<g transform="translate(${x} ${y})">${
    shape("M-66 -154C-72 -60 -64 0 -36 0H36C64 0 72 -60 66 -154Z", "#ffffff70") +
    shape("M-57 -118C-58 -52 -40 -22 0 -22C40 -22 58 -52 57 -118Z", round("amber")) +
    disc(0, -118, 57, 12, bright("amber")) +
    line("M-66 -154C-72 -60 -64 0 -36 0H36C64 0 72 -60 66 -154", "#9fb6ba", 3.5) +
    line("M-58 -150C-62 -52 -42 -18 0 -18C42 -18 62 -52 58 -150", "#b9cbce", 2.5) +
    `<ellipse cx="0" cy="-154" rx="66" ry="15" fill="#ffffff80" stroke="#9fb6ba" stroke-width="3.5"/>` +
    gleam("M-52 -128C-54 -84 -48 -54 -36 -38", 8, 0.75)
  }</g>`;
}

export function stillWaterGlasses(): string {
  return (
    ground(134, 72, 304) +
    ground(258, 76) +
    steam(136, 136, 0.8) +
    stillGlass(136, 302) +
    stillGlass(260, 333)
  );
}

export function wayfarerFlask(): string {
  return (
    ground(200, 88) +
    shape("M138 138H262L266 312Q266 332 246 332H154Q134 332 134 312Z", round("night")) +
    shape("M144 118H256L262 138H138Z", round("steel")) +
    shape("M144 70Q144 56 158 56H242Q256 56 256 70V118H144Z", round("bamboo")) +
    line("M144 104H256", shade("bamboo"), 3) +
    line("M214 62C272 66 292 96 286 126", shade("walnut"), 7) +
    disc(285, 130, 7, 7, round("brass")) +
    shape("M134 296H266L266 312Q266 332 246 332H154Q134 332 134 312Z", round("steel")) +
    shape("M186 226C186 208 200 200 214 198C216 214 208 230 192 232L188 240", bright("cream")) +
    gleam("M154 156L152 282", 10, 0.34)
  );
}
