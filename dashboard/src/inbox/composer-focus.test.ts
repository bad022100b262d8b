import { expect, test } from "vitest";
import { asId } from "../../../protocol/ids.ts";
import { onFocusWish, wishFocus } from "./composer-focus.ts";

const conversation = asId("cnv", "cnv_1");

test("a composer takes the focus once, whether the wish came before it or while it is open", () => {
  let taken = 0;
  wishFocus(conversation);
  const stop = onFocusWish(conversation, () => taken++);
  expect(taken).toBe(1);
  wishFocus("cnv_other");
  expect(taken).toBe(1);
  wishFocus(conversation);
  expect(taken).toBe(2);
  stop();
  wishFocus(conversation);
  expect(taken).toBe(2);
});
