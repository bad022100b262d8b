import { describe, expect, it } from "vitest";
import { newId } from "../../protocol/ids.ts";
import { readCloudflareEvent } from "./cloudflare-events.ts";
import { composeMail } from "./mail.ts";
import { readResendWebhook } from "./resend-events.ts";
import { misfitOf, type TransportCaps } from "./transport.ts";

const mail = composeMail({
  from: "parley@example.com",
  to: "ada@corp.example",
  subject: "Tee für zwei",
  text: "Grüße",
  html: "<p>Grüße</p>",
  isByHand: true,
  headers: { References: "<a@b.example>" },
});
/** Name, colon, space, value and the line's end. */
const HEADER_BYTES = "References: <a@b.example>\r\n".length;
const MAIL_BYTES = new TextEncoder().encode("Tee für zweiGrüße<p>Grüße</p>").length + HEADER_BYTES;
const caps: TransportCaps = {
  idempotency: null,
  headers: "any",
  ownMessageId: false,
  maxBytes: MAIL_BYTES,
  maxHeaderBytes: HEADER_BYTES,
};

describe("a mail fits a transport", () => {
  it.each([
    [1, null],
    [0, null],
    [-1, "too_large"],
  ])("whose limit in bytes of UTF-8 has room for %i more: %j", (room, misfit) => {
    expect(misfitOf(mail, { ...caps, maxBytes: MAIL_BYTES + room })).toBe(misfit);
  });

  it.each([
    [1, null],
    [0, null],
    [-1, "headers_too_large"],
  ])("whose limit of headers has room for %i more: %j", (room, misfit) => {
    expect(misfitOf(mail, { ...caps, maxHeaderBytes: HEADER_BYTES + room })).toBe(misfit);
  });
});

it("a tag that is no id of a job names none", () => {
  const jobIn = (job: unknown) => {
    const webhook = { type: "email.delivered", data: { email_id: "re_1", tags: { job } } };
    const read = readResendWebhook(webhook, "msg_1", 1);
    return read.kind === "event" ? read.event.job : undefined;
  };
  const job = newId("job", Date.now());
  expect(jobIn(job)).toBe(job);
  for (const other of ["x", job.replace("job_", "msg_"), `${job}'`, 7, null, [job]])
    expect(jobIn(other)).toBeNull();
});

it.each([
  ["hard", true],
  ["soft", false],
  [undefined, false],
])("Cloudflare's bounce of the kind %j is for good: %j", (type, isHard) => {
  const payload = { eventId: "e", messageId: "m", bounce: { type, reason: "550" } };
  const event = readCloudflareEvent({ type: "cf.email.sending.message.bounced", payload }, 1);
  expect(event).toMatchObject({ fate: "bounced", isHard });
});
