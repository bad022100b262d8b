import { expect, test } from "vitest";
import { TICKET_PARAMETER } from "../../domain/identity/continue-link.ts";
import { takeTickets } from "./continuing.ts";

const withIt = (ticket: string) => `https://shop.test/?q=tea&${TICKET_PARAMETER}=${ticket}`;

test("every ticket is taken out of the addresses of a batch, and the first one counts, wherever it stands", () => {
  const facts = [
    { type: "track", name: "Odd", url: 7 },
    { type: "page", url: "https://shop.test/", referrer: withIt("first") },
    { type: "page", url: withIt("second"), referrer: withIt("third") },
  ];
  expect(takeTickets(facts)).toBe("first");
  expect(facts).toEqual([
    { type: "track", name: "Odd", url: 7 },
    { type: "page", url: "https://shop.test/", referrer: "https://shop.test/?q=tea" },
    { type: "page", url: "https://shop.test/?q=tea", referrer: "https://shop.test/?q=tea" },
  ]);
  expect(takeTickets(facts)).toBeNull();
});
