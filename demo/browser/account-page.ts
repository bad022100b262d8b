import { paths } from "../addresses.ts";
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

async function signIn(form: HTMLFormElement): Promise<void> {
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
  const jwt = await proofOf(email);
  if (jwt !== undefined) parley("auth", jwt);
}

/** What the shop's server signs for whoever has signed in; nothing where it has no server of its own. */
async function proofOf(email: string): Promise<string | undefined> {
  try {
    const response = await fetch(paths.login, { method: "POST", body: JSON.stringify({ email }) });
    const answer: { jwt?: string } = response.ok ? await response.json() : {};
    return answer.jwt;
  } catch {
    return undefined;
  }
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
    void signIn(form);
  });
  document.addEventListener("click", ({ target }) => {
    if (target instanceof Element && target.closest("[data-sign-out]") !== null) signOut();
  });
}
