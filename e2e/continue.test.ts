import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readCode } from "../domain/qr/testing/read-code.ts";
import { findBarriers } from "./accessibility.ts";
import { launchBrowser, mailsTo, Operator, Visitor } from "./people.ts";
import { shop } from "./shopper.ts";
import { urls } from "./stage.ts";

const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

/** What the drawn code says, read from what the browser shows of it. */
async function readShownCode({ chat, page }: Visitor): Promise<string> {
  const picture = chat.getByRole("img", { name: "QR code of the link" });
  await picture.waitFor();
  const png = await picture.screenshot();
  const matrix = await page.evaluate(async (bytes) => {
    const blob = new Blob([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))]);
    const image = await createImageBitmap(blob);
    const canvas = new OffscreenCanvas(image.width, image.height);
    const context = canvas.getContext("2d");
    if (context === null) throw new Error("no canvas");
    context.drawImage(image, 0, 0);
    const { data, width, height } = context.getImageData(0, 0, image.width, image.height);
    const isDark = (x: number, y: number) =>
      (data[4 * (Math.floor(y) * width + Math.floor(x))] ?? 255) < 128;
    // The finder's upper bar is seven modules wide.
    let top = 0;
    let left = width;
    for (let y = 0; y < height && left === width; y++)
      for (let x = 0; x < width; x++)
        if (isDark(x, y)) {
          [top, left] = [y, x];
          break;
        }
    let bar = 0;
    while (isDark(left + bar, top + 1)) bar++;
    const span = width - 2 * left;
    const side = Math.round(span / (bar / 7));
    const modules = 17 + 4 * Math.round((side - 17) / 4);
    const step = span / modules;
    return Array.from({ length: modules }, (_, row) =>
      Array.from({ length: modules }, (_, column) =>
        isDark(left + (column + 0.5) * step, top + (row + 0.5) * step),
      ),
    );
  }, png.toString("base64"));
  return readCode(matrix);
}

const linkField = ({ chat }: Visitor) => chat.getByRole("textbox", { name: "Link" });
const goElsewhere = ({ chat }: Visitor) =>
  chat.getByRole("button", { name: "Continue on another device" });

async function makeLink(visitor: Visitor): Promise<string> {
  await goElsewhere(visitor).click();
  await visitor.chat.getByRole("img", { name: "QR code of the link" }).waitFor();
  return linkField(visitor).inputValue();
}

async function useLink({ page }: Visitor): Promise<void> {
  await page.getByRole("button", { name: "Continue on this device" }).click();
  await page.waitForURL((url) => url.pathname.startsWith("/demo/"));
}

