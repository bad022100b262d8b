import { describe, expect, it } from "vitest";
import { signedHeaders } from "../testing/webhooks.ts";
import { verifyWebhook, WEBHOOK_TOLERANCE_MS } from "./webhook-signature.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
const AT = 1_614_265_330_000;
const BODY = '{"test": 2432232314}';
const SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

type Change = { secret?: string; body?: string; headers?: Record<string, string>; now?: number };

function verified({ secret = SECRET, body = BODY, headers = {}, now = AT }: Change = {}) {
  const sent = new Headers({
    "svix-id": ID,
    "svix-timestamp": String(AT / 1_000),
    "svix-signature": SIGNATURE,
    ...headers,
  });
  return verifyWebhook(secret, sent, new Uint8Array(new TextEncoder().encode(body)), now);
}

describe("a webhook's signature", () => {
  it("as the provider's own documents show it is right", async () => {
    expect(await verified()).toBe(ID);
  });

  it("is right under the other name of its headers, and without the secret's prefix", async () => {
    const headers = new Headers({
      "webhook-id": ID,
      "webhook-timestamp": String(AT / 1_000),
      "webhook-signature": SIGNATURE,
    });
    const body = new Uint8Array(new TextEncoder().encode(BODY));
    expect(await verifyWebhook(SECRET.slice(6), headers, body, AT)).toBe(ID);
  });

  it("is right when one of several is, by one of several secrets", async () => {
    const other = "v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    const headers = { "svix-signature": `${other} v2,x ${SIGNATURE}` };
    expect(await verified({ headers })).toBe(ID);
    expect(await verified({ secret: `whsec_AAAA ${SECRET}` })).toBe(ID);
    expect(await verified({ secret: `whsec_AAAA, ${SECRET}` })).toBe(ID);
  });

  it.each<[string, Change]>([
    ["another body", { body: `${BODY} ` }],
    ["another secret", { secret: "whsec_AAAA" }],
    ["no secret", { secret: "" }],
    ["a secret that is no base64", { secret: "whsec_***" }],
    ["another id", { headers: { "svix-id": "msg_other" } }],
    ["no id", { headers: { "svix-id": "" } }],
    ["another time", { headers: { "svix-timestamp": String(AT / 1_000 + 1) } }],
    ["a time that is none", { headers: { "svix-timestamp": "soon" } }],
    ["no signature", { headers: { "svix-signature": "" } }],
    ["another version", { headers: { "svix-signature": SIGNATURE.replace("v1", "v2") } }],
    [
      "the eleventh signature",
      { headers: { "svix-signature": `${"v1,AA== ".repeat(10)}${SIGNATURE}` } },
    ],
  ])("is wrong with %s", async (_, change) => expect(await verified(change)).toBeNull());

  it.each([-1, 1])("holds for five minutes, before and after (%i)", async (way) => {
    expect(await verified({ now: AT + way * WEBHOOK_TOLERANCE_MS })).toBe(ID);
    expect(await verified({ now: AT + way * (WEBHOOK_TOLERANCE_MS + 1) })).toBeNull();
  });

  it("of our own making for the tests is right too", async () => {
    const body = new Uint8Array(new TextEncoder().encode("{}"));
    expect(await verifyWebhook(SECRET, await signedHeaders(SECRET, "a", body, AT), body, AT)).toBe(
      "a",
    );
  });
});
