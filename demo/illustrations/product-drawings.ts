import { duneCups, slowMorningMug, stillWaterGlasses, wayfarerFlask } from "./cups.ts";
import { drawing, placed } from "./drawing.ts";
import { degreeKettle, emberKettle, harbourKettle, heronKettle } from "./kettles.ts";
import { kuroTeapot, kyusu, pebbleTeapot, windowTeapot } from "./teapots.ts";
import {
  blueFlowerEarlGrey,
  cloudRidgeOolong,
  eveningChamomile,
  firstFlushSencha,
  gardenMint,
  jasminePearls,
  morningAssam,
  smokedPineSouchong,
} from "./teas.ts";
import { bambooScoop, deepInfuserBasket, lindenCaddy, threeMinuteGlass } from "./tools.ts";

const shapes = {
  "morning-assam": morningAssam,
  "blue-flower-earl-grey": blueFlowerEarlGrey,
  "first-flush-sencha": firstFlushSencha,
  "jasmine-pearls": jasminePearls,
  "smoked-pine-souchong": smokedPineSouchong,
  "cloud-ridge-oolong": cloudRidgeOolong,
  "garden-mint": gardenMint,
  "evening-chamomile": eveningChamomile,
  "harbour-kettle": harbourKettle,
  "heron-gooseneck-kettle": heronKettle,
  "degree-electric-kettle": degreeKettle,
  "ember-copper-kettle": emberKettle,
  "pebble-teapot": pebbleTeapot,
  "kuro-iron-teapot": kuroTeapot,
  "window-glass-teapot": windowTeapot,
  "tokoname-kyusu": kyusu,
  "dune-cups": duneCups,
  "slow-morning-mug": slowMorningMug,
  "still-water-glasses": stillWaterGlasses,
  "wayfarer-flask": wayfarerFlask,
  "deep-infuser-basket": deepInfuserBasket,
  "bamboo-scoop": bambooScoop,
  "three-minute-glass": threeMinuteGlass,
  "linden-caddy": lindenCaddy,
};

export type IllustrationName = keyof typeof shapes;

const illustrationNames = Object.keys(shapes).filter(
  (name): name is IllustrationName => name in shapes,
);

/** How far low things are raised, so that they sit well in a square. */
const lifts: Partial<Record<IllustrationName, number>> = {
  "jasmine-pearls": 18,
  "evening-chamomile": 18,
  "harbour-kettle": 14,
  "heron-gooseneck-kettle": 18,
  "ember-copper-kettle": 12,
  "pebble-teapot": 20,
  "kuro-iron-teapot": 12,
  "window-glass-teapot": 20,
  "tokoname-kyusu": 24,
  "dune-cups": 14,
  "slow-morning-mug": 6,
  "still-water-glasses": 12,
  "deep-infuser-basket": 18,
  "bamboo-scoop": 34,
  "linden-caddy": 14,
};

function drawProduct(name: IllustrationName): string {
  return drawing(400, 400, placed(shapes[name](), 18, 24 - (lifts[name] ?? 0), 0.91));
}

/** Every product drawing as a complete SVG file of 400 by 400, by its name. */
export function drawProducts(): Map<string, string> {
  return new Map(illustrationNames.map((name) => [name, drawProduct(name)]));
}