describe("somebody who wrote on a computer", () => {
  test("goes on with the phone by the code, in the same thread, and both keep it", async () => {
    const ada = await Visitor.arrive(browser, `${shop}?tea=green`);
    await ada.openChat();
    expect(await goElsewhere(ada).isVisible()).toBe(false);
    await ada.write("CANARY-1: where is my teapot?");
    await ada.sent();
    expect(await goElsewhere(ada).getAttribute("aria-expanded")).toBe("false");
    const link = await makeLink(ada);
    expect(await goElsewhere(ada).getAttribute("aria-expanded")).toBe("true");
    expect(await readShownCode(ada)).toBe(link);
    await ada.chat.getByText("Works once, for 10 min").waitFor();

    // Programs that look at links change nothing.
    for (const method of ["GET", "HEAD", "GET"]) await fetch(link, { method });
    const phone = await Visitor.arrive(browser, link, PHONE);
    await phone.page.getByText("Demo shop").first().waitFor();
    expect(await phone.page.content()).not.toContain("CANARY");
    await useLink(phone);
    await phone.sees("You continue here what you began on another device.");
    await phone.sees("CANARY-1: where is my teapot?");
    expect(phone.page.url()).toBe(`${shop}?tea=green`);

    await phone.write("CANARY-2: from the phone");
    await ada.chat.getByRole("button", { name: "Back" }).click();
    await ada.sees("CANARY-2: from the phone");
    await phone.page.reload();
    await phone.launcher.click();
    await phone.sees("CANARY-2: from the phone");

    const late = await Visitor.arrive(browser, link);
    await late.page.getByRole("heading", { name: "This link does not work" }).waitFor();
    for (const visitor of [ada, phone, late]) expect(visitor.pageErrors).toEqual([]);
    await Promise.all([ada, phone, late].map(({ context }) => context.close()));
  });

  test("does not get into a browser with a conversation of its own, which says so", async () => {
    const [ada, bob] = [await Visitor.arrive(browser, shop), await Visitor.arrive(browser, shop)];
    for (const visitor of [ada, bob]) await visitor.openChat();
    await ada.write("CANARY-A");
    await bob.write("CANARY-B");
    for (const visitor of [ada, bob]) await visitor.sent();
    await bob.page.goto(await makeLink(ada));
    await useLink(bob);
    await bob.sees("This browser has a conversation or a sign-in of its own");
    await bob.sees("CANARY-B");
    expect(bob.page.url()).toBe(shop);
    expect(bob.wire.everything()).not.toContain("CANARY-A");
    await Promise.all([ada, bob].map(({ context }) => context.close()));
  });

  test("can have the browser begin anew that a link led into somebody else's conversation", async () => {
    const ada = await Visitor.arrive(browser, shop);
    await ada.openChat();
    await ada.write("CANARY-C");
    await ada.sent();
    const eve = await Visitor.arrive(browser, await makeLink(ada));
    await useLink(eve);
    await eve.sees("CANARY-C");
    await eve.chat.getByRole("button", { name: "Not yours? Start anew" }).click();
    await eve.chat.getByText("CANARY-C").waitFor({ state: "detached" });
    // The chat was open, so it opens again by itself.
    await eve.page.reload();
    await eve.composer.waitFor();
    expect(await eve.chat.getByText("CANARY-C").count()).toBe(0);
    await Promise.all([ada, eve].map(({ context }) => context.close()));
  });

  test("and signs in there is alone with it: the phone that a link let in begins anew, with what it has not sent", async () => {
    const ada = await Visitor.arrive(browser, shop);
    await ada.openChat();
    await ada.write("CANARY-D");
    await ada.sent();
    const phone = await Visitor.arrive(browser, await makeLink(ada), PHONE);
    await useLink(phone);
    await phone.sees("CANARY-D");
    // More than a stream may be ahead of what has arrived.
    await phone.page.evaluate(() => {
      const { parley } = window as unknown as { parley: (...call: unknown[]) => void };
      for (let n = 0; n < 70; n++) parley("track", "Bell Rung");
      // As after a code: what was found then is nothing to whoever begins anew.
      localStorage.setItem("parley:pk_demo:found", "1");
    });
    await phone.composer.fill("Not sent yet");

    await ada.page.goto(`${shop}account/`);
    await ada.page.getByLabel("Name").fill("Ada");
    await ada.page.getByLabel("Email", { exact: true }).fill("ada.continues@example.test");
    await ada.page.getByRole("button", { name: "Continue", exact: true }).click();
    await phone.chat.getByText("CANARY-D").waitFor({ state: "detached" });
    const heard = phone.wire.heard.length;
    await phone.chat.getByRole("button", { name: "I wrote before" }).waitFor();
    expect(await phone.composer.inputValue()).toBe("Not sent yet");
    await ada.page.goto(shop);
    await ada.sees("CANARY-D");
    await ada.write("CANARY-E: mine alone");
    await ada.sent();

    await phone.composer.press("Enter");
    await phone.sent();
    const told = phone.page.waitForResponse((response) => response.url().endsWith("/v1/boot"));
    await phone.page.reload();
    expect((await (await told).json()).rejected).toEqual([]);
    await phone.launcher.click();
    await phone.sees("Not sent yet");
    expect(phone.wire.heard.slice(heard).join("\n")).not.toContain("CANARY");
    expect(await ada.chat.getByText("Not sent yet").count()).toBe(0);
    expect(phone.wire.heard.join("\n")).not.toContain("stream_window");
    for (const visitor of [ada, phone]) expect(visitor.pageErrors).toEqual([]);
    await Promise.all([ada, phone].map(({ context }) => context.close()));
  });
});

