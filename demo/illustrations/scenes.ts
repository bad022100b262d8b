import { duneCups } from "./cups.ts";
import { disc, drawing, ground, leaf, line, placed, shape, steam } from "./drawing.ts";
import { harbourKettle } from "./kettles.ts";
import { round, shade } from "./palette.ts";
import { firstFlushSencha } from "./teas.ts";

type Daylight = "day" | "dusk";

const skies = {
  day: {
    wall: "#efe2cc",
    pane: "#f9ecd2",
    sun: "#f3c77a",
    far: "#c9d6c0",
    middle: "#a9bf9c",
    near: "#86a37c",
    rows: "#6f8f68",
    hedge: "#7fa36c",
    hedgeShade: "#547a4a",
    cloud: "#fffaf0",
    table: "#d3aa79",
    edge: "#b98d5d",
    frame: "#fffaf0",
  },
  dusk: {
    wall: "#2c2620",
    pane: "#3d4658",
    sun: "#e9d9b4",
    far: "#3f5157",
    middle: "#354a49",
    near: "#2b3f3b",
    rows: "#223430",
    hedge: "#3f6048",
    hedgeShade: "#243c30",
    cloud: "#5a6478",
    table: "#6d4e34",
    edge: "#52391f",
    frame: "#4b4137",
  },
} satisfies Record<Daylight, Record<string, string>>;

/** A branch in a stoneware vase. */
function vase(): string {
  return (
    ground(0, 52, 0) +
    line("M4 -128C6 -190 -18 -232 -40 -276", shade("leaf"), 5) +
    line("M6 -128C16 -186 40 -222 58 -250", shade("leaf"), 4) +
    leaf(-6, -196, 62, -168) +
    leaf(-2, -186, 60, -28) +
    leaf(-24, -240, 58, -156) +
    leaf(-22, -244, 56, -30) +
    leaf(-40, -274, 56, -112) +
    leaf(24, -206, 50, 8) +
    leaf(44, -234, 48, -98) +
    leaf(56, -248, 52, -34) +
    shape(
      "M-22 -132H26L24 -106C50 -88 56 -58 50 -30Q44 0 22 0H-20Q-42 0 -48 -30C-54 -58 -46 -88 -20 -106Z",
      round("cream"),
    ) +
    shape(
      "M-52 -52C-20 -40 24 -64 54 -50C54 -14 44 0 22 0H-20C-42 0 -52 -16 -52 -52Z",
      round("clay"),
    )
  );
}

/** The hero: a table at a window, the kettle just off the boil. */
export function drawWindowTable(daylight: Daylight): string {
  const sky = skies[daylight];
  const window =
    `<clipPath id="pane"><path d="M150 470V230A170 170 0 0 1 490 230V470Z"/></clipPath>` +
    `<g clip-path="url(#pane)">` +
    `<rect x="150" y="50" width="340" height="430" fill="${sky.pane}"/>` +
    disc(402, 196, 46, 46, sky.sun) +
    shape("M130 340C200 270 270 300 330 280S450 250 510 290V480H130Z", sky.far) +
    shape("M130 390C210 320 300 370 370 340S470 320 510 340V480H130Z", sky.middle) +
    shape("M130 440C220 380 320 420 400 396S480 390 510 400V480H130Z", sky.near) +
    line(
      "M150 452C240 398 320 436 404 412S480 408 500 414M150 472C240 420 330 456 410 434S480 430 500 434",
      sky.rows,
      5,
    ) +
    `</g>` +
    line("M150 470V230A170 170 0 0 1 490 230V470", sky.frame, 14) +
    line("M320 64V470M154 262H486", sky.frame, 9);
  return drawing(
    720,
    640,
    `<rect width="720" height="640" fill="${sky.wall}"/>` +
      window +
      shape("M0 506H720V560H0Z", sky.table) +
      shape("M0 548H720V640H0Z", sky.edge) +
      placed(firstFlushSencha(), 462, 276, 0.74) +
      placed(vase(), 116, 522) +
      placed(harbourKettle(), 150, 208, 0.94) +
      steam(494, 352, 0.9) +
      placed(duneCups(), 424, 322, 0.72) +
      leaf(150, 560, 46, -10) +
      leaf(214, 574, 38, 16),
  );
}

/** A clipped row of tea bushes that follows the hill: the lit crown over its own shade. */
function hedge(y: number, width: number, light: string, dark: string): string {
  const along = (top: number): string =>
    `M-40 ${top + 14}C150 ${top - 30} 320 ${top + 16} 460 ${top - 4}S620 ${top - 14} 690 ${top}`;
  return line(along(y), dark, width) + line(along(y - width * 0.16), light, width * 0.62);
}

/** The story: a tea garden in the hills with a drying house. */
export function drawTeaGarden(daylight: Daylight): string {
  const sky = skies[daylight];
  const rows = [
    { y: 366, width: 12 },
    { y: 388, width: 17 },
    { y: 417, width: 23 },
    { y: 455, width: 30 },
    { y: 502, width: 39 },
  ]
    .map(({ y, width }) => hedge(y, width, sky.hedge, sky.hedgeShade))
    .join("");
  const house =
    shape("M420 304H520V350H420Z", round("cream")) +
    shape("M404 308L470 258L536 308Z", round("brick")) +
    shape("M460 322H480V350H460Z", shade("walnut")) +
    shape(
      "M432 316H448V332H432ZM492 316H508V332H492Z",
      daylight === "dusk" ? "#f3c77a" : shade("tide"),
    );
  return drawing(
    640,
    520,
    `<rect width="640" height="520" fill="${sky.pane}"/>` +
      disc(150, 132, 52, 52, sky.sun) +
      shape("M0 260C90 150 170 210 250 170S420 90 640 200V520H0Z", sky.far) +
      shape("M0 310C120 230 240 290 340 240S540 220 640 260V520H0Z", sky.middle) +
      line("M236 196C290 186 320 206 372 196", sky.cloud, 9) +
      line("M70 226C120 214 150 236 204 224", sky.cloud, 7) +
      house +
      shape("M0 352C160 316 320 356 460 340S600 336 640 344V520H0Z", sky.near) +
      rows,
  );
}

/** The shop's mark: two leaves and a bud in a round field. */
export function drawMark(): string {
  const petal = (turn: number, length: number, fill: string): string =>
    placed(
      shape(
        `M0 0C${length * 0.2} ${-length * 0.34} ${length * 0.7} ${-length * 0.34} ${length} 0C${length * 0.7} ${length * 0.34} ${length * 0.2} ${length * 0.34} 0 0Z`,
        fill,
      ),
      32,
      48,
      1,
      turn,
    );
  return drawing(
    64,
    64,
    disc(32, 32, 32, 32, shade("forest")) +
      petal(-150, 25, "#b9d3a6") +
      petal(-30, 25, "#b9d3a6") +
      petal(-90, 34, "#f3e6d0"),
  );
}
