/** One material: lit from the left, turning away to the right. */
type Tone = { light: string; base: string; deep: string };

const tones = {
  clay: { light: "#dd9a74", base: "#c4714b", deep: "#96502f" },
  brick: { light: "#c87a5c", base: "#a9573d", deep: "#7d3c29" },
  cream: { light: "#fffaf0", base: "#f3e6d0", deep: "#d8c3a2" },
  sand: { light: "#ecd4ac", base: "#d9b885", deep: "#b28d58" },
  butter: { light: "#f6dc93", base: "#e8bf5d", deep: "#c1933a" },
  leaf: { light: "#9cbb84", base: "#6f9660", deep: "#4c7043" },
  forest: { light: "#5d8a76", base: "#3c6957", deep: "#264a3d" },
  tide: { light: "#b5cbd0", base: "#86a6af", deep: "#5d7f8a" },
  night: { light: "#6c7e9b", base: "#4a5d7d", deep: "#31405c" },
  plum: { light: "#a97f92", base: "#835a6e", deep: "#5d3d4e" },
  iron: { light: "#77757a", base: "#4b494f", deep: "#2f2d33" },
  steel: { light: "#eef1f1", base: "#c2c9ca", deep: "#8b9598" },
  copper: { light: "#f0b48a", base: "#cd7d4e", deep: "#8f4b2a" },
  brass: { light: "#f0d48c", base: "#cfa64f", deep: "#97742f" },
  wood: { light: "#c99a6b", base: "#a37144", deep: "#744c2b" },
  walnut: { light: "#8d6546", base: "#694730", deep: "#472e1e" },
  bamboo: { light: "#e5cd95", base: "#c9aa66", deep: "#9a7d42" },
  amber: { light: "#f0b75f", base: "#d88d35", deep: "#ad6420" },
  blush: { light: "#f4d2c4", base: "#e5ae9b", deep: "#c08473" },
} satisfies Record<string, Tone>;

type ToneName = keyof typeof tones;

/** A fill that models a round body in this material. */
export function round(name: ToneName): string {
  return `url(#${name})`;
}

/** The material's flat middle colour. */
export function flat(name: ToneName): string {
  return tones[name].base;
}

/** The material in its own shade. */
export function shade(name: ToneName): string {
  return tones[name].deep;
}

/** The material in full light. */
export function bright(name: ToneName): string {
  return tones[name].light;
}

/** The gradients that a drawing refers to, and no others. */
export function definitionsFor(drawing: string): string {
  return Object.entries(tones)
    .filter(([name]) => drawing.includes(`url(#${name})`))
    .map(
      ([name, tone]) =>
        `<linearGradient id="${name}"><stop offset="0" stop-color="${tone.light}"/>` +
        `<stop offset=".42" stop-color="${tone.base}"/><stop offset="1" stop-color="${tone.deep}"/></linearGradient>`,
    )
    .join("");
}
