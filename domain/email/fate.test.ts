import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { MailFate } from "../../protocol/jobs.ts";
import { canMailAgain, isFateNews, suppressionOf, type MailEvent } from "./fate.ts";

const FATES = [
  "failed",
  "unknown",
  "sent",
  "delayed",
  "dropped",
  "delivered",
  "bounced",
  "complained",
] as const satisfies MailFate[];

const after = (told: readonly MailFate[]): MailFate | "queued" =>
  told.reduce<MailFate | "queued">(
    (known, fate) => (isFateNews(known, fate) ? fate : known),
    "queued",
  );

const event = (fate: MailEvent["fate"], isHard = false): MailEvent => ({
  provider: "resend",
  id: "evt",
  providerId: "p",
  job: null,
  fate,
  isHard,
  reason: null,
  at: 0,
});

describe("what is known of a mail", () => {
  it("is the same however often and in whichever order a provider tells", () => {
    const provider = FATES.slice(2);
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...provider), { minLength: 1 }), (told) => {
        const known = after(told);
        expect(after([...told, ...told])).toBe(known);
        expect(after(told.toReversed())).toBe(known);
      }),
    );
  });

  it.each([
    [["sent", "delivered", "bounced"], "bounced"],
    [["bounced", "delivered", "delayed", "sent"], "bounced"],
    [["complained", "delivered", "bounced"], "complained"],
    [["unknown", "failed"], "unknown"],
    [["failed", "unknown"], "failed"],
    [["unknown", "delivered"], "delivered"],
    [["sent", "failed"], "sent"],
  ] as const)("after %j is %s", (told, known) => expect(after(told)).toBe(known));

  it("lets a mail be sent again unless it may well have arrived", () => {
    expect(FATES.filter(canMailAgain)).toEqual([
      "failed",
      "unknown",
      "dropped",
      "bounced",
      "complained",
    ]);
  });

  it("holds an address back for good when it is none, or calls mails spam", () => {
    expect(suppressionOf(event("bounced", true))).toBe("bounced");
    expect(suppressionOf(event("bounced", false))).toBeNull();
    expect(suppressionOf(event("complained"))).toBe("complained");
    for (const fate of ["delayed", "dropped", "delivered"] as const)
      expect(suppressionOf(event(fate, true))).toBeNull();
  });
});
