import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  chromium,
  type Browser,
  type BrowserContext,
  type Cookie,
  type Locator,
  type Page,
  type Response,
  type WebSocket,
} from "playwright-core";
import type { VisitorId } from "../protocol/ids.ts";
import { findChromium } from "../scripts/chromium.ts";
import type { Stage } from "./product.ts";

/** The people of the end-to-end tests: visitors with a browser of their own, and operators with theirs. */

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: findChromium(), args: FLAGS });
}

/** Every byte that a browser got from the product: bodies of answers and frames of sockets. */
export class Wiretap {
  readonly heard: string[] = [];
  /** Frames that it sent. */
  readonly sent: string[] = [];

  constructor(context: BrowserContext) {
    context.on("page", (page) => this.#listen(page));
  }

  everything(): string {
    return this.heard.join("\n");
  }

  #listen(page: Page): void {
    page.on("websocket", (socket: WebSocket) => {
      socket.on("framereceived", ({ payload }) => this.heard.push(String(payload)));
      socket.on("framesent", ({ payload }) => this.sent.push(String(payload)));
    });
    page.on("response", (response) => {
      void response
        .text()
        .then((text) => this.heard.push(text))
        .catch(() => {});
    });
  }
}

/** Somebody on a site that embeds the widget. */
export class Visitor {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly wire: Wiretap;
  /** Errors that reached the host page: promise 8 says there are none. */
  readonly pageErrors: string[] = [];

  private constructor(context: BrowserContext, page: Page, wire: Wiretap) {
    this.context = context;
    this.page = page;
    this.wire = wire;
    page.on("pageerror", (error) => this.pageErrors.push(error.message));
  }

  static async arrive(
    browser: Browser,
    url: string,
    options: Parameters<Browser["newContext"]>[0] = {},
  ): Promise<Visitor> {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      ...options,
    });
    // The widget's shadow root is closed, to tests too; they open it before the page's scripts run.
    await context.addInitScript(() => {
      const attach = Element.prototype.attachShadow;
      Element.prototype.attachShadow = function (init) {
        return attach.call(this, { ...init, mode: "open" });
      };
    });
    const wire = new Wiretap(context);
    const page = await context.newPage();
    const visitor = new Visitor(context, page, wire);
    await page.goto(url);
    return visitor;
  }

  get launcher(): Locator {
    return this.page.locator("parley-widget").locator("button").first();
  }

  get chat(): Locator {
    return this.page.getByRole("dialog");
  }

  get composer(): Locator {
    return this.chat.locator("textarea");
  }

  /** What a trigger shows over the page. */
  get popup(): Locator {
    return this.page.locator("dialog.moment");
  }

  /** Another tab of the same browser. */
  inTab(page: Page): Visitor {
    return new Visitor(this.context, page, this.wire);
  }

  /** The visitor's id, once the next page has told where it is. */
  async idAfter(go: () => Promise<unknown>): Promise<VisitorId> {
    let visitor: VisitorId | undefined;
    // The page before may still be told of something: its answer goes away with it.
    const isBoot = async (response: Response): Promise<boolean> => {
      if (!response.url().endsWith("/v1/boot")) return false;
      const body: { visitor?: VisitorId } | null = await response.json().catch(() => null);
      visitor = body?.visitor;
      return visitor !== undefined;
    };
    await Promise.all([this.page.waitForResponse(isBoot), go()]);
    if (visitor === undefined) throw new Error("no page has told where it is");
    return visitor;
  }

  async openChat(): Promise<void> {
    await this.launcher.click();
    await this.composer.waitFor();
  }

  async write(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.composer.press("Enter");
  }

  /** Resolves when the newest of the visitor's messages is marked as sent. */
  async sent(): Promise<void> {
    await this.chat
      .getByText(/(^|· )(Sent|Seen)$/)
      .first()
      .waitFor();
  }

  /** Resolves when the chat shows this text. */
  async sees(text: string | RegExp): Promise<void> {
    await this.chat.getByText(text).first().waitFor();
  }
}

