import type { Core } from "./core.ts";
import { fill, type Texts } from "./languages/texts.ts";

/** What assistive technology says of the launcher. */
export function labelLauncher({ button, conversation, isOpen }: Core, texts: Texts): void {
  const unread = (!isOpen && conversation?.unread) || 0;
  const name = isOpen ? texts.closeChat : texts.openChat;
  button.setAttribute(
    "aria-label",
    unread ? `${name}, ${fill(texts.unread, { n: unread })}` : name,
  );
  button.setAttribute("aria-expanded", `${isOpen ?? false}`);
}
