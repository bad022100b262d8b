import type { Suppression } from "../../../../protocol/email-api.ts";
import { momentWords } from "../../words/times.ts";

/** Why an address gets no mails. */
export function suppressionWords({ why, by, at }: Suppression, now: number): string {
  const when = momentWords(at, { now });
  switch (why) {
    case "bounced":
      return `A mail came back, ${when}`;
    case "complained":
      return `Reported as spam, ${when}`;
    case "by_hand":
      return `Added by ${by ?? "a former colleague"}, ${when}`;
  }
}
