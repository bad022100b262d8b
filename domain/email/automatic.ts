import { valuesOf, type Header } from "./headers.ts";

/**
 * What nobody wrote by hand. `bounce`: a mail server reports on a mail. `reply`: a machine answers, or mails in bulk.
 * `list`: a mailing list passes on what may well be a person's.
 */
export type Automatic = "bounce" | "reply" | "list";

/** RFC 3834 and the habits of those who do not follow it. `X-Auto-Response-Suppress` alone means nothing: Outlook sets it on mails of people. */
export function automaticKind(
  headers: readonly Header[],
  envelopeFrom: string,
  address: string | null,
): Automatic | null {
  const first = (name: string): string => valuesOf(headers, name)[0]?.toLowerCase() ?? "";
  const type = first("content-type");
  const isReport =
    type.startsWith("multipart/report") &&
    /report-type\s*=\s*"?(delivery-status|feedback-report)/.test(type);
  const isEmptyPath = envelopeFrom === "" || envelopeFrom === "<>";
  if (isReport || isEmptyPath || /^(mailer-daemon|postmaster)@/.test(address ?? ""))
    return "bounce";
  // "It was opened" (RFC 8098) is what a program says, whoever clicked.
  if (type.startsWith("multipart/report")) return "reply";
  const submitted = (first("auto-submitted").split(";")[0] ?? "").trim();
  if (submitted !== "" && submitted !== "no") return "reply";
  const precedence = first("precedence");
  if (["bulk", "junk", "auto_reply"].includes(precedence)) return "reply";
  if (valuesOf(headers, "x-autoreply").length > 0 || valuesOf(headers, "x-autorespond").length > 0)
    return "reply";
  if (precedence === "list" || valuesOf(headers, "list-id").length > 0) return "list";
  return null;
}
