import { disc, gleam, ground, leaf, line, shape } from "./drawing.ts";
import { bright, flat, round, shade } from "./palette.ts";

export function deepInfuserBasket(): string {
  const mesh = Array.from({ length: 7 }, (_, row) =>
    Array.from({ length: 10 }, (_, column) =>
      disc(136 + column * 13 + (row % 2) * 6, 196 + row * 18, 2.6, 2.6, shade("steel")),
    ).join(""),
  ).join("");
  return (
    ground(192, 96) +
    ground(310, 56) +
    shape("M76 146C58 146 52 162 66 168L110 176V146Z", round("steel")) +
    shape("M320 146C338 146 344 162 330 168L284 176V146Z", round("steel")) +
    shape("M112 160H280L270 306Q268 332 242 332H150Q124 332 122 306Z", round("steel")) +
    mesh +
    shape(
      "M104 146Q104 138 112 138H282Q290 138 290 146V164Q290 172 282 172H112Q104 172 104 164Z",
      round("steel"),
    ) +
    disc(197, 139, 92, 13, bright("steel")) +
    disc(197, 141, 80, 9, shade("leaf")) +
    leaf(150, 140, 44, -8) +
    leaf(196, 142, 40, -16) +
    leaf(216, 138, 38, 14) +
    shape(
      "M254 318Q254 312 260 312H360Q366 312 366 318V326Q366 332 360 332H260Q254 332 254 326Z",
      round("steel"),
    ) +
    disc(310, 312, 56, 8, bright("steel")) +
    disc(310, 303, 12, 9, round("wood")) +
    gleam("M136 188L144 300", 10, 0.7)
  );
}

export function bambooScoop(): string {
  return (
    ground(190, 138, 322) +
    `<g transform="rotate(-24 200 240)">${
      shape(
        "M36 236C36 206 70 196 120 204L366 226C376 227 376 244 366 245L120 270C70 276 36 266 36 236Z",
        round("bamboo"),
      ) +
      shape(
        "M50 236C52 216 82 210 120 216L160 222V250L120 258C82 262 52 256 50 236Z",
        shade("bamboo"),
      ) +
      line("M176 224V248M298 222V250", shade("bamboo"), 4) +
      leaf(58, 240, 46, -12) +
      leaf(70, 226, 50, 14) +
      leaf(84, 246, 48, -20) +
      leaf(102, 228, 44, 10) +
      gleam("M192 230L350 236", 5, 0.45)
    }</g>` +
    leaf(150, 318, 48, 8) +
    leaf(214, 324, 40, -12) +
    leaf(120, 330, 34, -6)
  );
}

export function threeMinuteGlass(): string {
  const outline =
    "M138 98H262C266 160 214 180 214 207C214 234 266 254 262 312H138C134 254 186 234 186 207C186 180 134 160 138 98Z";
  return (
    ground(200, 96) +
    line("M126 98V312M274 98V312", shade("wood"), 9) +
    shape(outline, "#ffffff90") +
    shape("M150 142H250C244 172 212 184 207 204H193C188 184 156 172 150 142Z", round("cream")) +
    disc(200, 142, 50, 7, bright("cream")) +
    line("M200 204V290", flat("sand"), 3.5) +
    shape("M142 312C146 292 182 276 200 264C218 276 254 292 258 312Z", round("cream")) +
    line(outline, "#9fb6ba", 4) +
    shape(
      "M112 76Q112 66 122 66H278Q288 66 288 76V90Q288 100 278 100H122Q112 100 112 90Z",
      round("wood"),
    ) +
    shape(
      "M112 308Q112 298 122 298H278Q288 298 288 308V322Q288 332 278 332H122Q112 332 112 322Z",
      round("wood"),
    ) +
    line("M122 76H262M122 309H262", bright("wood"), 4) +
    gleam("M152 116C154 142 166 160 180 174", 8, 0.85) +
    gleam("M152 284C154 268 162 256 172 248", 7, 0.6)
  );
}

export function lindenCaddy(): string {
  return (
    ground(200, 122) +
    shape("M92 188H308V312Q308 332 288 332H112Q92 332 92 312Z", round("plum")) +
    shape("M92 220H308V292H92Z", round("cream")) +
    line("M92 228H308M92 284H308", shade("brass"), 2.5) +
    leaf(200, 270, 36, -90) +
    leaf(200, 272, 32, -146) +
    leaf(200, 272, 32, -34) +
    shape("M84 166Q84 156 94 156H306Q316 156 316 166V196H84Z", round("plum")) +
    line("M84 196H316", shade("plum"), 4) +
    shape("M104 156C110 132 290 132 296 156Z", round("plum")) +
    disc(200, 137, 16, 5, shade("walnut")) +
    disc(200, 122, 20, 18, round("wood")) +
    gleam("M110 210L110 304", 9, 0.3) +
    gleam("M112 172H150", 7, 0.3)
  );
}
