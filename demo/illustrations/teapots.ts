import { disc, gleam, ground, leaf, line, shape } from "./drawing.ts";
import { bright, flat, round, shade } from "./palette.ts";

export function pebbleTeapot(): string {
  return (
    ground(202, 132) +
    line("M292 214C372 196 368 300 286 292", shade("tide"), 24) +
    line("M292 212C364 198 360 294 286 289", flat("tide"), 15) +
    shape(
      "M116 286C72 278 68 232 42 210C36 204 40 194 50 194H74C92 210 100 226 124 226Z",
      round("tide"),
    ) +
    shape(
      "M202 166C272 166 314 208 314 256C314 306 268 332 202 332C136 332 90 306 90 256C90 208 132 166 202 166Z",
      round("tide"),
    ) +
    shape(
      "M96 282Q202 312 308 282C296 314 256 332 202 332C148 332 108 314 96 282Z",
      round("sand"),
    ) +
    shape("M142 184C150 154 254 154 262 184Q202 204 142 184Z", round("tide")) +
    line("M144 185Q202 203 260 185", shade("tide"), 3.5) +
    disc(202, 160, 12, 5, shade("tide")) +
    disc(202, 146, 17, 15, round("sand")) +
    gleam("M116 246C120 218 138 200 162 192", 12, 0.5)
  );
}

export function kuroTeapot(): string {
  const rows = [
    { y: 226, from: 108, to: 292, bend: 8 },
    { y: 248, from: 92, to: 308, bend: 11 },
    { y: 270, from: 90, to: 310, bend: 12 },
  ];
  const hailstones = rows
    .flatMap(({ y, from, to, bend }, row) => {
      const count = 11;
      return Array.from({ length: count }, (_, index) => {
        const share = (index + (row % 2) * 0.5) / (count - 0.5);
        const x = from + (to - from) * share;
        const sag = bend * (1 - (2 * share - 1) ** 2);
        return disc(
          Math.round(x),
          Math.round(y + sag),
          5,
          5,
          share < 0.45 ? bright("iron") : "#5c5a60",
        );
      });
    })
    .join("");
  return (
    ground(200, 138) +
    line("M102 222C84 72 316 72 298 222", shade("iron"), 12) +
    line("M102 218C86 76 314 76 298 218", "#5c5a60", 5) +
    shape(
      "M288 284C326 280 332 244 348 224C352 216 362 220 374 224C366 262 346 304 296 310Z",
      round("iron"),
    ) +
    shape(
      "M200 188C276 188 324 222 324 264C324 310 280 332 200 332C120 332 76 310 76 264C76 222 124 188 200 188Z",
      round("iron"),
    ) +
    hailstones +
    shape("M138 200C146 174 254 174 262 200Q200 216 138 200Z", round("iron")) +
    line("M140 201Q200 215 260 201", shade("iron"), 4) +
    disc(200, 180, 9, 4, shade("iron")) +
    disc(200, 168, 13, 11, round("iron")) +
    gleam("M100 250C106 228 122 214 142 208", 9, 0.26)
  );
}

export function windowTeapot(): string {
  return (
    ground(202, 128) +
    line("M290 216C366 200 364 300 284 292", "#ffffff", 15) +
    line("M290 216C366 200 364 300 284 292", "#9fb6ba", 3.5) +
    shape("M118 286C74 276 74 230 46 204L68 196C94 214 98 232 126 232Z", "#ffffff99") +
    line("M118 286C74 276 74 230 46 204L68 196C94 214 98 232 126 232", "#9fb6ba", 3.5) +
    shape(
      "M202 160C274 160 314 206 314 254C314 304 270 332 202 332C134 332 90 304 90 254C90 206 130 160 202 160Z",
      "#ffffff88",
    ) +
    shape(
      "M97 236Q202 250 307 236C318 290 272 324 202 324C132 324 86 290 97 236Z",
      round("amber"),
    ) +
    disc(202, 238, 105, 9, bright("amber")) +
    leaf(160, 296, 52, -14) +
    leaf(206, 306, 46, -34) +
    leaf(232, 284, 44, 12) +
    leaf(180, 276, 38, -58) +
    line(
      "M202 160C274 160 314 206 314 254C314 304 270 332 202 332C134 332 90 304 90 254C90 206 130 160 202 160Z",
      "#9fb6ba",
      4,
    ) +
    shape("M146 176C152 150 252 150 258 176Q202 190 146 176Z", "#ffffffcc") +
    line("M146 176C152 150 252 150 258 176Q202 190 146 176Z", "#9fb6ba", 3.5) +
    disc(202, 143, 16, 14, round("wood")) +
    gleam("M112 232C118 208 136 190 156 184", 10, 0.9) +
    gleam("M292 288C298 280 301 270 302 262", 6, 0.6)
  );
}

export function kyusu(): string {
  return (
    ground(184, 118) +
    shape("M268 214L360 168C374 162 386 184 374 192L282 250Z", round("clay")) +
    disc(371, 179, 8, 14, shade("brick")) +
    shape(
      "M104 250C84 240 80 214 62 206C56 202 60 192 68 192H92C100 206 108 214 122 216Z",
      round("brick"),
    ) +
    shape(
      "M184 186C248 186 290 218 290 260C290 306 250 332 184 332C118 332 78 306 78 260C78 218 120 186 184 186Z",
      round("brick"),
    ) +
    line("M86 288Q184 312 282 288", shade("brick"), 3) +
    line("M81 274Q184 298 287 274", shade("brick"), 2) +
    shape("M126 200C134 176 234 176 242 200Q184 216 126 200Z", round("clay")) +
    line("M128 201Q184 215 240 201", shade("brick"), 3.5) +
    disc(184, 178, 10, 4, shade("brick")) +
    disc(184, 164, 15, 13, round("clay")) +
    gleam("M102 252C106 230 122 216 142 210", 10, 0.38)
  );
}
