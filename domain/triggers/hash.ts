/** Four independent 32-bit halves of a text, by MurmurHash3's 32-bit mixing with four seeds. Not for secrets. */
export function hash128(text: string): [number, number, number, number] {
  return [
    hash32(text, 0x9747b28c),
    hash32(text, 0x1b873593),
    hash32(text, 0x85ebca6b),
    hash32(text, 0x27d4eb2f),
  ];
}

/** A number in [0, 1) that is the same for the same text and even over different ones. */
export function share(text: string): number {
  return hash32(text, 0x2545f491) / 2 ** 32;
}

/** MurmurHash3 x86 32-bit over the UTF-16 code units, an unsigned integer. */
function hash32(text: string, seed: number): number {
  let hash = seed;
  for (let i = 0; i < text.length; i++) {
    let unit = Math.imul(text.charCodeAt(i), 0xcc9e2d51);
    unit = (unit << 15) | (unit >>> 17);
    hash ^= Math.imul(unit, 0x1b873593);
    hash = (hash << 13) | (hash >>> 19);
    hash = (Math.imul(hash, 5) + 0xe6546b64) | 0;
  }
  hash ^= text.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
