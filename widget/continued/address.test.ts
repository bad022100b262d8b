import { expect, test } from "vitest";
import { takeTicket, withTicket } from "../../domain/identity/continue-link.ts";
import { ticketIn, withoutTicket } from "./address.ts";

test.each([
  "https://a.test/",
  "https://a.test/?q=1",
  "https://a.test/p?a=1&b=2#part",
  "https://a.test/#/route",
])(
  "the address %s loses in the browser what the server takes out of it, and nothing else",
  (page) => {
    const address = withTicket(page, "t1");
    expect(withoutTicket(address)).toBe(page);
    expect(takeTicket(address).url).toBe(page);
    expect(withoutTicket(page)).toBe(page);
    expect(ticketIn(address)).toBe("t1");
    expect(ticketIn(page)).toBeUndefined();
  },
);
