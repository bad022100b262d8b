/** Modules of nothing around a QR code (ISO/IEC 18004:2015, 5.3.8). */
const QUIET = 4;

/** A QR code as a drawing, dark on light whatever the colours around it are. */
export function drawCode(lines: readonly string[], name: string): SVGElement {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const path = document.createElementNS(space, "path");
  const side = lines.length + 2 * QUIET;
  for (const [key, value] of [
    ["viewBox", `${-QUIET} ${-QUIET} ${side} ${side}`],
    ["role", "img"],
    ["aria-label", name],
  ] as const)
    svg.setAttribute(key, value);
  path.setAttribute("d", pathOf(lines));
  svg.append(path);
  return svg;
}

/** One rectangle for each run of dark modules. */
export function pathOf(lines: readonly string[]): string {
  return lines
    .flatMap((line, row) =>
      [...line.matchAll(/1+/g)].map(
        ({ 0: run, index }) => `M${index} ${row}h${run.length}v1h-${run.length}z`,
      ),
    )
    .join("");
}
