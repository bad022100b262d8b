import { describe, expect, it } from "vitest";
import {
  ownerRecord,
  receivingRecords,
  sendingRecords,
  type ExpectedRecord,
} from "./sender-records.ts";

const named = (records: ExpectedRecord[], what: string): ExpectedRecord => {
  const found = records.find((record) => record.what === what);
  if (found === undefined) throw new Error(what);
  return found;
};
const KEY = `v=DKIM1; h=sha256; k=rsa; p=${"A".repeat(200)}`;

describe("the records that a domain needs", () => {
  it.each([
    ["cloudflare", "spf", "cf-bounce.shop.example", "v=spf1 include:_spf.mx.cloudflare.net ~all"],
    ["cloudflare", "dkim", "cf-bounce._domainkey.shop.example", KEY],
    ["cloudflare", "bounces", "cf-bounce.shop.example", "route2.mx.cloudflare.net"],
    ["cloudflare", "dmarc", "_dmarc.shop.example", "v=DMARC1; p=reject;"],
    ["resend", "spf", "send.shop.example", "v=spf1 include:amazonses.com ~all"],
    ["resend", "dkim", "resend._domainkey.shop.example", `p=${"A".repeat(100)}`],
    ["resend", "bounces", "send.shop.example", "feedback-smtp.eu-west-1.amazonses.com"],
  ] as const)("with %s: %s", (provider, what, name, answer) => {
    const record = named(sendingRecords(provider, "shop.example"), what);
    expect(record.name).toBe(name);
    expect(record.isRight(answer)).toBe(true);
    if (record.value !== null) expect(record.isRight(record.value)).toBe(true);
  });

  it.each([
    ["spf", "v=spf1 include:_spf.mx.cloudflare.net.evil.example ~all"],
    ["spf", "v=spf1 -all"],
    ["spf", "include:_spf.mx.cloudflare.net"],
    ["dkim", "v=DKIM1; k=rsa; p="],
    ["bounces", "route1.mx.cloudflare.net.evil.example"],
    ["dmarc", "v=spf1 -all"],
  ])("%s is not %s", (what, answer) => {
    expect(named(sendingRecords("cloudflare", "shop.example"), what).isRight(answer)).toBe(false);
  });

  it("a policy for forged mails is good to have, and not needed", () => {
    const needed = sendingRecords("cloudflare", "shop.example").filter((one) => one.isNeeded);
    expect(needed.map((one) => one.what)).toEqual(["spf", "dkim", "bounces"]);
  });

  it("show whose a domain is by the whole of one value", () => {
    const record = ownerRecord("shop.example", "abc");
    expect(record).toMatchObject({ name: "_parley.shop.example", isNeeded: true });
    expect(record.isRight("parley-domain=abc")).toBe(true);
    expect(record.isRight("parley-domain=abcd")).toBe(false);
    expect(record.isRight("x parley-domain=abc")).toBe(false);
  });

  it("say where mails come in", () => {
    const routes = receivingRecords("cloudflare", "reply.shop.example");
    expect(routes.map((one) => one.value)).toEqual([
      "route1.mx.cloudflare.net",
      "route2.mx.cloudflare.net",
      "route3.mx.cloudflare.net",
    ]);
    const [only] = receivingRecords("resend", "reply.shop.example");
    expect(only?.isRight("inbound-smtp.us-east-1.amazonaws.com")).toBe(true);
  });
});
