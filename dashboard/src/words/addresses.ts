/** Addresses as people type them. The server has the last word. */

export const isEmail = (text: string): boolean =>
  /^[^\s@,;<>"]+@[^\s@,;<>"]+\.[^\s@,;<>".]+$/u.test(text.trim());

/** Several addresses from one field: on lines, with commas, semicolons or as "Name <address>". */
export function parseEmails(text: string): { emails: string[]; rest: string[] } {
  const emails = new Set<string>();
  const rest: string[] = [];
  for (const part of text.split(/[\n,;]+/u)) {
    const whole = part.trim();
    if (whole === "") continue;
    const words = /<([^<>]+)>\s*$/u.exec(whole)?.[1] ?? whole;
    for (const word of words.split(/\s+/u)) {
      if (isEmail(word)) emails.add(word.toLowerCase());
      else rest.push(word);
    }
  }
  return { emails: [...emails], rest };
}

/** The origin of a site as somebody types it: "shop.example" is "https://shop.example". Null if it is none. */
export function siteOrigin(text: string): string | null {
  const typed = text.trim();
  const address = /^https?:\/\//iu.test(typed) ? typed : `https://${typed}`;
  if (typed === "" || /\s/u.test(typed) || !URL.canParse(address)) return null;
  const url = new URL(address);
  const isLoopback = url.hostname === "localhost" || url.hostname === "127.0.0.1";
  return isLoopback || url.hostname.includes(".") ? url.origin : null;
}
