import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Contact } from "../../protocol/contact.ts";
import { errorCodeOf, type ErrorCode } from "../../protocol/errors.ts";
import { newId, type WorkspaceId } from "../../protocol/ids.ts";
import type { TimelineItem } from "../../protocol/person.ts";
import type { IdentityMode } from "../../protocol/settings.ts";
import type { ObjectBindings } from "../bindings.ts";
import { SEGMENT, setDefinitions } from "../testing/definitions.ts";
import { Browser, holdVisitorQueues, jwt, loop } from "../testing/people.ts";
import { openVisitorSocket } from "../testing/sockets.ts";
import { VisitorTriggering } from "./triggering.ts";

const bindings = env as unknown as ObjectBindings; // the test's env is the Worker's
const ADDRESS = "ada@corp.example";
const OTHER = "other@corp.example";

let workspace: WorkspaceId;
beforeEach(() => {
  workspace = newId("wsp", Date.now());
  holdVisitorQueues();
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** What the workspace does with claims, before anybody of it is here. */
async function claimsAre(mode: IdentityMode): Promise<void> {
  await setDefinitions(bindings.DB, workspace, {});
  await bindings.DB.prepare("UPDATE workspaces SET identity_mode = ? WHERE id = ?")
    .bind(mode, workspace)
    .run();
}

/** @returns The code of the refusal, where there is one. */
async function choose(browser: Browser, address: string): Promise<Contact | ErrorCode | null> {
  try {
    return await browser.object.chooseContact(browser.device, { address });
  } catch (error) {
    return errorCodeOf(error);
  }
}
const claimsOf = async (browser: Browser) =>
  (await browser.timeline()).filter(
    (item): item is Extract<TimelineItem, { type: "identify" }> => item.type === "identify",
  );
/** Changes with whatever is written. */
const versionOf = async (browser: Browser) => (await browser.card()).version;
async function contactOf(browser: Browser) {
  const outcome = await browser.boot();
  return outcome.isEnded ? expect.unreachable("its right has ended") : outcome.contact;
}

describe("an address that somebody types", () => {
  test("is a claim beside those that they have made, and one however often they type it", async () => {
    const ada = await Browser.arrive(workspace);
    await ada.does({ type: "identify", userId: "ada-1" });
    await choose(ada, ADDRESS);
    const version = await versionOf(ada);
    expect(await choose(ada, ` ${ADDRESS.toUpperCase()} `)).toMatchObject({ address: ADDRESS });
    expect((await ada.card()).identifiers).toEqual([
      { kind: "email", value: ADDRESS, isVerified: false },
      { kind: "user_id", value: "ada-1", isVerified: false },
    ]);
    expect(await claimsOf(ada)).toHaveLength(2);
    expect(await versionOf(ada)).toBe(version);
  });

  test.each([
    ["off", [undefined]],
    ["warn", [true]],
  ] as const)("is marked as unproven where claims are: %s", async (mode, marks) => {
    await claimsAre(mode);
    const ada = await Browser.arrive(workspace);
    await choose(ada, ADDRESS);
    expect((await claimsOf(ada)).map(({ isUnproven }) => isUnproven)).toEqual(marks);
  });

  test("is refused where claims are, unless they have proven it", async () => {
    await claimsAre("enforce");
    const ada = await Browser.arrive(workspace);
    expect(await choose(ada, ADDRESS)).toBe("unproven");
    await ada.prove(loop(ADDRESS));
    expect(await choose(ada, OTHER)).toBe("unproven");
    expect(await choose(ada, ADDRESS)).toMatchObject({ address: ADDRESS, isProven: true });
    expect((await claimsOf(ada)).map(({ isUnproven }) => isUnproven)).not.toContain(true);
  });

  test("is not taken while nobody knows what the workspace does with claims", async () => {
    const ada = await Browser.arrive(workspace);
    const unread = vi.spyOn(VisitorTriggering.prototype, "definitions").mockResolvedValue(null);
    expect(await choose(ada, ADDRESS)).toBe("overloaded");
    unread.mockRestore();
    expect(await contactOf(ada)).toMatchObject({ address: null });
  });

  test("leads into the segments that ask for it", async () => {
    const is = { type: "text", test: { op: "is", value: ADDRESS } } as const;
    const segments = { [SEGMENT]: { type: "property", key: "email", is } as const };
    await setDefinitions(bindings.DB, workspace, { segments });
    const ada = await Browser.arrive(workspace);
    expect((await ada.card()).segments).toEqual([]);
    await choose(ada, ADDRESS);
    expect((await ada.card()).segments).toMatchObject([{ id: SEGMENT }]);
  });

  test("is none where no mail could go there", async () => {
    const ada = await Browser.arrive(workspace);
    for (const typed of ["nowhere", ""]) expect(await choose(ada, typed)).toBe("invalid");
    expect(await claimsOf(ada)).toEqual([]);
  });

  test("is told to every open page, and nothing is told where nothing has changed", async () => {
    const ada = await Browser.arrive(workspace);
    const page = await openVisitorSocket(ada.object, ada.device);
    await page.until(({ t }) => t === "hello");
    await choose(ada, ADDRESS);
    await ada.track("Bell Rung");
    await choose(ada, OTHER);
    for (const told of [ADDRESS, OTHER, OTHER]) await ada.object.noteContactCode(told);
    // What was told before stands before what is asked for now.
    await page.ask({ t: "conversations" });
    expect(page.ofType("contact")).toMatchObject([
      { contact: { address: ADDRESS } },
      { contact: { address: OTHER, hasCode: false } },
      { contact: { address: OTHER, hasCode: true } },
    ]);
  });
});

describe("a code that went to an address", () => {
  test("is known of the one that is theirs now, once", async () => {
    const ada = await Browser.arrive(workspace);
    await ada.object.noteContactCode(ADDRESS);
    await choose(ada, ADDRESS);
    expect(await contactOf(ada)).toMatchObject({ hasCode: false });
    await ada.object.noteContactCode(ADDRESS);
    expect(await contactOf(ada)).toMatchObject({ hasCode: true });
    const version = await versionOf(ada);
    for (const told of [ADDRESS, OTHER]) await ada.object.noteContactCode(told);
    expect(await versionOf(ada)).toBe(version);
    expect(await contactOf(ada)).toMatchObject({ hasCode: true });
  });

  test("is told to whoever the visitor is by now", async () => {
    const home = await Browser.known(workspace, "ada-1");
    const phone = await Browser.arrive(workspace);
    await choose(phone, ADDRESS);
    const former = phone.object;
    await phone.prove(jwt("ada-1"));
    expect(phone.visitor).toBe(home.visitor);
    await former.noteContactCode(ADDRESS);
    expect(await contactOf(home)).toMatchObject({ address: ADDRESS, hasCode: true });
  });
});

describe("everything by mail", () => {
  const isEverything = async (browser: Browser) => (await contactOf(browser)).isEverything;

  test("is stopped from the address that gets it, and from no other", async () => {
    const ada = await Browser.known(workspace, "ada-1", ADDRESS);
    const page = await openVisitorSocket(ada.object, ada.device);
    await page.until(({ t }) => t === "hello");
    await ada.object.chooseContact(ada.device, { isEverything: true });
    await ada.object.stopEverything(OTHER);
    expect(await isEverything(ada)).toBe(true);
    await ada.object.stopEverything(ADDRESS);
    await page.ask({ t: "conversations" });
    expect(page.ofType("contact")).toMatchObject([
      { contact: { isEverything: true } },
      { contact: { isEverything: false } },
    ]);
    expect(await isEverything(ada)).toBe(false);
    const version = await versionOf(ada);
    await ada.object.stopEverything(ADDRESS);
    expect(await versionOf(ada)).toBe(version);
  });

  test("is stopped for whoever the visitor is by now", async () => {
    const home = await Browser.known(workspace, "ada-1", ADDRESS);
    const phone = await Browser.arrive(workspace);
    const former = phone.object;
    await phone.prove(jwt("ada-1", ADDRESS));
    await home.object.chooseContact(home.device, { isEverything: true });
    await former.stopEverything(ADDRESS);
    expect(await isEverything(home)).toBe(false);
  });
});
