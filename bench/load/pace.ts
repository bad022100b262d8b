const TICK_MS = 10;

/** Calls `send` with 0, 1, 2 … evenly, so often a second for so long. Resolves with how often it was called. */
export async function pace(
  perSecond: number,
  seconds: number,
  send: (index: number) => void,
): Promise<number> {
  const startedAt = performance.now();
  const total = Math.round(perSecond * seconds);
  let sent = 0;
  while (sent < total) {
    const due = Math.min(total, Math.ceil(((performance.now() - startedAt) / 1_000) * perSecond));
    while (sent < due) send(sent++);
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
  return total;
}
