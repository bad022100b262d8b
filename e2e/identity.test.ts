import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findBarriers } from "./accessibility.ts";
import { launchBrowser, Operator, Visitor } from "./people.ts";
import { logIn, logInHere, ofTheShop, openChatInShop, shop } from "./shopper.ts";
import { urls } from "./stage.ts";

const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

/** Everything that this browser has kept for the widget. */
const keptBy = ({ page }: Visitor) =>
  page.evaluate(() =>
    JSON.stringify(Object.entries(localStorage).filter(([name]) => name.startsWith("parley:"))),
  );

/** Another tab with the chat open, which can lose its connection and get it back. */
async function openedTab(visitor: Visitor): Promise<Visitor & { setOffline(is: boolean): void }> {
  const page = await visitor.context.newPage();
  let isOffline = false;
  const sockets = new Set<{ close(): Promise<void> }>();
  await page.route("**/v1/*", (route) => (isOffline ? route.abort() : route.continue()));
  await page.routeWebSocket(/\/v1\//, (socket) => {
    if (isOffline) return void socket.close();
    socket.connectToServer();
    sockets.add(socket);
  });
  const tab = visitor.inTab(page);
  await openChatInShop(tab);
  return Object.assign(tab, {
    setOffline(is: boolean) {
      isOffline = is;
      if (is) for (const socket of sockets) void socket.close();
      sockets.clear();
    },
  });
}

describe("a tab without a connection while another one signs in", () => {
  test.each([
    ["is a person of their own by that", "Ines", false],
    ["turns out to be a known one", "Jon", true],
  ])("keeps its draft and what it has not sent, where its person %s", async (_, name, isKnown) => {
    const email = `${name.toLowerCase()}@example.test`;
    if (isKnown) {
      const elsewhere = await Visitor.arrive(browser, shop);
      await logIn(elsewhere, { name, email });
      await openChatInShop(elsewhere);
      await elsewhere.write("From another computer");
      await elsewhere.sent();
      await elsewhere.context.close();
    }
    const home = await Visitor.arrive(browser, shop);
    const away = await openedTab(home);
    await away.write("Written before");
    await away.sent();
    away.setOffline(true);
    await away.write("Written on a train");
    await away.composer.fill("A draft from the train");
    await logIn(home, { name, email });
    // Who it is that has signed in is not known there, so nothing is shown.
    await expect.poll(() => away.composer.inputValue()).toBe("");
    expect(await away.chat.getByText("Written").count()).toBe(0);
    away.setOffline(false);
    await expect.poll(() => away.composer.inputValue()).toBe("A draft from the train");
    await away.sees("Written on a train");
    await openChatInShop(home);
    await home.sees("Written on a train");
    expect(await home.chat.getByText("Written on a train").count()).toBe(1);
    expect([away.pageErrors, home.pageErrors]).toEqual([[], []]);
    await home.context.close();
  });

  test("has nothing of its person left for another one", async () => {
    const home = await Visitor.arrive(browser, shop);
    await logIn(home, { name: "Kara", email: "kara@example.test" });
    const away = await openedTab(home);
    await away.write("CANARY-A: sent");
    await away.sent();
    away.setOffline(true);
    await away.composer.fill("CANARY-B: a draft");
    await home.page.evaluate(() => {
      for (const name of Object.keys(localStorage))
        if (!name.startsWith("parley:")) localStorage.removeItem(name);
    });
    await home.page.goto(`${shop}account/`);
    await away.write("CANARY-C: not sent");
    await away.composer.fill("CANARY-D: a draft");
    await logIn(home, { name: "Liam", email: "liam@example.test" });
    await expect.poll(() => away.composer.inputValue()).toBe("");
    const heard = home.wire.heard.length;
    const sent = home.wire.sent.length;
    away.setOffline(false);
    await away.write("Liam here");
    await away.sent();
    expect(await away.composer.inputValue()).toBe("");
    expect(await away.chat.getByText("CANARY").count()).toBe(0);
    expect(home.wire.heard.slice(heard).join("\n")).not.toContain("CANARY");
    expect(home.wire.sent.slice(sent).join("\n")).not.toContain("CANARY");
    expect(await keptBy(home)).not.toContain("CANARY");
    await home.context.close();
  });
});

