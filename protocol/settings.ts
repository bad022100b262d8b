import * as z from "zod";
import { ORIGINS_MAX } from "./limits.ts";

/** How a workspace's widget looks and speaks. */
export const widgetSettings = z.object({
  /** Accent colour; the text on it is black or white, whichever contrasts more. */
  color: z.string().regex(/^#[0-9a-f]{6}$/),
  position: z.enum(["right", "left"]),
  launcher: z.enum(["bubble", "smile", "question"]),
  /** First line of the open chat. */
  title: z.string().trim().min(1).max(60),
  /** The words under it. */
  greeting: z.string().trim().min(1).max(240),
  /** Hidden until `parley('show')` or `parley('open')`. */
  isHidden: z.boolean(),
});
export type WidgetSettings = z.infer<typeof widgetSettings>;

export const DEFAULT_WIDGET: WidgetSettings = {
  color: "#4f46e5",
  position: "right",
  launcher: "bubble",
  title: "Hello, how can we help?",
  greeting: "Ask us anything. We answer here, and you can leave and come back at any time.",
  isHidden: false,
};

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);

/** Opening hours, Monday first; null is a closed day. Only used to say when somebody is back. */
export const openingHours = z.object({
  timeZone: z.string().min(1).max(64),
  week: z.array(z.object({ from: clock, to: clock }).nullable()).length(7),
});
export type OpeningHours = z.infer<typeof openingHours>;

/**
 * An allowed origin: scheme and host, exact; `https://*.example.com` for every subdomain; a loopback host
 * may have `:*` for every port. Default ports are left out, as browsers do.
 */
export const originPattern = z
  .string()
  .max(253)
  .regex(
    /^(https:\/\/(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+(:\d{1,5})?|https?:\/\/(localhost|127\.0\.0\.1)(:(\d{1,5}|\*))?)$/,
  );
export const originPatterns = z.array(originPattern).max(ORIGINS_MAX);

/**
 * What becomes of identifiers that a page claims without a proof: `off` takes them, `warn` takes them and says so,
 * `enforce` refuses them.
 */
export const IDENTITY_MODES = ["off", "warn", "enforce"] as const;
export type IdentityMode = (typeof IDENTITY_MODES)[number];
