/**
 * Ends as the work does, or rejects when that takes longer than `ms`. The work itself goes on, and what becomes of it
 * then is told to nobody.
 */
export async function withPatience<T>(work: Promise<T>, ms: number): Promise<T> {
  let patience: ReturnType<typeof setTimeout> | undefined;
  const isOver = new Promise<never>((_, reject) => {
    patience = setTimeout(() => reject(new Error(`no end after ${ms / 1_000} s`)), ms);
  });
  try {
    return await Promise.race([work, isOver]);
  } finally {
    clearTimeout(patience);
  }
}
