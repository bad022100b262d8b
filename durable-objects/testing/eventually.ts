import { vi } from "vitest";

/** Longer than a busy machine takes for anything that follows by itself. */
const AT_LAST_MS = 20_000;

/** Resolves once a check passes: for what pushes, queues and alarms bring after an answer. Fails as the check does. */
export function eventually<Answer>(check: () => Answer | Promise<Answer>): Promise<Answer> {
  return vi.waitFor(check, { timeout: AT_LAST_MS, interval: 20 });
}
