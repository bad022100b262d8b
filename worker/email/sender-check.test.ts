import { describe, expect, it } from "vitest";
import { ownerRecord, sendingRecords } from "../../domain/email/sender-records.ts";
import { asId } from "../../protocol/ids.ts";
import { NO_SENDER } from "../d1/mail-senders.ts";
import { dnsOverHttps } from "./dns.ts";
import { expectedRecords, flawOf, lookFor, type SenderSurroundings } from "./sender-check.ts";

const DOMAIN = "shop.example";
const KEY = `v=DKIM1; k=rsa; p=${"A".repeat(200)}`;
const RECORDS = [ownerRecord(DOMAIN, "token"), ...sendingRecords("cloudflare", DOMAIN)];

/** DNS as somebody has set it. */
const WHOLE: Record<string, string[]> = {
  [`TXT _parley.${DOMAIN}`]: ["parley-domain=token"],
  [`TXT cf-bounce.${DOMAIN}`]: ["v=spf1 include:_spf.mx.cloudflare.net ~all"],
  [`TXT cf-bounce._domainkey.${DOMAIN}`]: ["unrelated", KEY],
  [`MX cf-bounce.${DOMAIN}`]: ["route1.mx.cloudflare.net"],
};

async function flawWith(
  answers: Record<string, string[]>,
  status: SenderSurroundings["status"] = null,
  failing?: string,
) {
  const dns: NonNullable<SenderSurroundings["dns"]> = async (name, type) => {
    if (`${type} ${name}` === failing) throw new Error("no answer");
    return answers[`${type} ${name}`] ?? [];
  };
  return flawOf({ provider: "cloudflare", dns, status }, DOMAIN, await lookFor(dns, RECORDS));
}

describe("a domain to send from", () => {
  it("may be used once every record that is needed is there", async () => {
    expect(await flawWith(WHOLE)).toBeNull();
  });

  it.each(Object.keys(WHOLE))("may not without %s", async (name) => {
    expect(await flawWith({ ...WHOLE, [name]: [] })).toBe("records_missing");
    expect(await flawWith(WHOLE, null, name)).toBe("not_asked");
  });

  it("may not by somebody else's proof", async () => {
    const theirs = { [`TXT _parley.${DOMAIN}`]: ["parley-domain=another"] };
    expect(await flawWith({ ...WHOLE, ...theirs })).toBe("records_missing");
  });

  it("waits for the provider where that can be asked", async () => {
    expect(await flawWith(WHOLE, async () => "verified")).toBeNull();
    expect(await flawWith(WHOLE, async () => "pending")).toBe("waits_for_provider");
    expect(await flawWith(WHOLE, async () => null)).toBe("unknown_to_provider");
    expect(await flawWith(WHOLE, () => Promise.reject(new Error("503")))).toBe("not_asked");
  });

  it("has a proof of its own for each workspace and each domain", async () => {
    const proof = async (workspace: string, fromAddress: string) => {
      const sender = { ...NO_SENDER, fromAddress };
      const { from } = await expectedRecords("s", "cloudflare", asId("wsp", workspace), sender);
      return from[0]?.value;
    };
    const values = await Promise.all([
      proof("wsp_one", "a@shop.example"),
      proof("wsp_two", "a@shop.example"),
      proof("wsp_one", "a@other.example"),
    ]);
    expect(new Set(values).size).toBe(3);
    expect(await proof("wsp_one", "b@SHOP.example")).toBe(values[0]);
  });
});

describe("DNS over HTTPS", () => {
  const answering = (body: unknown, status = 200) =>
    dnsOverHttps(async () => Response.json(body, { status }));

  it("is asked for one name and kind, and its answers are read as people write them", async () => {
    const asked: string[] = [];
    const dns = dnsOverHttps(async (input: unknown, init?: RequestInit) => {
      asked.push(`${String(input)} ${new Headers(init?.headers).get("accept") ?? ""}`);
      return Response.json({
        Status: 0,
        Answer: [
          { name: "x", type: 5, TTL: 1, data: "alias.example." },
          { name: "x", type: 16, TTL: 1, data: '"v=DKIM1; p=AAA" "BBB \\" C"' },
          { name: "x", type: 16, TTL: 1, data: "bare" },
        ],
      });
    });
    expect(await dns("_x.shop.example", "TXT")).toEqual(['v=DKIM1; p=AAABBB " C', "bare"]);
    expect(asked).toEqual([
      "https://cloudflare-dns.com/dns-query?name=_x.shop.example&type=TXT application/dns-json",
    ]);
    const mx = answering({
      Status: 0,
      Answer: [{ type: 15, data: "10 Route1.MX.cloudflare.net." }],
    });
    expect(await mx("shop.example", "MX")).toEqual(["route1.mx.cloudflare.net"]);
  });

  it("tells a name that is not there from a question that failed", async () => {
    expect(await answering({ Status: 3 })("x.example", "TXT")).toEqual([]);
    await expect(answering({ Status: 2 })("x.example", "TXT")).rejects.toThrow();
    await expect(answering({}, 500)("x.example", "TXT")).rejects.toThrow();
    await expect(answering("?")("x.example", "TXT")).rejects.toThrow();
  });
});
