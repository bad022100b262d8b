/** Pictures by their content, never by their name or declared type. Pure. */

export type PictureType = "image/png" | "image/jpeg" | "image/webp";

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** What the bytes are, by their signature; null when they are none of the three. */
export function pictureType(bytes: Uint8Array): PictureType | null {
  if (startsWith(bytes, PNG)) return "image/png";
  if (startsWith(bytes, [0xff, 0xd8, 0xff])) return "image/jpeg";
  if (wordAt(bytes, 0) === "RIFF" && wordAt(bytes, 8) === "WEBP") return "image/webp";
  return null;
}

/**
 * The same picture without what cameras and editors write beside it: place, time, names, thumbnails.
 * Null when the file's structure is broken. The picture itself is not decoded.
 */
export function withoutMetadata(
  bytes: Uint8Array,
  type: PictureType,
): Uint8Array<ArrayBuffer> | null {
  const kept =
    type === "image/jpeg"
      ? jpegParts(bytes)
      : type === "image/png"
        ? pngParts(bytes)
        : webpParts(bytes);
  if (kept === null) return null;
  const whole = new Uint8Array(kept.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of kept) {
    whole.set(part, at);
    at += part.length;
  }
  // RIFF counts what follows its own header.
  if (type === "image/webp") new DataView(whole.buffer).setUint32(4, whole.length - 8, true);
  return whole;
}

/** JPEG: all segments but APP1-APP13 and APP15 (EXIF, XMP, IPTC) and comments; APP14 tells the colours. */
function jpegParts(bytes: Uint8Array): Uint8Array[] | null {
  const parts = [bytes.subarray(0, 2)];
  let at = 2;
  while (at + 4 <= bytes.length) {
    const marker = bytes[at + 1] ?? 0;
    if (bytes[at] !== 0xff || marker < 0xc0 || marker === 0xff) return null;
    // From the start of the scan on there is only the picture.
    if (marker === 0xda) return [...parts, bytes.subarray(at)];
    const end = at + 2 + ((bytes[at + 2] ?? 0) << 8) + (bytes[at + 3] ?? 0);
    if (end > bytes.length || end < at + 4) return null;
    const isMetadata =
      (marker > 0xe0 && marker <= 0xef && marker !== 0xee && !isColourProfile(bytes, at, marker)) ||
      marker === 0xfe;
    if (!isMetadata) parts.push(bytes.subarray(at, end));
    at = end;
  }
  return null;
}

function isColourProfile(bytes: Uint8Array, at: number, marker: number): boolean {
  return marker === 0xe2 && wordAt(bytes, at + 4) === "ICC_";
}

const PNG_METADATA = new Set(["eXIf", "tEXt", "zTXt", "iTXt", "tIME"]);

function pngParts(bytes: Uint8Array): Uint8Array[] | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts = [bytes.subarray(0, 8)];
  let at = 8;
  while (at + 12 <= bytes.length) {
    const kind = wordAt(bytes, at + 4);
    const end = at + 12 + view.getUint32(at);
    if (end > bytes.length) return null;
    if (!PNG_METADATA.has(kind)) parts.push(bytes.subarray(at, end));
    // Whatever hides behind the end is not part of the picture.
    if (kind === "IEND") return parts;
    at = end;
  }
  return null;
}

const WEBP_METADATA = new Set(["EXIF", "XMP "]);

function webpParts(bytes: Uint8Array): Uint8Array[] | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const limit = Math.min(bytes.length, 8 + view.getUint32(4, true));
  const parts: Uint8Array[] = [bytes.slice(0, 12)];
  let at = 12;
  while (at + 8 <= limit) {
    const kind = wordAt(bytes, at);
    const size = view.getUint32(at + 4, true);
    const end = at + 8 + size + (size % 2);
    if (end > limit) return null;
    if (kind === "VP8X" && size >= 10) {
      // The flags must no longer promise the chunks that are left out.
      const header = bytes.slice(at, end);
      header[8] = (header[8] ?? 0) & ~0x0c;
      parts.push(header);
    } else if (!WEBP_METADATA.has(kind)) parts.push(bytes.subarray(at, end));
    at = end;
  }
  return parts.length > 1 ? parts : null;
}

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, index) => bytes[index] === byte);
}

function wordAt(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}
