import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildDemo } from "./build.ts";

let folder: string;
let files: Map<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "shop-"));
  await buildDemo(folder);
  const names = (await readdir(folder, { recursive: true })).filter((name) => /\.\w+$/.test(name));
  files = new Map(
    await Promise.all(
      names.map(async (name) => [name, await readFile(join(folder, name), "utf8")] as const),
    ),
  );
});

afterAll(() => rm(folder, { recursive: true, force: true }));

function pages(): [string, string][] {
  return [...files].filter(([name]) => name.endsWith(".html"));
}

test("every address in a page is under /demo/ and leads to a file", () => {
  expect(pages().length).toBeGreaterThan(36);
  for (const [name, page] of pages()) {
    for (const [, address = ""] of page.matchAll(/\s(?:href|src|srcset|action)="([^"]*)"/g)) {
      if (address === "/widget.js" || address.startsWith("#")) continue;
      expect(address, name).toMatch(/^\/demo\//);
      const path = address.replace(/^\/demo\//, "").replace(/[?#].*/, "");
      expect(
        files.has(path === "" || path.endsWith("/") ? `${path}index.html` : path),
        address,
      ).toBe(true);
    }
  }
});

test("pages have no inline script or style, so that a strict policy holds", () => {
  for (const [name, page] of pages()) {
    expect(page, name).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)/);
  }
});

test("every page embeds the widget by the public tag, once, and has a title and one main part", () => {
  for (const [name, page] of pages()) {
    expect(
      page.split('<script async src="/widget.js" data-key="pk_demo"></script>'),
      name,
    ).toHaveLength(2);
    expect(page.match(/<title>[^<]+<\/title>/g), name).toHaveLength(1);
    expect(page.match(/<h1/g), name).toHaveLength(1);
    expect(page.match(/<main/g), name).toHaveLength(1);
  }
});
