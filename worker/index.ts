import { LINK_PATH } from "../domain/identity/continue-link.ts";
import { now } from "../durable-objects/runtime/clock.ts";
import { errorBody } from "../protocol/errors.ts";
import type { EvaluationJob, ProjectionJob, SendEmail } from "../protocol/jobs.ts";
import { answerLink } from "./continue/routes.ts";
import { answerDevelopment } from "./dev/routes.ts";
import { shopLogin } from "./dev/shop-login.ts";
import { receiveEmail, type InboundMail } from "./email/inbound.ts";
import { deleteOutlivedOriginals, noteUnknownOriginals } from "./email/originals.ts";
import { answerImage, IMAGE_PATH } from "./email/remote-image.ts";
import { answerStop, STOP_PATH } from "./email/stop-everything.ts";
import type { Env } from "./env.ts";
import { answerHook } from "./hooks/routes.ts";
import { operatorApi } from "./operators/api.ts";
import { photoRoutes } from "./operators/photos.ts";

import { consumeDeadEmails, consumeEmails } from "./queues/emails.ts";
import { consumeDeadEvaluations, consumeEvaluation } from "./queues/evaluation.ts";
import { consumeDeadMailEvents, consumeMailEvents } from "./queues/mail-events.ts";
import { consumeDeadProjections, consumeProjection } from "./queues/projection.ts";
import { missingRequirements } from "./requirements.ts";
import { answerVisitor } from "./visitors/routes.ts";

export { ConversationObject } from "../durable-objects/conversation/object.ts";
export { InboxObject } from "../durable-objects/inbox/object.ts";
export { PresenceObject } from "../durable-objects/presence/object.ts";
export { ThrottleObject } from "../durable-objects/throttle/object.ts";
export { VisitorObject } from "../durable-objects/visitor/object.ts";

/** How long jobs wait for an installation that lacks something. */
const MISCONFIGURED_PAUSE_S = 600;

/** The Worker: every request by its audience, the mails that arrive, the queues' consumers, and what is done every hour. */
export default {
  async fetch(request, env, ctx) {
    const missing = missingRequirements(env);
    if (missing.length > 0) return notConfigured(missing);
    const { pathname } = new URL(request.url);
    if (pathname.startsWith("/v1/")) return answerVisitor(request, env);
    if (pathname.startsWith(LINK_PATH)) return answerLink(request, env);
    if (pathname.startsWith("/api/")) return operatorApi.fetch(request, env, ctx);
    if (pathname.startsWith(STOP_PATH)) return answerStop(request, env);
    if (pathname === IMAGE_PATH) return answerImage(request, env);
    if (pathname.startsWith("/files/")) return photoRoutes.fetch(request, env, ctx);
    if (pathname.startsWith("/hooks/")) return answerHook(request, env);
    if (pathname.startsWith("/dev/") && env.ENVIRONMENT === "development")
      return answerDevelopment(request, env, ctx);
    if (
      pathname === "/demo/login" &&
      request.method === "POST" &&
      env.ENVIRONMENT === "development"
    )
      return shopLogin(request, env);
    if (pathname.startsWith("/demo/")) return demoNotFound(request, env);
    return Response.json(errorBody("not_found"), { status: 404 });
  },

  async email(message: InboundMail, env) {
    return receiveEmail(message, env);
  },

  async scheduled(_controller, env) {
    const missing = missingRequirements(env);
    if (missing.length > 0) throw new Error(`not configured: ${missing.join(", ")}`);
    const deleted = await deleteOutlivedOriginals(env, now());
    if (deleted > 0) console.log("mails were deleted that are kept no longer", deleted);
    const noted = await noteUnknownOriginals(env);
    if (noted > 0) console.log("kept mails were noted that nobody knew of", noted);
  },

  async queue(batch, env) {
    const missing = missingRequirements(env);
    if (missing.length > 0) {
      // A batch that throws comes back at once and would use up its tries; what is missing is set by a person.
      console.error(`not configured: ${missing.join(", ")}`);
      return batch.retryAll({ delaySeconds: MISCONFIGURED_PAUSE_S });
    }
    // Each queue carries one kind of job; the platform does not type them.
    switch (batch.queue) {
      case "parley-projection":
        return consumeProjection(batch as MessageBatch<ProjectionJob>, env);
      case "parley-projection-dead":
        return consumeDeadProjections(batch as MessageBatch<ProjectionJob>, env);
      case "parley-evaluation":
        return consumeEvaluation(batch as MessageBatch<EvaluationJob>, env);
      case "parley-evaluation-dead":
        return consumeDeadEvaluations(batch as MessageBatch<EvaluationJob>, env);
      case "parley-email":
        return consumeEmails(batch as MessageBatch<SendEmail>, env);
      case "parley-email-dead":
        return consumeDeadEmails(batch as MessageBatch<SendEmail>, env);
      case "parley-mail-events":
        return consumeMailEvents(batch, env);
      case "parley-mail-events-dead":
        return consumeDeadMailEvents(batch, env);
      default:
        throw new Error(`no consumer for queue ${batch.queue}`);
    }
  },
} satisfies ExportedHandler<Env>;

/** Files are served before the Worker is asked, so what comes here is not in the shop. */
async function demoNotFound(request: Request, env: Env): Promise<Response> {
  const page = await env.ASSETS.fetch(new URL("/demo/404.html", request.url));
  return new Response(page.body, { status: 404, headers: page.headers });
}

function notConfigured(missing: string[]): Response {
  const message = `This installation lacks: ${missing.join(", ")}. See docs/deploy.md.`;
  return Response.json(errorBody("not_configured", message), { status: 503 });
}
