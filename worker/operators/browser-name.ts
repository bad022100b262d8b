/** A user agent in words that a person recognises: "Chrome on Linux". Pure; a label, never a decision. */
export function describeBrowser(userAgent: string): string {
  const browser = firstOf(userAgent, BROWSERS);
  const system = firstOf(userAgent, SYSTEMS);
  if (browser === null && system === null) return "Unknown browser";
  return system === null ? (browser ?? "") : `${browser ?? "Browser"} on ${system}`;
}

// Browsers pretend to be each other: the more particular name stands first.
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/\bEdg(e|A|iOS)?\//, "Edge"],
  [/\b(OPR|Opera)\//, "Opera"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\b(Firefox|FxiOS)\//, "Firefox"],
  [/\b(Chrome|CriOS|HeadlessChrome)\//, "Chrome"],
  [/\bSafari\//, "Safari"],
];
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/\bAndroid\b/, "Android"],
  [/\biPhone\b/, "iPhone"],
  [/\biPad\b/, "iPad"],
  [/\bWindows\b/, "Windows"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\b(Macintosh|Mac OS X)\b/, "Mac"],
  [/\bLinux\b/, "Linux"],
];

function firstOf(text: string, names: readonly (readonly [RegExp, string])[]): string | null {
  return names.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}
