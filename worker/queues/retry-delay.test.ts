import { expect, it } from "vitest";
import configuration from "../../wrangler.toml?raw";
import { retryDelaySeconds } from "./retry-delay.ts";

/** What wrangler.toml says of each queue's consumer. */
const consumers = configuration
  .split(/^\[\[/m)
  .filter((section) => section.startsWith("queues.consumers]]"))
  .map((section) => ({
    queue: /^queue = "(.+)"$/m.exec(section)?.[1] ?? "",
    retries: Number(/^max_retries = (\d+)$/m.exec(section)?.[1] ?? 3),
  }));

function hoursOfTrouble(retries: number): number {
  let seconds = 0;
  for (let attempts = 1; attempts <= retries; attempts++) seconds += retryDelaySeconds(attempts);
  return seconds / 3_600;
}

it("waits a moment at first, then longer and longer, and never over ten minutes", () => {
  const delays = Array.from({ length: 100 }, (_, index) => retryDelaySeconds(index + 1));
  expect(delays.slice(0, 8)).toEqual([1, 2, 4, 4, 4, 4, 16, 32]);
  expect(delays).toEqual(delays.toSorted((a, b) => a - b));
  expect(delays.at(-1)).toBe(600);
});

it("outlasts hours of trouble on every queue, and longest where nothing catches a job any more", () => {
  expect(consumers.map((one) => one.queue).toSorted()).toEqual([
    "parley-email",
    "parley-email-dead",
    "parley-evaluation",
    "parley-evaluation-dead",
    "parley-mail-events",
    "parley-mail-events-dead",
    "parley-projection",
    "parley-projection-dead",
  ]);
  for (const { queue, retries } of consumers) {
    expect(hoursOfTrouble(retries), queue).toBeGreaterThan(queue.endsWith("-dead") ? 14 : 3);
    // The platform takes no more.
    expect(retries, queue).toBeLessThanOrEqual(100);
  }
});
