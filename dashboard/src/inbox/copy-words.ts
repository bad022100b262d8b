import type { ContactRoute } from "../../../protocol/contact.ts";
import { duration } from "../words/times.ts";

/** Who is mailed what an operator writes in a chat, and when; null where nobody is. `title` says it at length. */
export function copyWords({
  mailTo,
  copyAfterMs,
  contact,
}: {
  /** An address that is known to be the person's. */
  mailTo: string | null;
  /** After how long what is not read goes out; null where nothing does. */
  copyAfterMs: number | null;
  /** What the person has said in their chat, or proven. */
  contact: ContactRoute | undefined;
}): { words: string; title: string } | null {
  if (copyAfterMs === null) return null;
  const when = `At once if they are not on the site, after ${duration(copyAfterMs)} if they are`;
  if (contact?.isProven === true && contact.isEverything)
    return {
      words: `By email, too, to ${contact.address}`,
      title: "They want everything by email: it goes out when you pause, also if they read it here",
    };
  const known = contact?.isProven === true ? contact.address : mailTo;
  if (known !== null) return { words: `If not read, by email to ${known}`, title: when };
  if (contact === undefined) return null;
  return {
    words: `If not read, by email (not verified) to ${contact.address}`,
    title: `${when}. They typed this address and have not proven it: it gets one mail a day, with your words and a code, and nothing that they wrote`,
  };
}
