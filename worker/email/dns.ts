import * as z from "zod";

/** Questions to DNS over HTTPS: developers.cloudflare.com/1.1.1.1/encryption/dns-over-https/make-api-requests/dns-json/ */

const RESOLVER = "https://cloudflare-dns.com/dns-query";
const TIMEOUT_MS = 5_000;
const NUMBERS = { MX: 15, TXT: 16 } as const;

const answers = z.object({
  Status: z.number(),
  Answer: z.array(z.object({ type: z.number(), data: z.string() })).optional(),
});

/** The answers for one name: texts without their quotes, mail servers without their priority. Throws while it cannot be asked. */
export type AskDns = (name: string, type: keyof typeof NUMBERS) => Promise<string[]>;

export function dnsOverHttps(fetcher: typeof fetch): AskDns {
  return async (name, type) => {
    const response = await fetcher(`${RESOLVER}?name=${encodeURIComponent(name)}&type=${type}`, {
      headers: { accept: "application/dns-json" },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) throw new Error(`DNS answered ${response.status}`);
    const { Status, Answer = [] } = answers.parse(await response.json());
    // 3: there is no such name.
    if (Status !== 0 && Status !== 3) throw new Error(`DNS failed with ${Status}`);
    return Answer.filter((answer) => answer.type === NUMBERS[type]).map(({ data }) =>
      type === "TXT" ? unquoted(data) : mailServer(data),
    );
  };
}

/** A long text comes in pieces: `"one" "two"`. */
function unquoted(data: string): string {
  const pieces = data.match(/"(?:[^"\\]|\\.)*"/g);
  return pieces === null
    ? data
    : pieces.map((piece) => piece.slice(1, -1).replace(/\\(.)/g, "$1")).join("");
}

function mailServer(data: string): string {
  return (data.split(" ").at(-1) ?? "").toLowerCase().replace(/\.$/, "");
}
