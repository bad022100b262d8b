import { totalsOf } from "../cart.ts";
import { judgeCode, tidyCode } from "../code.ts";
import { CURRENCY, decimalOf } from "../money.ts";
import type { CodeState } from "../views/code-part.ts";
import { showNotice } from "./notice.ts";
import { parley } from "./parley-queue.ts";
import { cart, code, orders } from "./shopper.ts";

let refused: { typed: string; problem: string } | undefined;

export function codeState(): CodeState {
  return { code: code.read(), typed: refused?.typed ?? "", problem: refused?.problem };
}

function focus(id: string): void {
  document.querySelector<HTMLElement>(`#${id}`)?.focus();
}

function use(typed: string, show: () => void): void {
  const answer = judgeCode(typed, orders.read());
  if (!answer.isGood) {
    refused = { typed, problem: answer.problem };
    show();
    focus("code");
    if (tidyCode(typed) !== "") {
      parley("track", "Coupon Denied", { coupon: tidyCode(typed), reason: answer.problem });
    }
    return;
  }
  refused = undefined;
  code.write(answer.code);
  const { discountMinor } = totalsOf(cart.read(), answer.code);
  showNotice("The code is used: 10 % off.");
  focus("code-remove");
  parley("track", "Coupon Applied", {
    coupon: answer.code,
    discount: decimalOf(discountMinor),
    currency: CURRENCY,
  });
}

/** Answers the code field of a page; `show` draws the page again. */
export function answerCodeForm(show: () => void): void {
  code.listen(show);
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.dataset.codeForm === undefined) return;
    event.preventDefault();
    const typed = new FormData(form).get("code");
    use(typeof typed === "string" ? typed : "", show);
  });
  document.addEventListener("click", ({ target }) => {
    if (!(target instanceof Element) || target.closest("[data-code-remove]") === null) return;
    parley("track", "Coupon Removed", { coupon: code.read() ?? "" });
    code.write(undefined);
    focus("code");
  });
}
