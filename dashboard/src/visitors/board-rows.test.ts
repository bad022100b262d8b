import { expect, test } from "vitest";
import { asId } from "../../../protocol/ids.ts";
import type { PresentVisitor } from "../../../protocol/person.ts";
import { boardOf, inOrder, withChange } from "./board-rows.ts";

const visitor = (id: string, version: number, since = version): PresentVisitor => ({
  id: asId("vis", `vis_${id}`),
  name: null,
  placeholder: id,
  email: null,
  page: null,
  since,
  source: "Direct",
  country: null,
  device: "desktop",
  lastSearch: null,
  cart: null,
  openConversation: null,
  version,
});

test("an older version never replaces a newer one; who is gone is gone", () => {
  const rows = boardOf([visitor("a", 5), visitor("b", 2)]);
  const next = withChange(rows, { present: [visitor("a", 4), visitor("c", 1)], gone: ["vis_b"] });
  expect(inOrder(next).map(({ id, version }) => `${id} ${version}`)).toEqual([
    "vis_a 5",
    "vis_c 1",
  ]);
});

test("whoever came last stands first, whatever they do since", () => {
  const rows = boardOf([visitor("a", 9, 100), visitor("b", 1, 300), visitor("c", 5, 200)]);
  expect(inOrder(rows).map(({ placeholder }) => placeholder)).toEqual(["b", "c", "a"]);
});
