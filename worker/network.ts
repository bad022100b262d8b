/**
 * The network that an address stands for: an IPv4 address itself, and of an IPv6 address the /64, which a
 * single customer holds as a whole. One network is always written in one way.
 */
export function networkOf(address: string): string {
  if (!address.includes(":")) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped?.[1] !== undefined) return mapped[1];
  const [head = "", tail] = address.split("::");
  const front = groupsOf(head);
  const back = groupsOf(tail ?? "");
  // "::" stands for as many zeros as are missing from eight groups.
  const zeros = Array.from({ length: Math.max(0, 8 - front.length - back.length) }, () => "0");
  return `${[...front, ...zeros, ...back].slice(0, 4).join(":")}::/64`;
}

function groupsOf(part: string): string[] {
  if (part === "") return [];
  return part.split(":").flatMap((group) =>
    // The last 32 bits may be written as an IPv4 address; they are beyond the /64.
    group.includes(".") ? ["0", "0"] : [Number.parseInt(group, 16).toString(16)],
  );
}