/** Cookies of those who have signed in, whichever test it was: codes are few in a quarter of an hour. */
async function heldCookies(stage: Stage, email: string): Promise<Cookie[]> {
  const text = await readFile(sessionOf(stage, email), "utf8").catch(() => "[]");
  return JSON.parse(text) as Cookie[]; // written below
}

function sessionOf({ sessions }: Stage, email: string): string {
  return join(sessions, `${email}.json`);
}

/** Somebody who answers. */
export class Operator {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly consoleErrors: string[] = [];

  private constructor(context: BrowserContext, page: Page) {
    this.context = context;
    this.page = page;
    page.on("console", (message) => {
      if (message.type() === "error") this.consoleErrors.push(message.text());
    });
    page.on("pageerror", (error) => this.consoleErrors.push(error.message));
  }

  /**
   * Opens the dashboard, signed in: with a session that this person has already, as in a second window, or with a
   * new code from the mailbox.
   */
  static async signIn(
    browser: Browser,
    stage: Stage,
    email: string,
    options: Parameters<Browser["newContext"]>[0] = {},
  ): Promise<Operator> {
    const { workerUrl, dashboardUrl } = stage;
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      ...options,
    });
    const page = await context.newPage();
    const operator = new Operator(context, page);
    await context.addCookies(await heldCookies(stage, email));
    await page.goto(dashboardUrl);
    const main = page.getByRole("navigation", { name: "Main" });
    await main.or(page.getByLabel("Email")).first().waitFor();
    if (await main.isVisible()) return operator;
    const before = await codesFor(workerUrl, email);
    await page.getByLabel("Email").fill(email);
    await page.getByRole("button", { name: /code|continue|sign in/i }).click();
    await page.getByLabel("6-digit code").waitFor();
    await page.getByLabel("6-digit code").fill(await newCode(workerUrl, email, before.length));
    await main.or(page.getByLabel("Company")).first().waitFor();
    await writeFile(sessionOf(stage, email), JSON.stringify(await context.cookies()));
    return operator;
  }

  row(text: string | RegExp): Locator {
    return this.page
      .getByRole("list", { name: "Conversations" })
      .getByRole("listitem")
      .filter({ hasText: text });
  }

  async openConversation(text: string | RegExp): Promise<void> {
    await this.row(text).first().click();
    await this.page.getByRole("log", { name: "Messages" }).waitFor();
  }

  get log(): Locator {
    return this.page.getByRole("log", { name: "Messages" });
  }

  get person(): Locator {
    return this.page.getByRole("complementary", { name: "Person" });
  }

  async reply(text: string): Promise<void> {
    await this.page.getByRole("tab", { name: "Reply" }).click();
    await this.#write("Reply", text);
  }

  /** Resolves when the server has taken what was written: until then the log shows it all the same. */
  async hasSent(text: string): Promise<void> {
    await this.log.locator('[data-pending="false"]', { hasText: text }).first().waitFor();
  }

  async note(text: string): Promise<void> {
    await this.page.getByRole("tab", { name: "Note" }).click();
    await this.#write("Note", text);
  }

  async #write(panel: string, text: string): Promise<void> {
    const box = this.page.getByRole("tabpanel", { name: panel }).getByRole("textbox");
    await box.fill(text);
    await box.press("Enter");
    await this.log.getByText(text).first().waitFor();
  }
}

type Mail = { to: string; subject: string; text: string; at: number };

export async function mailsTo(workerUrl: string, address: string): Promise<Mail[]> {
  const mails: Mail[] = await (await fetch(`${workerUrl}/dev/mailbox.json`)).json();
  return mails.filter((mail) => mail.to === address);
}

export async function codesFor(workerUrl: string, address: string): Promise<string[]> {
  return (await mailsTo(workerUrl, address)).flatMap(
    (mail) => /\b(\d{6})\b/.exec(mail.subject)?.[1] ?? [],
  );
}

/** The newest code, once one more has arrived than there were. */
export async function newCode(workerUrl: string, address: string, before: number): Promise<string> {
  for (let tries = 0; tries < 100; tries++) {
    const codes = await codesFor(workerUrl, address);
    if (codes.length > before && codes[0] !== undefined) return codes[0];
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`no code arrived for ${address}`);
}
