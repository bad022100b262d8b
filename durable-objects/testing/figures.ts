import { expect, type TestContext } from "vitest";

/** Something counted, and how much of it is allowed. */
export type Figure = { figure: number; unit: string; budget: number };

/** Holds a counted figure to its budget, and leaves it with the test for the benchmarks to print. */
export function keepTo({ task }: TestContext, counted: Figure): void {
  Object.assign(task.meta, counted);
  expect(counted.figure).toBeLessThanOrEqual(counted.budget);
}
