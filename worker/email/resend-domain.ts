import * as z from "zod";

/** What Resend thinks of a domain: resend.com/docs/api-reference/domains/list-domains. */

const TIMEOUT_MS = 10_000;
const list = z.object({ data: z.array(z.object({ name: z.string(), status: z.string() })) });

/** Null while nobody has added the domain to the installation's account. Throws while it cannot be asked. */
export async function resendDomainStatus(
  apiKey: string,
  domain: string,
  fetcher: typeof fetch,
): Promise<string | null> {
  const response = await fetcher("https://api.resend.com/domains?limit=100", {
    headers: { authorization: `Bearer ${apiKey}` },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`Resend answered ${response.status}`);
  const { data } = list.parse(await response.json());
  return data.find((one) => one.name.toLowerCase() === domain)?.status ?? null;
}
