/**
 * Black or white, whichever contrasts more with a colour `#rrggbb`: always at least 4.5 to 1.
 * Relative luminance by WCAG 2.2 times 1.055 ** 2.4, without its linear part for near-black, which changes it by
 * less than 0.001.
 */
export function inkOn(color: string): string {
  const bits = +`0x${color.slice(1)}`;
  const light = (shift: number) => (((bits >> shift) & 255) / 255 + 0.055) ** 2.4;
  return 0.21 * light(16) + 0.72 * light(8) + 0.07 * light(0) > 0.2015 ? "#000" : "#fff";
}
