import { Hono } from "hono";
import { answerError } from "./answers.ts";
import type { ApiEnv } from "./api-env.ts";
import { catalogueRoutes } from "./catalogue.ts";
import { colleagueRoutes } from "./colleagues.ts";
import { conversationRoutes } from "./conversations.ts";
import { emailSettingsRoutes } from "./email-settings.ts";
import { gate } from "./gate.ts";
import { identityRoutes } from "./identity.ts";
import { linkingRoutes } from "./linking.ts";
import { profileRoutes } from "./profile.ts";
import { segmentRoutes } from "./segments.ts";
import { settingsRoutes } from "./settings.ts";
import { signInRoutes } from "./sign-in.ts";
import { socketRoutes } from "./sockets.ts";
import { suppressionRoutes } from "./suppressions.ts";
import { triggerRoutes } from "./triggers.ts";
import { visitorRoutes } from "./visitors.ts";
import { workspaceRoutes } from "./workspace.ts";

/**
 * The operators' side, under `/api`. Fixed words are registered before `:id`, as in the route table: the
 * profile before the colleagues, and who is looked up before who is named.
 */
export const operatorApi = new Hono<ApiEnv>()
  .onError(answerError)
  .use("/api/*", gate)
  .route("/api", signInRoutes)
  .route("/api", workspaceRoutes)
  .route("/api", profileRoutes)
  .route("/api", colleagueRoutes)
  .route("/api", settingsRoutes)
  .route("/api", identityRoutes)
  .route("/api", conversationRoutes)
  .route("/api", linkingRoutes)
  .route("/api", visitorRoutes)
  .route("/api", catalogueRoutes)
  .route("/api", segmentRoutes)
  .route("/api", triggerRoutes)
  .route("/api", emailSettingsRoutes)
  .route("/api", suppressionRoutes)
  .route("/api", socketRoutes);

/** For hono's typed client: `hc<OperatorApi>(origin)`. */
export type OperatorApi = typeof operatorApi;
