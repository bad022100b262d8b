/**
 * How long a job waits before its next try, in seconds: short while a fault may pass within moments,
 * then growing to ten minutes. `attempts` counts the tries so far, from 1.
 */
export function retryDelaySeconds(attempts: number): number {
  if (attempts <= 6) return Math.min(4, 2 ** (attempts - 1));
  return Math.min(600, 8 * 2 ** (attempts - 6));
}
