import { describe, expect, test } from "vitest";
import { CONTINUE_TICKET_MS } from "../../protocol/limits.ts";
import { pageAddress } from "../sessions/source.ts";
import {
  lifeOf,
  mailLinkId,
  mayTake,
  newLinkId,
  readLink,
  signLink,
  takeTicket,
  TICKET_PARAMETER,
  withoutLinks,
  withTicket,
} from "./continue-link.ts";

const SECRET = "a-secret";
const ID = newLinkId(Uint8Array.from({ length: 8 }, (_, at) => at * 25));

test("a link is read as the link that it is, and nothing else is", async () => {
  const link = await signLink(SECRET, "link", ID);
  expect(link).toMatch(/^[0-9a-z]{42}$/);
  expect(await readLink(SECRET, "link", link)).toBe(ID);
  expect(await readLink(SECRET, "ticket", link)).toBeNull();
  expect(await readLink("another", "link", link)).toBeNull();
  for (let at = 0; at < link.length; at++) {
    const changed = link.slice(0, at) + (link[at] === "0" ? "1" : "0") + link.slice(at + 1);
    expect(await readLink(SECRET, "link", changed)).toBeNull();
  }
  for (const odd of ["", link.slice(1), `${link}0`, link.toUpperCase(), `${link}\n`])
    expect(await readLink(SECRET, "link", odd)).toBeNull();
});

test("a mail has one link, however often it is made", async () => {
  const id = await mailLinkId(SECRET, "job_1");
  expect(await mailLinkId(SECRET, "job_1")).toBe(id);
  expect(await mailLinkId(SECRET, "job_2")).not.toBe(id);
  expect(await readLink(SECRET, "link", await signLink(SECRET, "link", id))).toBe(id);
});

test("a quoted mail is kept without its link", async () => {
  const link = `https://chat.test/c/${await signLink(SECRET, "link", ID)}`;
  expect(withoutLinks(`> see\n> ${link}\n> <${link}>`)).toBe(
    "> see\n> https://chat.test/c/…\n> <https://chat.test/c/…>",
  );
  expect(withoutLinks(link.toUpperCase())).toBe("HTTPS://CHAT.TEST/C/…");
  for (const other of [`${link}0`, "https://shop.test/c/teapots", "/c/"])
    expect(withoutLinks(other)).toBe(other);
});

describe("the life of a link", () => {
  const fresh = { expiresAt: 1_000, usedAt: null, takenBy: null };
  const used = { expiresAt: 1_000, usedAt: 999, takenBy: null };

  test("ends exactly when its time is over, used or not", () => {
    expect([999, 1_000, 1_001].map((now) => lifeOf(fresh, now))).toEqual(["open", "dead", "dead"]);
    expect(lifeOf(used, 999 + CONTINUE_TICKET_MS - 1)).toBe("handed");
    expect(lifeOf(used, 999 + CONTINUE_TICKET_MS)).toBe("dead");
  });

  test("is over once somebody has what it handed over", () => {
    expect(lifeOf({ ...used, takenBy: "load-1" }, 1_000)).toBe("dead");
  });

  test("what it hands over is one page load's, for a minute or until that one has it", () => {
    expect(mayTake(fresh, "load-1", 999)).toBe(false);
    expect(mayTake(used, "load-1", 999 + CONTINUE_TICKET_MS - 1)).toBe(true);
    expect(mayTake(used, "load-1", 999 + CONTINUE_TICKET_MS)).toBe(false);
    const taken = { ...used, takenBy: "load-1" };
    expect(mayTake(taken, "load-1", 999 + 10 * CONTINUE_TICKET_MS)).toBe(true);
    expect(mayTake(taken, "load-2", 1_000)).toBe(false);
  });
});

describe("a ticket in an address", () => {
  test.each([
    "https://a.test/",
    "https://a.test/?q=tea%20pot",
    "https://a.test/p?a=1&b=2#part",
    "https://a.test/#/route",
  ])("is taken out of %s again", (page) => {
    expect(takeTicket(withTicket(page, "t1"))).toEqual({
      url: page.replace("%20", "+"),
      ticket: "t1",
    });
    expect(takeTicket(page)).toEqual({ url: page, ticket: null });
  });

  test("stands anywhere in it, and more than once", () => {
    const name = TICKET_PARAMETER;
    expect(takeTicket(`https://a.test/?${name}=t1&q=tea&${name}=t2#x`)).toEqual({
      url: "https://a.test/?q=tea#x",
      ticket: "t1",
    });
    expect(takeTicket(`https://a.test/?q=a&${name}=`).ticket).toBe("");
    expect(takeTicket(`https://a.test/?not_${name}=t1`).ticket).toBeNull();
  });

  test("takes the place of another one", () => {
    expect(withTicket(withTicket("https://a.test/?q=1", "t1"), "t2")).toBe(
      withTicket("https://a.test/?q=1", "t2"),
    );
  });

  test("is left out of whatever address is kept", () => {
    expect(pageAddress(withTicket("https://a.test/?q=1", "t1"))).toBe("https://a.test/?q=1");
  });
});
