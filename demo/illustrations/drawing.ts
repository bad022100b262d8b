import { bright, definitionsFor, flat, shade } from "./palette.ts";

/** Wraps shapes into a complete SVG file of the given size. */
export function drawing(width: number, height: number, shapes: string): string {
  const definitions = definitionsFor(shapes);
  const defs = definitions === "" ? "" : `<defs>${definitions}</defs>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">${defs}${shapes}</svg>`;
}

/** The soft shadow in which a thing stands. */
export function ground(centre: number, radius: number, y = 334): string {
  return `<ellipse cx="${centre}" cy="${y}" rx="${radius}" ry="${Math.round(radius * 0.1)}" fill="#2b1d10" opacity=".16"/>`;
}

/** A streak of light along a curve. */
export function gleam(path: string, width = 10, opacity = 0.4): string {
  return `<path d="${path}" fill="none" stroke="#fff" stroke-width="${width}" stroke-linecap="round" opacity="${opacity}"/>`;
}

export function line(path: string, colour: string, width: number): string {
  return `<path d="${path}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"/>`;
}

export function shape(path: string, fill: string): string {
  return `<path d="${path}" fill="${fill}"/>`;
}

export function disc(x: number, y: number, rx: number, ry: number, fill: string): string {
  return `<ellipse cx="${x}" cy="${y}" rx="${rx}" ry="${ry}" fill="${fill}"/>`;
}

export function placed(shapes: string, x: number, y: number, scale = 1, turn = 0): string {
  return `<g transform="translate(${x} ${y}) rotate(${turn}) scale(${scale})">${shapes}</g>`;
}

/** A tea leaf with its midrib, tip to the right, stem at the origin. */
export function leaf(x: number, y: number, length: number, turn: number): string {
  const width = length * 0.27;
  const outline = `M0 0C${length * 0.22} ${-width} ${length * 0.7} ${-width} ${length} 0C${length * 0.7} ${width} ${length * 0.22} ${width} 0 0Z`;
  const lower = `M0 0C${length * 0.22} ${width} ${length * 0.7} ${width} ${length} 0Z`;
  return placed(
    shape(outline, flat("leaf")) +
      shape(lower, shade("leaf")) +
      line(`M${length * 0.06} 0H${length * 0.84}`, bright("leaf"), Math.max(1.5, length * 0.025)),
    x,
    y,
    1,
    turn,
  );
}

/** Two leaves and a bud. */
export function sprig(x: number, y: number, size: number, turn = 0): string {
  return placed(
    leaf(0, 0, size, -148) + leaf(0, 0, size, -32) + leaf(0, 2, size * 0.86, -90),
    x,
    y,
    1,
    turn,
  );
}

/** Two lazy wisps of steam that rise from a point. */
export function steam(x: number, y: number, scale = 1): string {
  return placed(
    `<g opacity=".55">${line("M-12 0C-30 -22 6 -36 -12 -62C-20 -76 -12 -88 -6 -94", "#fff", 7)}${line("M16 -6C0 -24 32 -38 18 -60C12 -70 16 -78 20 -84", "#fff", 6)}</g>`,
    x,
    y,
    scale,
  );
}
