/** What is kept of the last proof that this browser has made, under the site key. */
export const NEXT = ":next";

/** Keeps the secret by which every page of this browser comes to the right that follows a proof. */
export function keepNext(key: string, secret: string): void {
  try {
    localStorage[`parley:${key}${NEXT}`] = secret;
  } catch {
    // Then this page alone knows it.
  }
}
