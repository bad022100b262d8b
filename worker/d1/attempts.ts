/** Counts what may happen only so often, over a sliding window, exactly and across all isolates. */

/**
 * Takes one attempt. False when `max` were already taken in the last `windowMs` milliseconds.
 * @param nonce What the attempt is for: the same one is counted once, however often it is taken.
 */
export async function takeAttempt(
  db: D1Database,
  key: string,
  max: number,
  windowMs: number,
  now: number,
  nonce: string = crypto.randomUUID(),
): Promise<boolean> {
  const since = now - windowMs;
  // One batch is one transaction: counting and taking cannot be interleaved with another request's.
  const [taken] = await db.batch([
    db
      .prepare(
        `INSERT OR REPLACE INTO attempts (key, at, nonce)
         SELECT ?1, coalesce((SELECT min(at) FROM attempts WHERE key = ?1 AND nonce = ?3), ?2), ?3
         WHERE (SELECT count(*) FROM attempts WHERE key = ?1 AND at > ?4 AND nonce <> ?3) < ?5`,
      )
      .bind(key, now, nonce, since, max),
    db.prepare("DELETE FROM attempts WHERE at < ?").bind(now - LONGEST_WINDOW_MS),
  ]);
  return taken?.meta.changes === 1;
}

/** When the newest attempt was taken; null where none is remembered. */
export async function lastAttempt(db: D1Database, key: string): Promise<number | null> {
  const row = await db
    .prepare("SELECT max(at) AS at FROM attempts WHERE key = ?")
    .bind(key)
    .first<{ at: number | null }>();
  return row?.at ?? null;
}

/** At most `max` of a kind for one subject, such as an address or a network, in the last `windowMs` milliseconds. */
export type AttemptLimit = { kind: string; subject: string; max: number; windowMs: number };

/** Takes one attempt of each, in order. False at the first that is too many: those after it are not counted. */
export async function takeAttempts(
  db: D1Database,
  limits: readonly AttemptLimit[],
  now: number,
): Promise<boolean> {
  for (const { kind, subject, max, windowMs } of limits)
    if (!(await takeAttempt(db, await attemptKey(kind, subject), max, windowMs, now))) return false;
  return true;
}

/** Attempts older than this are forgotten; no window may be longer. */
const LONGEST_WINDOW_MS = 24 * 3_600_000;

/** A key that does not keep the address it stands for in the clear. */
export async function attemptKey(kind: string, subject: string): Promise<string> {
  const digest = await crypto.subtle.digest(
    "SHA-256",
    new TextEncoder().encode(`${kind}:${subject}`),
  );
  return `${kind}:${[...new Uint8Array(digest, 0, 16)].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
