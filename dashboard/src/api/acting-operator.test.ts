import { afterEach, expect, test, vi } from "vitest";
import type { Me } from "../../../protocol/operator-api.ts";
import { actAs, actingOperator, operatorChanged } from "./acting-operator.ts";

// Only who it is matters here.
const me = (id: string | null): Me => ({ operator: id === null ? null : { id } }) as unknown as Me;

afterEach(() => vi.unstubAllGlobals());

test("a tab whose cookie became somebody else's begins anew, unless it changed hands itself", () => {
  const reload = vi.fn();
  vi.stubGlobal("location", { reload });
  expect(actAs(me(null))).toBe(true);
  expect(actAs(me("opr_a"))).toBe(true);
  expect(actAs(me("opr_a"))).toBe(true);
  expect(reload).not.toHaveBeenCalled();
  expect(actAs(me("opr_b"))).toBe(false);
  expect([reload.mock.calls.length, actingOperator()]).toEqual([1, "opr_a"]);
  operatorChanged();
  expect(actAs(me("opr_b"))).toBe(true);
  expect([reload.mock.calls.length, actingOperator()]).toEqual([1, "opr_b"]);
});
