import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

type Violation = { id: string; nodes: { target: string[]; failureSummary?: string }[] };

/** What axe finds against WCAG 2.2 AA on a page, or in one part of it, as lines that a person can read. */
export async function findBarriers(page: Page, within?: string): Promise<string[]> {
  // By the debugger's protocol, so that the page's own content security policy stays in force.
  await page.evaluate(source);
  const violations: Violation[] = await page.evaluate(async (selector) => {
    const { axe } = globalThis as unknown as {
      axe: { run(context: unknown, options: unknown): Promise<{ violations: Violation[] }> };
    };
    const options = { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] };
    return (await axe.run(selector ?? document, options)).violations;
  }, within ?? null);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(" ")} ${node.failureSummary ?? ""}`),
  );
}
