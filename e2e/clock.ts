import { expect } from "vitest";

/** Sets the product's clock against the machine's, or lets time pass; what is due then happens. */
export async function setClock(
  workerUrl: string,
  to: { offsetMs: number } | { advanceMs: number },
): Promise<void> {
  const answer = await fetch(`${workerUrl}/dev/clock`, {
    method: "POST",
    body: JSON.stringify(to),
  });
  expect(answer.status).toBe(200);
}
