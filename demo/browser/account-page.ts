import { accountView, signInView } from "../views/account-view.ts";
import { checkedValues } from "./form.ts";
import { parley } from "./parley-queue.ts";
import {
  account,
  cart,
  code,
  knownEmails,
  nextOrderId,
  orders,
  untoldOrderId,
  wishlist,
} from "./shopper.ts";
import { focusTitle, showView } from "./view.ts";

function showAccount(): void {
  const holder = account.read();
  const own = orders
    .read()
    .filter(({ details }) => details.email.toLowerCase() === holder?.email.toLowerCase());
  showView(holder === undefined ? signInView() : accountView(holder, own));
}

function signIn(form: HTMLFormElement): void {
  const values = checkedValues(form);
  if (values === undefined) return;
  const name = values.get("name")?.trim() ?? "";
  const email = values.get("email")?.trim() ?? "";
  const known = knownEmails.read();
  const isKnown = known.includes(email.toLowerCase());
  if (!isKnown) knownEmails.write([...known, email.toLowerCase()]);
  account.write({ name, email });
  parley("identify", { name, email });
  parley("track", isKnown ? "Signed In" : "Signed Up", { method: "email" });
  focusTitle();
}

function signOut(): void {
  cart.write([]);
  code.write(undefined);
  wishlist.write([]);
  orders.write([]);
  nextOrderId.write([]);
  untoldOrderId.write([]);
  account.write(undefined);
  parley("reset");
  focusTitle();
}

export function startAccountPage(): void {
  account.listen(showAccount);
  showAccount();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.dataset.signIn === undefined) return;
    event.preventDefault();
    signIn(form);
  });
  document.addEventListener("click", ({ target }) => {
    if (target instanceof Element && target.closest("[data-sign-out]") !== null) signOut();
  });
}
