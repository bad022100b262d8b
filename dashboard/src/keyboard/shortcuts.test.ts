import { expect, test } from "vitest";
import { SHORTCUTS, shortcutOf } from "./shortcuts.ts";

const press = (
  key: string,
  held: Partial<Record<"ctrlKey" | "metaKey" | "altKey" | "shiftKey", boolean>> = {},
) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
});

test("single letters are shortcuts, unless somebody types or has turned them off", () => {
  expect(
    ["j", "k", "e", "r", "n", "a", "?"].map((key) => shortcutOf(press(key), false, true)),
  ).toEqual(["next", "previous", "close", "reply", "note", "assign", "help"]);
  expect(shortcutOf(press("e"), true, true)).toBeNull();
  expect(shortcutOf(press("e"), false, false)).toBeNull();
});

test("the palette and Escape work everywhere", () => {
  for (const held of [{ ctrlKey: true }, { metaKey: true }])
    expect(shortcutOf(press("k", held), true, false)).toBe("palette");
  expect(shortcutOf(press("Escape"), true, false)).toBe("leave");
});

test("the browser keeps its own keys", () => {
  expect(shortcutOf(press("r", { ctrlKey: true }), false, true)).toBeNull();
  expect(shortcutOf(press("e", { altKey: true }), false, true)).toBeNull();
  expect(shortcutOf(press("Enter"), false, true)).toBeNull();
});

test("no two shortcuts share their keys", () => {
  const keys = SHORTCUTS.filter((shortcut) => !("isNative" in shortcut)).map((shortcut) =>
    shortcut.keys.join("+"),
  );
  expect(new Set(keys).size).toBe(keys.length);
});
