import type { BootResponse } from "../../protocol/visitor-frames.ts";
import type { ConversationId } from "../../protocol/ids.ts";
import type { SendEmail } from "../../protocol/jobs.ts";
import { answerVisitor } from "../visitors/routes.ts";
import { begunByMail, type BegunByMail } from "./mail-conversation.ts";
import { collectJobs } from "./mail-stage.ts";
import { env } from "./operator-browser.ts";
import { outcome, VisitorSite } from "./visitor-site.ts";
import type { WorkspaceFixture } from "./workspace-fixture.ts";

type Right = Pick<BootResponse, "token">;

/** What the browsers of these tests draw for their proofs and keep. */
export const SECRET = "secret-of-the-browser";

/** A site whose pages ask for codes by mail, with the limits that hold outside of development. */
export class HistoryCodes {
  readonly site: VisitorSite;
  readonly workspace: WorkspaceFixture;
  /** Mails that were asked for. They go no further. */
  jobs: SendEmail[] = [];

  private constructor(site: VisitorSite) {
    this.site = site;
    this.workspace = site.workspace;
  }

  static async of(workspace: WorkspaceFixture): Promise<HistoryCodes> {
    const production = { ...env, ENVIRONMENT: "production" };
    return new HistoryCodes(
      await VisitorSite.of(workspace, (request) => answerVisitor(request, production)),
    );
  }

  /** Nobody has asked or tried before, and what is mailed from now on is collected. */
  async beginAnew(): Promise<void> {
    await env.DB.prepare("DELETE FROM attempts").run();
    this.jobs = collectJobs();
  }

  /** A page load, with the right and the secrets that the browser has kept. */
  boot(token?: string, next?: string): Promise<BootResponse> {
    return this.site.boot({ stream: crypto.randomUUID(), token, next });
  }

  ask({ token }: Right, email: string, network?: string): Promise<Response> {
    return this.site.post("/v1/auth/code", { token, email }, { network });
  }

  prove({ token }: Right, email: string, code: string, network?: string): Promise<Response> {
    return this.site.post("/v1/auth", { token, next: SECRET, email, code }, { network });
  }

  /** The code of the newest mail that was asked for. */
  newest(): string {
    const mail = this.jobs.at(-1)?.mail;
    if (mail?.template !== "history-code") throw new Error("no code was asked for");
    return mail.code;
  }

  /** Somebody has written by mail, and no mail was asked for since. */
  async correspondent(): Promise<BegunByMail> {
    const begun = await begunByMail(this.workspace);
    this.jobs.length = 0;
    return begun;
  }

  /** A browser with a code for somebody who has written by mail. */
  async asked(): Promise<{
    address: string;
    conversation: ConversationId;
    page: BootResponse;
    code: string;
  }> {
    const { address, conversation } = await this.correspondent();
    const page = await this.boot();
    const said = await outcome(this.ask(page, address));
    if (said !== "ok") throw new Error(said);
    return { address, conversation, page, code: this.newest() };
  }
}

/** Another code than this one. */
export const wrong = (code: string): string => (code === "000000" ? "000001" : "000000");
