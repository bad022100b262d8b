/** A token bucket: how many tokens are left, as of when. */
export type Bucket = { tokens: number; at: number };

/** Takes one token if there is one, after refilling for the time that has passed. */
export function takeToken(
  bucket: Bucket | undefined,
  burst: number,
  perMinute: number,
  now: number,
): { isTaken: boolean; bucket: Bucket } {
  const before = bucket ?? { tokens: burst, at: now };
  const refilled = Math.min(
    burst,
    before.tokens + (Math.max(0, now - before.at) / 60_000) * perMinute,
  );
  if (refilled < 1) return { isTaken: false, bucket: { tokens: refilled, at: now } };
  return { isTaken: true, bucket: { tokens: refilled - 1, at: now } };
}
