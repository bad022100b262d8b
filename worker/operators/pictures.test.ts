import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describeBrowser } from "./browser-name.ts";
import { readCursor, writeCursor } from "./list-cursor.ts";
import { pictureType, withoutMetadata } from "./pictures.ts";
import { asId } from "../../protocol/ids.ts";

const ascii = (text: string): number[] => Array.from(text, (sign) => sign.charCodeAt(0));
const contains = (bytes: Uint8Array | null, text: string): boolean =>
  new TextDecoder("latin1").decode(bytes ?? new Uint8Array()).includes(text);

function jpeg(...segments: [marker: number, content: number[]][]): Uint8Array {
  return Uint8Array.from([
    0xff,
    0xd8,
    ...segments.flatMap(([marker, content]) => [
      0xff,
      marker,
      (content.length + 2) >> 8,
      (content.length + 2) & 255,
      ...content,
    ]),
    0xff,
    0xda,
    0,
    2,
    1,
    2,
    3,
    0xff,
    0xd9,
  ]);
}
function pngChunk(kind: string, content: number[]): number[] {
  return [0, 0, content.length >> 8, content.length & 255, ...ascii(kind), ...content, 0, 0, 0, 0];
}
function webp(...chunks: [kind: string, content: number[]][]): Uint8Array {
  const body = chunks.flatMap(([kind, content]) => [
    ...ascii(kind),
    content.length,
    0,
    0,
    0,
    ...content,
    ...(content.length % 2 ? [0] : []),
  ]);
  return Uint8Array.from([
    ...ascii("RIFF"),
    (body.length + 4) & 255,
    (body.length + 4) >> 8,
    0,
    0,
    ...ascii("WEBP"),
    ...body,
  ]);
}

describe("a picture's metadata", () => {
  it("is taken out of a JPEG; its colours stay", () => {
    const picture = jpeg(
      [0xe0, ascii("JFIF\0")],
      [0xe1, ascii("Exif\0\0GPS 48.2")],
      [0xe2, ascii("ICC_PROFILE\0")],
      [0xed, ascii("Photoshop 3.0")],
      [0xee, ascii("Adobe")],
      [0xfe, ascii("a comment")],
      [0xdb, [1, 2, 3]],
    );
    expect(pictureType(picture)).toBe("image/jpeg");
    const kept = withoutMetadata(picture, "image/jpeg");
    expect(kept).toEqual(
      jpeg(
        [0xe0, ascii("JFIF\0")],
        [0xe2, ascii("ICC_PROFILE\0")],
        [0xee, ascii("Adobe")],
        [0xdb, [1, 2, 3]],
      ),
    );
  });

  it("is taken out of a PNG, with whatever stands behind its end", () => {
    const head = [0x89, ...ascii("PNG"), 13, 10, 26, 10];
    const chunks = [...pngChunk("IHDR", [1]), ...pngChunk("IDAT", [2]), ...pngChunk("IEND", [])];
    const picture = Uint8Array.from([
      ...head,
      ...pngChunk("IHDR", [1]),
      ...pngChunk("eXIf", ascii("GPS 48.2")),
      ...pngChunk("tEXt", ascii("Author")),
      ...pngChunk("IDAT", [2]),
      ...pngChunk("IEND", []),
      ...ascii("<script>alert(1)</script>"),
    ]);
    expect(pictureType(picture)).toBe("image/png");
    expect(withoutMetadata(picture, "image/png")).toEqual(Uint8Array.from([...head, ...chunks]));
  });

  it("is taken out of a WebP, and its header no longer promises it", () => {
    const picture = webp(
      ["VP8X", [0x0c, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
      ["VP8 ", [1, 2, 3]],
      ["EXIF", ascii("GPS 48.2")],
      ["XMP ", ascii("x")],
    );
    expect(pictureType(picture)).toBe("image/webp");
    const kept = withoutMetadata(picture, "image/webp");
    expect(kept).toEqual(webp(["VP8X", [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]], ["VP8 ", [1, 2, 3]]));
  });

  it("of a broken file is not guessed at, and nothing hostile throws", () => {
    const starts = [
      [0xff, 0xd8, 0xff],
      [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
      [...ascii("RIFF"), 9, 9, 0, 0, ...ascii("WEBP")],
    ];
    fc.assert(
      fc.property(fc.constantFrom(...starts), fc.uint8Array({ maxLength: 200 }), (start, rest) => {
        const bytes = Uint8Array.from([...start, ...rest]);
        const type = pictureType(bytes);
        if (type === null) return;
        const kept = withoutMetadata(bytes, type);
        expect(kept === null || kept.length <= bytes.length).toBe(true);
        expect(contains(kept, "EXIF")).toBe(false);
      }),
    );
  });
});

describe("a cursor", () => {
  it("survives its way to the client and back", () => {
    const position = { lastAt: 1_795_000_000_000, id: asId("cnv", "cnv_01abc") };
    expect(writeCursor(position)).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(readCursor(writeCursor(position))).toEqual(position);
  });

  it.each([
    "",
    "x",
    "%%%",
    btoa("1.wsp_1"),
    btoa("x.cnv_1"),
    btoa("1.cnv_1.2"),
    btoa("-1.cnv_1"),
    btoa("1' OR 1=1"),
  ])("is not %j", (text) => expect(readCursor(text)).toBeNull());
});

describe("a browser's name", () => {
  it.each([
    [
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/150.0 Safari/537.36 Edg/150.0",
      "Edge on Windows",
    ],
    [
      "Mozilla/5.0 (Macintosh; Intel Mac OS X 15_0) AppleWebKit/605.1 Version/19.0 Safari/605.1",
      "Safari on Mac",
    ],
    [
      "Mozilla/5.0 (iPhone; CPU iPhone OS 20_0 like Mac OS X) AppleWebKit/605.1 CriOS/150.0 Mobile Safari/604.1",
      "Chrome on iPhone",
    ],
    [
      "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/150.0 Mobile Safari/537.36",
      "Chrome on Android",
    ],
    ["Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0", "Firefox on Linux"],
    ["curl/8", "Unknown browser"],
    ["", "Unknown browser"],
  ])("%s is %s", (userAgent, name) => expect(describeBrowser(userAgent)).toBe(name));
});
