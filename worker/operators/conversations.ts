import { Hono } from "hono";
import { mailPageHeaders } from "../../domain/email/mail-page-policy.ts";
import { readAttachment, readHtml } from "../../domain/email/reading.ts";
import { peersOf } from "../../durable-objects/peers.ts";
import { now } from "../../durable-objects/runtime/clock.ts";
import { CodedError, ERRORS, errorCodeOf } from "../../protocol/errors.ts";
import { asId, isId } from "../../protocol/ids.ts";
import {
  acceptInput,
  attachmentQuery,
  mailAgainInput,
  mailPageQuery,
  mailQuery,
} from "../../protocol/email-api.ts";
import {
  assignInput,
  conversationsQuery,
  entriesQuery,
  type ConversationPage,
} from "../../protocol/operator-api.ts";
import { countConversations, listConversations } from "../d1/conversations.ts";
import { liftSuppression } from "../d1/suppressions.ts";
import { operatorCard, readOperator } from "../d1/operators.ts";
import { DELETED_MAIL_PAGE, mailPage } from "../email/mail-page.ts";
import { IMAGE_PATH, imagePath } from "../email/remote-image.ts";
import { readOriginal } from "../email/originals.ts";
import { memberOf, type ApiContext, type ApiEnv } from "./api-env.ts";
import { found, json, query } from "./input.ts";
import { readCursor, writeCursor } from "./list-cursor.ts";

export const conversationRoutes = new Hono<ApiEnv>()
  .get("/conversations", query(conversationsQuery), async (c) => {
    const member = memberOf(c);
    const { status, who, cursor } = c.req.valid("query");
    const after = cursor === undefined ? null : readCursor(cursor);
    if (cursor !== undefined && after === null)
      throw new CodedError("invalid", "cursor: not valid");
    const list = await listConversations(c.env.DB, member.workspace, {
      status,
      who,
      operator: member.id,
      after,
    });
    const page: ConversationPage = {
      conversations: list.conversations,
      nextCursor: list.last && writeCursor(list.last),
    };
    return c.json(page);
  })
  .get("/conversations/counts", async (c) => {
    const member = memberOf(c);
    return c.json(await countConversations(c.env.DB, member.workspace, member.id));
  })
  .get("/conversations/:id", async (c) => {
    return c.json(found(await conversationOf(c).summary()));
  })
  .get("/conversations/:id/entries", query(entriesQuery), async (c) => {
    return c.json(found(await conversationOf(c).entries(c.req.valid("query").before ?? null)));
  })
  .post("/conversations/:id/assign", json(assignInput), async (c) => {
    const member = memberOf(c);
    const { operator, note } = c.req.valid("json");
    const to = operator === null ? null : await colleagueOf(c, operator);
    return c.json(found(await conversationOf(c).assign(member.card, to, note || null)));
  })
  .post("/conversations/:id/close", async (c) => {
    return c.json(found(await conversationOf(c).setStatus(memberOf(c).card, "closed")));
  })
  .post("/conversations/:id/reopen", async (c) => {
    return c.json(found(await conversationOf(c).setStatus(memberOf(c).card, "open")));
  })
  .post("/conversations/:id/mail-again", json(mailAgainInput), async (c) => {
    const { message, lift } = c.req.valid("json");
    const address = lift === true ? await conversationOf(c).mailedTo(message) : null;
    if (address !== null) await liftSuppression(c.env.DB, memberOf(c).workspace, address, now());
    return c.json(found(await conversationOf(c).mailAgain(memberOf(c).card, message)));
  })
  .post("/conversations/:id/accept", json(acceptInput), async (c) => {
    const { seq } = c.req.valid("json");
    return c.json(found(await conversationOf(c).acceptMail(memberOf(c).card, seq)));
  })
  .get("/conversations/:id/mail", query(mailQuery), async (c) => {
    return download(await originalOf(c, c.req.valid("query").seq), "mail.eml");
  })
  .get("/conversations/:id/mail-page", query(mailPageQuery), async (c) => {
    const { seq, images } = c.req.valid("query");
    const original = await originalOf(c, seq).catch((error: unknown) => {
      if (errorCodeOf(error) === "deleted") return null;
      throw error;
    });
    if (original === null)
      return new Response(DELETED_MAIL_PAGE, {
        status: ERRORS.deleted.status,
        headers: mailPageHeaders(null),
      });
    // Asked only whether it is there.
    if (c.req.raw.method === "HEAD") return new Response(null, { headers: mailPageHeaders(null) });
    const html = found(await readHtml(original));
    const isShown = images === "shown";
    const imageAt = isShown ? (url: string) => imagePath(c.env, url) : null;
    const page = await mailPage(html, { imageAt });
    const pictures = isShown ? `${new URL(c.req.url).origin}${IMAGE_PATH}` : null;
    return new Response(page, { headers: mailPageHeaders(pictures) });
  })
  .get("/conversations/:id/attachment", query(attachmentQuery), async (c) => {
    const { seq, index } = c.req.valid("query");
    const attachment = found(await readAttachment(await originalOf(c, seq), index));
    return download(attachment.content, attachment.name);
  });

/** The mail that an entry came as, as it came. Throws `deleted` when it is kept no longer. */
async function originalOf(c: ApiContext, seq: number): Promise<Uint8Array<ArrayBuffer>> {
  const mail = found(await conversationOf(c).receivedMail(seq));
  const original = await readOriginal(c.env.FILES, memberOf(c).workspace, mail.original);
  if (original === null) throw new CodedError("deleted");
  return original;
}

/** A file that somebody unknown has sent: only ever saved, never shown or run as what it says it is. */
function download(bytes: Uint8Array<ArrayBuffer>, name: string): Response {
  const encoded = encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16)}`,
  );
  return new Response(bytes, {
    headers: {
      "content-type": "application/octet-stream",
      "content-disposition": `attachment; filename*=UTF-8''${encoded}`,
      "content-security-policy": "sandbox; default-src 'none'",
      "x-content-type-options": "nosniff",
    },
  });
}

function conversationOf(c: ApiContext) {
  return peersOf(c.env).conversation(memberOf(c).workspace, asId("cnv", found(c.get("id"))));
}

/** A colleague in the same workspace; anybody else is not there. */
async function colleagueOf(c: ApiContext, id: string) {
  return operatorCard(
    found(isId("opr", id) ? await readOperator(c.env.DB, memberOf(c).workspace, id) : null),
  );
}
