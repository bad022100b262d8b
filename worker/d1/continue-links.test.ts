import { describe, expect, it } from "vitest";
import { newId, type DeviceId, type VisitorId, type WorkspaceId } from "../../protocol/ids.ts";
import {
  CONTINUE_LIFETIME_MS,
  CONTINUE_LINKS_MAX,
  CONTINUE_MAIL_LIFETIME_MS,
  CONTINUE_MAIL_LINKS_MAX,
  CONTINUE_TICKET_MS,
} from "../../protocol/limits.ts";
import { env } from "../testing/operator-browser.ts";
import {
  keepContinueLink,
  readContinueLink,
  takeContinueLink,
  useContinueLink,
  type NewLink,
} from "./continue-links.ts";

const AT = 1_700_000_000_000;
const DAY_MS = 24 * 3_600_000;

type Whose = { workspace: WorkspaceId; visitor: VisitorId };
const somebody = (): Whose => ({ workspace: newId("wsp", AT), visitor: newId("vis", AT) });
const chatLink = (whose: Whose): NewLink => ({
  ...whose,
  id: crypto.randomUUID(),
  page: "https://shop.test/",
  device: newId("dev", AT),
  address: null,
});
const mailLink = (whose: Whose): NewLink => ({
  ...chatLink(whose),
  device: null,
  address: "ada@example.com",
});
async function keep(link: NewLink, at = AT): Promise<string> {
  await keepContinueLink(env.DB, link, at);
  return link.id;
}
const isOpen = async (id: string, at: number) => {
  const link = await readContinueLink(env.DB, id);
  return link !== null && link.usedAt === null && link.expiresAt > at;
};
const next = (): DeviceId => newId("dev", AT);

describe("a link that is kept", () => {
  it("again stays as it was: its end, and that it was used and by whom", async () => {
    const link = mailLink(somebody());
    await keep(link);
    await useContinueLink(env.DB, link.id, AT + 1);
    const device = next();
    await takeContinueLink(env.DB, link.id, "load", device, AT + 2);
    await keep({ ...link, page: "https://elsewhere.test/" }, AT + 3);
    expect(await readContinueLink(env.DB, link.id)).toMatchObject({
      page: link.page,
      expiresAt: AT + CONTINUE_MAIL_LIFETIME_MS,
      usedAt: AT + 1,
      takenBy: "load",
      nextDevice: device,
    });
  });

  it.each([
    ["of the chat", chatLink, CONTINUE_LINKS_MAX, CONTINUE_LIFETIME_MS],
    ["of a mail", mailLink, CONTINUE_MAIL_LINKS_MAX, CONTINUE_MAIL_LIFETIME_MS],
  ])(
    "%s ends the oldest of its kind above the limit, also of one instant",
    async (_, make, max, lifetime) => {
      const whose = somebody();
      const ids: string[] = [];
      for (let n = 0; n < max; n++) ids.push(await keep(make(whose)));
      expect(await keepContinueLink(env.DB, make(somebody()), AT)).toBe(AT + lifetime);
      for (const id of ids) expect(await isOpen(id, AT)).toBe(true);
      ids.push(await keep(make(whose)));
      expect(await Promise.all(ids.map((id) => isOpen(id, AT)))).toEqual([
        false,
        ...ids.slice(1).map(() => true),
      ]);
    },
  );

  it("ends none of another visitor, another workspace or the other kind", async () => {
    const whose = somebody();
    const other = somebody();
    const kept = [
      await keep(mailLink(whose)),
      await keep(chatLink({ ...whose, visitor: other.visitor })),
      await keep(chatLink({ ...whose, workspace: other.workspace })),
    ];
    for (let n = 0; n <= CONTINUE_LINKS_MAX; n++) await keep(chatLink(whose), AT + 1);
    for (const id of kept) expect(await isOpen(id, AT + 1)).toBe(true);
  });

  it("counts those alone that may still be used", async () => {
    const whose = somebody();
    const oldest = await keep(chatLink(whose));
    for (let n = 1; n < CONTINUE_LINKS_MAX; n++) {
      const id = await keep(chatLink(whose), AT + n);
      if (n === 1) await useContinueLink(env.DB, id, AT + n);
    }
    await keep(chatLink(whose), AT + 10);
    expect(await isOpen(oldest, AT + 10)).toBe(true);
    // What has ended by itself is not ended once more.
    const later = AT + CONTINUE_LIFETIME_MS + 1;
    const ended = await readContinueLink(env.DB, oldest);
    await keep(chatLink(whose), later);
    expect(await readContinueLink(env.DB, oldest)).toEqual(ended);
  });

  it("is forgotten a day after its end, and not before", async () => {
    const id = await keep(chatLink(somebody()));
    const end = AT + CONTINUE_LIFETIME_MS;
    await keep(chatLink(somebody()), end + DAY_MS);
    expect(await readContinueLink(env.DB, id)).not.toBeNull();
    await keep(chatLink(somebody()), end + DAY_MS + 1);
    expect(await readContinueLink(env.DB, id)).toBeNull();
  });
});

describe("a link that is used", () => {
  it("is used once, and not from its end on", async () => {
    const [once, late] = [chatLink(somebody()), chatLink(somebody())];
    await keep(once);
    await keep(late);
    const end = AT + CONTINUE_LIFETIME_MS;
    expect(await useContinueLink(env.DB, late.id, end)).toMatchObject({ usedAt: null });
    for (const at of [end - 2, end - 1])
      expect(await useContinueLink(env.DB, once.id, at)).toMatchObject({ usedAt: end - 2 });
    expect(await useContinueLink(env.DB, "never made", AT)).toBeNull();
  });

  it("is taken by the first within a minute, to the millisecond, and not before it is used", async () => {
    const link = chatLink(somebody());
    await keep(link);
    const [first, second] = [next(), next()];
    expect(await takeContinueLink(env.DB, link.id, "a", first, AT)).toMatchObject({
      takenBy: null,
    });
    await useContinueLink(env.DB, link.id, AT);
    const end = AT + CONTINUE_TICKET_MS;
    expect(await takeContinueLink(env.DB, link.id, "a", first, end)).toMatchObject({
      takenBy: null,
    });
    const taken = { takenBy: "a", nextDevice: first };
    expect(await takeContinueLink(env.DB, link.id, "a", first, end - 1)).toMatchObject(taken);
    for (const by of ["a", "b"])
      expect(await takeContinueLink(env.DB, link.id, by, second, end - 1)).toMatchObject(taken);
  });
});
