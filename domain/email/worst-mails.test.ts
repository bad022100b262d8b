import { expect, it } from "vitest";
import { decide } from "./decision.ts";
import { splitMail } from "./headers.ts";
import {
  MAIL_BOUNDARY_LINES_MAX,
  MAIL_HEADERS_MAX_BYTES,
  MAIL_LINES_MAX,
  MAIL_MAX_BYTES,
} from "./limits.ts";
import { readMail } from "./reading.ts";
import { WORST_MAILS } from "./testing/worst-mails.ts";

/** Far more than any of them takes; what is quadratic takes minutes. `npm run bench -- --only mails` measures. */
const TOO_LONG_MS = 20_000;

it.each(Object.keys(WORST_MAILS))(
  "EIN-23: %s: admitted, at its limits, and read in bounded time",
  async (name) => {
    const text = WORST_MAILS[name]?.() ?? "";
    const bytes = new Uint8Array(new TextEncoder().encode(text));
    const split = splitMail(bytes);
    const isAtALimit = [
      [bytes.length, MAIL_MAX_BYTES],
      [split.headerBytes, MAIL_HEADERS_MAX_BYTES],
      [text.split("\n").length, MAIL_LINES_MAX],
      [text.split("\n--b").length, MAIL_BOUNDARY_LINES_MAX],
      // What is beyond the lines that are looked at for quotes is shown as it is.
      [text.split("\n").length * 1.2, 5_000],
    ].some(([is = 0, most = 0]) => is > most * 0.95 && is <= most * 1.2);
    expect(isAtALimit).toBe(true);
    const startedAt = performance.now();
    decide({
      headers: split.headers,
      envelopeFrom: "ada@corp.example",
      participant: null,
      isJudged: true,
      isOwn: () => false,
    });
    const { flaw } = await readMail(bytes, split);
    expect(performance.now() - startedAt).toBeLessThan(TOO_LONG_MS);
    expect(flaw).toBeNull();
  },
  60_000,
);
