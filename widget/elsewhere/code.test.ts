import { expect, test, vi } from "vitest";
import { drawCode, pathOf } from "./code.ts";

test("a code is drawn as one rectangle for each run of dark modules", () => {
  expect(pathOf(["0110", "0000", "1001"])).toBe("M1 0h2v1h-2zM0 2h1v1h-1zM3 2h1v1h-1z");
  expect(pathOf([])).toBe("");
});

test("a code has four modules of nothing around it, and says what it is", () => {
  const made: { tag: string; attributes: Record<string, string>; children: unknown[] }[] = [];
  vi.stubGlobal("document", {
    createElementNS(space: string, tag: string) {
      expect(space).toBe("http://www.w3.org/2000/svg");
      const attributes: Record<string, string> = {};
      const node = { tag, attributes, children: [] as unknown[] };
      made.push(node);
      return {
        setAttribute: (name: string, value: string) => void (attributes[name] = value),
        append: (child: unknown) => void node.children.push(child),
      };
    },
  });
  drawCode(["101", "010", "101"], "QR code");
  vi.unstubAllGlobals();
  const [svg, path] = made;
  expect(svg).toMatchObject({
    tag: "svg",
    attributes: { viewBox: "-4 -4 11 11", role: "img", "aria-label": "QR code" },
  });
  expect(svg?.children).toHaveLength(1);
  expect(path).toMatchObject({ tag: "path", attributes: { d: pathOf(["101", "010", "101"]) } });
});