describe("one person on a computer and a phone", () => {
  test("has the whole thread on both; whoever claims the email sees nothing, and neither does anybody after a sign-out", async () => {
    const ann = await Visitor.arrive(browser, shop);
    await ann.openChat();
    await ann.write("CANARY-1: where is my kettle?");
    await ann.sent();
    await logIn(ann, { name: "Ann Lee", email: "ann@example.test" });
    await openChatInShop(ann);
    await ann.sees("CANARY-1: where is my kettle?");

    const olivia = await Operator.signIn(browser, urls, "owner@demo.test");
    await olivia.openConversation("CANARY-1: where is my kettle?");
    await olivia.reply("CANARY-2: on its way.");
    await olivia.person.getByText("Verified", { exact: true }).first().waitFor();
    await olivia.person.getByText("Has proven who uses it").waitFor();

    // On the phone, first as somebody who is not known.
    const phone = await Visitor.arrive(browser, `${shop}category/kettles/`, PHONE);
    const tab = phone.inTab(await phone.context.newPage());
    await tab.page.goto(shop);
    await tab.openChat();
    await logIn(phone, { name: "Ann Lee", email: "ann@example.test" });
    await tab.sees("CANARY-2: on its way.");
    await openChatInShop(phone);
    await phone.sees("CANARY-1: where is my kettle?");
    await phone.sees("CANARY-2: on its way.");
    await phone.write("CANARY-3: thank you, I am on my phone now");
    await ann.sees("CANARY-3: thank you, I am on my phone now");
    await olivia.log.getByText("CANARY-3").waitFor();
    await tab.sees("CANARY-3: thank you, I am on my phone now");

    const eve = await Visitor.arrive(browser, shop);
    await eve.page.evaluate(() => {
      const { parley } = window as unknown as { parley: (...call: unknown[]) => void };
      parley("identify", "shopper:ann@example.test", { email: "ann@example.test", verified: true });
      parley("auth", "shopper:ann@example.test", "0".repeat(64));
      parley("auth", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJzaG9wcGVyOmFubkBleGFtcGxlLnRlc3QifQ.");
    });
    await openChatInShop(eve);
    await eve.write("What did I write before?");
    await eve.sent();
    expect(eve.wire.everything()).not.toContain("CANARY");

    // Signed out on the phone: what comes from then on is somebody else's.
    await phone.page.goto(`${shop}account/`);
    await ofTheShop(phone).getByRole("button", { name: "Sign out" }).click();
    const heard = phone.wire.heard.length;
    await openChatInShop(phone);
    expect(await phone.chat.getByText("CANARY").count()).toBe(0);
    await tab.chat.getByText("CANARY").first().waitFor({ state: "detached" });
    await phone.write("Hello, who are you?");
    await phone.sent();
    expect(phone.wire.heard.slice(heard).join("\n")).not.toContain("CANARY");
    expect(await keptBy(phone)).not.toContain("CANARY");
    await ann.sees("CANARY-3: thank you, I am on my phone now");
    for (const visitor of [ann, phone, tab, eve]) expect(visitor.pageErrors).toEqual([]);
    await Promise.all([ann, phone, eve, olivia].map(({ context }) => context.close()));
  });

  test("another person who signs in without a sign-out before finds nothing, not even a draft", async () => {
    const shared = await Visitor.arrive(browser, shop);
    await logIn(shared, { name: "Dora", email: "dora@example.test" });
    await openChatInShop(shared);
    await shared.write("CANARY-4: my doctor says");
    await shared.sent();
    await shared.composer.fill("CANARY-5: a draft");
    // The shop forgets to sign Dora out.
    await shared.page.evaluate(() => {
      for (const name of Object.keys(localStorage))
        if (!name.startsWith("parley:")) localStorage.removeItem(name);
    });
    await logIn(shared, { name: "Fred", email: "fred@example.test" });
    const heard = shared.wire.heard.length;
    await openChatInShop(shared);
    expect(await shared.chat.getByText("CANARY").count()).toBe(0);
    expect(await shared.composer.inputValue()).toBe("");
    await shared.write("Fred here");
    await shared.sent();
    expect(shared.wire.heard.slice(heard).join("\n")).not.toContain("CANARY");
    expect(await keptBy(shared)).not.toContain("CANARY");
    await shared.context.close();
  });

  test("who wrote before they signed in is one person with one history, on every device", async () => {
    const computer = await Visitor.arrive(browser, shop);
    await logIn(computer, { name: "Hanna", email: "hanna@example.test" });
    await openChatInShop(computer);
    await computer.write("CANARY-6: from the computer");
    await computer.sent();
    const phone = await Visitor.arrive(browser, `${shop}category/kettles/`, PHONE);
    await phone.openChat();
    await phone.write("CANARY-7: from the phone");
    await phone.sent();
    await logIn(phone, { name: "Hanna", email: "hanna@example.test" });
    await openChatInShop(phone);
    await phone.sees("CANARY-7: from the phone");
    await computer.sees("CANARY-7: from the phone");

    const olivia = await Operator.signIn(browser, urls, "owner@demo.test");
    await olivia.openConversation("CANARY-7: from the phone");
    await olivia.person.getByText("Turned out to be one person on two devices").waitFor();
    await olivia.person.getByText("hanna@example.test").first().waitFor();
    expect(await olivia.person.getByText("Has proven who uses it").count()).toBe(2);
    await olivia.reply("CANARY-8: to both of your devices");
    await phone.sees("CANARY-8: to both of your devices");
    await computer.sees("CANARY-8: to both of your devices");
    for (const visitor of [computer, phone]) expect(visitor.pageErrors).toEqual([]);
    await Promise.all([computer, phone, olivia].map(({ context }) => context.close()));
  });

  test("what a page has told and not heard of goes along when the device moves", async () => {
    const first = await Visitor.arrive(browser, shop);
    await logIn(first, { name: "Gil", email: "gil@example.test" });
    const second = await Visitor.arrive(browser, `${shop}account/`);
    // Facts cannot leave by the socket, so they wait in the page while it signs in.
    await second.page.evaluate(async () => {
      const { parley } = window as unknown as { parley: (...call: unknown[]) => Promise<void> };
      await parley("ready");
      const send = WebSocket.prototype.send;
      WebSocket.prototype.send = function (text) {
        if (typeof text !== "string" || !text.includes("Told before")) send.call(this, text);
      };
      void parley("track", "Told before the move");
      addEventListener("parley:auth", () => {
        WebSocket.prototype.send = send;
      });
    });
    await logInHere(second, { name: "Gil", email: "gil@example.test" });
    const olivia = await Operator.signIn(browser, urls, "owner@demo.test");
    const visitor = await first.idAfter(() => first.page.goto(shop));
    await expect
      .poll(
        () =>
          olivia.page.evaluate(async (id) => {
            const answer = await fetch(`/api/visitors/${id}`);
            const card: { events: { name: string; count: number }[] } = await answer.json();
            return card.events.find(({ name }) => name === "Told before the move")?.count;
          }, visitor),
        { timeout: 15_000 },
      )
      .toBe(1);
    await Promise.all([first, second, olivia].map(({ context }) => context.close()));
  });
});

describe("the settings for identity", () => {
  test.each([
    ["on a screen", {}],
    ["on a phone in the dark", { ...PHONE, colorScheme: "dark" as const }],
  ])("show keys, code and figures without barriers %s", async (_, options) => {
    const olivia = await Operator.signIn(browser, urls, "owner@demo.test", options);
    const { page } = olivia;
    await page.goto(`${urls.dashboardUrl}/settings/identity`);
    await page.getByRole("heading", { name: "Code for your server" }).waitFor();
    await page.getByText(/of the\s+sessions/).waitFor();
    expect(await findBarriers(page)).toEqual([]);
    const overhang = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      return scrollWidth - clientWidth;
    });
    expect(overhang).toBe(0);
    await page.getByRole("button", { name: "Replace the key" }).click();
    await page.getByRole("dialog").getByText("For 7 days more").waitFor();
    expect(await findBarriers(page, "[role=dialog]")).toEqual([]);
    expect(olivia.consoleErrors).toEqual([]);
    await olivia.context.close();
  });

  test("a key is replaced and revoked, and an agent sees none of it", async () => {
    const olivia = await Operator.signIn(browser, urls, "owner@demo.test");
    const { page } = olivia;
    await page.goto(`${urls.dashboardUrl}/settings/identity`);
    await page.getByRole("button", { name: "Replace the key" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Replace" }).click();
    const keys = page.getByRole("list", { name: "Keys" }).getByRole("listitem");
    await keys.filter({ hasText: "In use" }).waitFor();
    await keys.filter({ hasText: "Until" }).waitFor();
    await keys.filter({ hasText: "In use" }).getByRole("button", { name: "Show" }).click();
    expect(await keys.filter({ hasText: "In use" }).locator("code").first().textContent()).toMatch(
      /^[\w-]{43}$/,
    );
    await keys.filter({ hasText: "In use" }).getByRole("button", { name: "Revoke" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
    await keys.filter({ hasText: "Revoked" }).waitFor();

    const adam = await Operator.signIn(browser, urls, "agent@demo.test");
    await adam.page.goto(`${urls.dashboardUrl}/settings/identity`);
    await adam.page.getByText("Only owners and admins can change this.").waitFor();
    expect(await adam.page.getByText("idk_").count()).toBe(0);
    await Promise.all([olivia, adam].map(({ context }) => context.close()));
  });
});
