/** An address that a person may be sent to: http(s), or a path of the site itself. Anything else is none. */
export function safeLink(address: string | null): string | undefined {
  return address && /^(https?:\/)?\//i.test(address) ? address : undefined;
}
