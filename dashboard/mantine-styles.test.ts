import { existsSync, globSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";

const SOURCE = join(import.meta.dirname, "src");
const STYLES = join(dirname(createRequire(import.meta.url).resolve("@mantine/core")), "../styles");

/** What is imported from Mantine by any file of the dashboard. */
function usedNames(): string[] {
  const texts = globSync("**/*.{ts,tsx}", { cwd: SOURCE }).map((file) =>
    readFileSync(join(SOURCE, file), "utf8"),
  );
  const lists = texts.flatMap((text) =>
    [...text.matchAll(/import \{([^}]*)\} from "@mantine\/core"/g)].map(([, names = ""]) => names),
  );
  return [...new Set(lists.flatMap((names) => names.match(/\w+/g) ?? []))];
}

test("every component that is used and has styles has them loaded", () => {
  const loaded = readFileSync(join(SOURCE, "theme/mantine-styles.ts"), "utf8");
  const styled = usedNames().filter((name) => existsSync(join(STYLES, `${name}.layer.css`)));
  expect(styled).toContain("Button");
  expect(styled.filter((name) => !loaded.includes(`/${name}.layer.css`))).toEqual([]);
});
