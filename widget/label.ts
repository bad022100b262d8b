import type { Core } from "./core.ts";
import { fill, type Texts } from "./languages/texts.ts";

/** What assistive technology says of the launcher. */
export function labelLauncher({ toggler, conversation, isOpen }: Core, texts: Texts): void {
  const unread = (!isOpen && conversation?.waits) || 0;
  const name = isOpen ? texts.closeChat : texts.openChat;
  toggler.setAttribute(
    "aria-label",
    unread ? `${name}, ${fill(texts.unread, { n: unread })}` : name,
  );
  toggler.setAttribute("aria-expanded", `${isOpen ?? false}`);
}
