import { disc, gleam, ground, leaf, line, placed, shape, sprig } from "./drawing.ts";
import { bright, flat, round, shade } from "./palette.ts";

type Colour = Parameters<typeof round>[0];

/** Lines that read as small print on a label. */
function smallPrint(y: number, colour: string): string {
  return line(`M166 ${y}H234`, colour, 5) + line(`M180 ${y + 13}H220`, colour, 3.5);
}

function tallTin(colour: Colour, lid: Colour, motif: string, ink: string): string {
  return (
    ground(200, 106) +
    shape("M112 128H288V316Q288 332 272 332H128Q112 332 112 316Z", round(colour)) +
    shape("M112 168H288V304H112Z", round("cream")) +
    line("M112 178H288M112 294H288", shade("brass"), 2.5) +
    motif +
    smallPrint(268, ink) +
    shape("M106 90Q106 82 114 82H286Q294 82 294 90V138H106Z", round(lid)) +
    disc(200, 84, 91, 13, bright(lid)) +
    disc(200, 84, 74, 9, flat(lid)) +
    line("M106 138H294", shade(lid), 4) +
    gleam("M130 150V312", 10, 0.32) +
    gleam("M126 102V128", 8, 0.35)
  );
}

function pouch(colour: Colour, motif: string, ink: string): string {
  return (
    ground(200, 112) +
    shape("M122 104H278L302 306Q304 332 280 332H120Q96 332 98 306Z", round(colour)) +
    shape("M118 62Q118 54 126 54H274Q282 54 282 62L278 112H122Z", round(colour)) +
    line("M121 112H279", shade(colour), 4) +
    line("M122 74H278", shade(colour), 2) +
    shape("M186 50H214V118Q214 124 208 124H192Q186 124 186 118Z", round("brass")) +
    shape(
      "M134 150H266Q276 150 277 160L288 290Q288 300 278 300H122Q112 300 112 290L123 160Q124 150 134 150Z",
      round("cream"),
    ) +
    motif +
    smallPrint(264, ink) +
    gleam("M116 300L130 130", 8, 0.3)
  );
}

function wideTin(colour: Colour, motif: string, heap: string, ink: string): string {
  return (
    ground(186, 124) +
    ground(316, 50) +
    shape("M74 148H298V314Q298 332 280 332H92Q74 332 74 314Z", round(colour)) +
    shape("M74 190H298V304H74Z", round("cream")) +
    line("M74 199H298M74 295H298", shade("brass"), 2.5) +
    placed(motif + smallPrint(272, ink), -14, 6) +
    disc(186, 148, 112, 22, bright(colour)) +
    disc(186, 150, 100, 17, shade("walnut")) +
    heap +
    placed(
      shape("M-8 -86Q8 -92 24 -86L56 62Q58 72 48 74L44 76Q34 78 31 68Z", shade(colour)) +
        shape("M-8 -86C-2 -98 14 -96 18 -86L50 62C52 72 40 78 34 68Z", round(colour)),
      308,
      256,
      1,
      6,
    ) +
    gleam("M92 172V314", 10, 0.32)
  );
}

function flower(
  x: number,
  y: number,
  size: number,
  petals: number,
  petal: string,
  heart: string,
): string {
  const ring = Array.from({ length: petals }, (_, index) =>
    placed(disc(0, -size * 0.64, size * 0.24, size * 0.42, petal), 0, 0, 1, (360 / petals) * index),
  ).join("");
  return placed(ring + disc(0, 0, size * 0.34, size * 0.32, heart), x, y);
}

export function morningAssam(): string {
  const rays = Array.from({ length: 9 }, (_, index) =>
    placed(line("M0 -44V-56", flat("butter"), 5), 200, 244, 1, -80 + index * 20),
  ).join("");
  const sun =
    rays +
    shape("M166 244A34 34 0 0 1 234 244Z", flat("clay")) +
    line("M148 246H252", shade("brick"), 4);
  return tallTin("brick", "brass", sun, shade("brick"));
}

export function blueFlowerEarlGrey(): string {
  const cornflower =
    line("M200 254V222", shade("leaf"), 5) +
    leaf(200, 250, 34, -28) +
    leaf(200, 250, 34, -152) +
    flower(200, 216, 34, 9, flat("night"), bright("tide"));
  return tallTin("night", "night", cornflower, shade("night"));
}

export function firstFlushSencha(): string {
  return (
    pouch("leaf", sprig(200, 240, 54), shade("leaf")) +
    leaf(292, 330, 58, -12) +
    leaf(286, 334, 44, 8)
  );
}

export function jasminePearls(): string {
  const jasmine =
    leaf(200, 240, 44, -8) +
    leaf(200, 240, 44, -172) +
    flower(200, 232, 32, 5, "#ffffff", flat("butter")) +
    flower(238, 216, 17, 5, "#ffffff", flat("butter"));
  const pearls = [
    [120, 146],
    [146, 140],
    [172, 144],
    [198, 139],
    [224, 143],
    [250, 146],
    [134, 154],
    [160, 156],
    [186, 155],
    [212, 156],
    [238, 155],
  ]
    .map(
      ([x = 0, y = 0]) =>
        disc(x, y, 13, 11, round("leaf")) + disc(x - 4, y - 4, 3.5, 2.5, "#ffffff66"),
    )
    .join("");
  return wideTin("forest", jasmine, pearls, shade("forest"));
}

export function smokedPineSouchong(): string {
  const pine =
    shape("M200 190L222 216H212L230 238H205V254H195V238H170L188 216H178Z", flat("forest")) +
    line("M232 252C246 240 226 230 240 214C246 206 242 200 240 196", "#a79b90", 4) +
    line("M168 252C154 240 174 230 160 214", "#a79b90", 4);
  return tallTin("iron", "copper", pine, shade("iron"));
}

export function cloudRidgeOolong(): string {
  const ridge =
    disc(228, 196, 15, 15, flat("butter")) +
    shape("M134 246L172 190L196 222L216 200L262 246Z", flat("tide")) +
    shape("M134 246L160 222L190 246L222 226L262 246Z", shade("tide")) +
    line("M146 240C166 232 182 244 204 238S240 232 254 240", "#ffffff", 7);
  return pouch("tide", ridge, shade("night")) + leaf(96, 332, 52, -18);
}

export function gardenMint(): string {
  const mint =
    line("M200 252V182", shade("leaf"), 4) +
    [0, 1, 2]
      .map(
        (step) =>
          leaf(200, 246 - step * 22, 44 - step * 8, -24) +
          leaf(200, 246 - step * 22, 44 - step * 8, -156),
      )
      .join("") +
    leaf(200, 188, 22, -90);
  return pouch("forest", mint, shade("forest")) + leaf(290, 332, 50, -20);
}

export function eveningChamomile(): string {
  const daisies =
    line("M182 256V236M220 256V226", shade("leaf"), 4) +
    flower(182, 232, 25, 11, "#ffffff", flat("butter")) +
    flower(220, 220, 27, 11, "#ffffff", flat("butter"));
  const heap = [112, 142, 174, 204, 236, 262]
    .map((x, index) => flower(x, 146 + (index % 2) * 8, 17, 9, "#fffdf6", flat("butter")))
    .join("");
  return wideTin("butter", daisies, heap, shade("butter"));
}