describe("somebody who got an answer by mail", () => {
  test("goes on in the chat by its link, in a browser that was never there, and the address is proven", async () => {
    const address = "hedy.lamarr@corp.example";
    const mailbox = await browser.newPage();
    await mailbox.goto(`${urls.workerUrl}/dev/mailbox`);
    await mailbox.getByText("Write a mail to the demo workspace").click();
    await mailbox.getByLabel("From").fill(`Grace Hopper <${address}>`);
    await mailbox.getByLabel("Subject").fill("A question");
    await mailbox.locator(".write form").getByLabel("Text").fill("CANARY-1: do you ship to Oslo?");
    await mailbox.locator(".write form").getByRole("button", { name: "Send" }).click();
    await mailbox.getByText("The mail has arrived").waitFor();
    const olivia = await Operator.signIn(browser, urls, "owner@demo.test");
    await olivia.page.goto(`${urls.dashboardUrl}/inbox`);
    await olivia.page.getByRole("link", { name: /Grace Hopper/ }).click();
    await olivia.log.getByText("CANARY-1").waitFor();
    await olivia.reply("CANARY-2: we do.");
    await olivia.log.getByText("Sent by email").waitFor();
    const [mail] = await mailsTo(urls.workerUrl, address);
    const [link = ""] = /http:\S+\/c\/[0-9a-z]{42}/.exec(mail?.text ?? "") ?? [];

    const grace = await Visitor.arrive(browser, link, PHONE);
    await grace.page.getByText("This also confirms that the mailbox").waitFor();
    await useLink(grace);
    await grace.sees("CANARY-1: do you ship to Oslo?");
    await grace.sees("CANARY-2: we do.");
    await grace.write("CANARY-3: thank you");
    await olivia.log.getByText("CANARY-3").waitFor();
    await olivia.person.getByText("Verified", { exact: true }).first().waitFor();
    expect(grace.pageErrors).toEqual([]);
    await mailbox.close();
    await Promise.all([grace, olivia].map(({ context }) => context.close()));
  });
});

test.each([
  ["on a screen", {}],
  ["in the dark", { colorScheme: "dark" as const }],
  ["on a phone", PHONE],
  ["in a language from the right", { locale: "ar" }],
])("the link and its pages have no barriers %s", async (_, options) => {
  const visitor = await Visitor.arrive(browser, shop, options);
  const isArabic = "locale" in options;
  if (isArabic)
    await visitor.page.evaluate(() => {
      document.documentElement.lang = "ar";
    });
  await visitor.openChat();
  await visitor.write("Hello");
  const words = isArabic
    ? { go: "المتابعة على جهاز آخر", code: "رمز QR للرابط", here: "المتابعة على هذا الجهاز" }
    : {
        go: "Continue on another device",
        code: "QR code of the link",
        here: "Continue on this device",
      };
  const go = visitor.chat.getByRole("button", { name: words.go });
  await go.waitFor();
  await go.focus();
  await visitor.page.keyboard.press("Enter");
  await visitor.chat.getByRole("img", { name: words.code }).waitFor();
  expect(await findBarriers(visitor.page, "parley-widget")).toEqual([]);
  const link = await visitor.chat.locator("input[readonly]").inputValue();
  const overhang = await visitor.page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overhang).toBe(0);
  const other = await Visitor.arrive(browser, link, options);
  await other.page.getByRole("button", { name: words.here }).waitFor();
  expect(await findBarriers(other.page, "body")).toEqual([]);
  await other.page.keyboard.press("Tab");
  await other.page.keyboard.press("Enter");
  await other.chat.getByRole("status").first().waitFor();
  expect(await findBarriers(other.page, "parley-widget")).toEqual([]);
  await Promise.all([visitor, other].map(({ context }) => context.close()));
});
