import type { StoredMail } from "../email/mailbox.ts";

/** A mail as a mail program writes it and Cloudflare's mail server hands it over. */
export function writtenMail(mail: {
  /** `Name <address>` or a bare address. */
  from: string;
  to: string;
  subject: string;
  text: string;
  /** A second shape of the same. */
  html?: string;
  /** Whether the sender's domain vouches for it. */
  isProven: boolean;
  answered: StoredMail | null;
  at: number;
}): Uint8Array<ArrayBuffer> {
  const { answered } = mail;
  const domain = /@([^>\s]+)/.exec(mail.from)?.[1]?.toLowerCase() ?? "invalid.test";
  const answeredId = answered?.headers["Message-ID"];
  const references = [answered?.headers["References"], answeredId].filter(Boolean).join(" ");
  const headers = [
    `Received: from mail.${domain} (192.0.2.1) by cloudflare-email.net (cloudflare) id dev; ${date(mail.at)}`,
    `Authentication-Results: mx.cloudflare.net; dmarc=${mail.isProven ? "pass" : "fail"} header.from=${domain}`,
    `Received: by mail.${domain}; ${date(mail.at)}`,
    `From: ${oneLine(mail.from)}`,
    `To: ${oneLine(mail.to)}`,
    `Subject: ${encoded(mail.subject)}`,
    `Date: ${date(mail.at)}`,
    `Message-ID: <${crypto.randomUUID()}@${domain}>`,
    ...(answeredId === undefined ? [] : [`In-Reply-To: ${answeredId}`]),
    ...(references === "" ? [] : [`References: ${references}`]),
    "MIME-Version: 1.0",
  ];
  const text = part("plain", answerText(mail));
  const boundary = `b${crypto.randomUUID()}`;
  const body =
    mail.html === undefined || mail.html === ""
      ? text
      : `Content-Type: multipart/alternative; boundary=${boundary}\r\n\r\n${[
          text,
          part("html", mail.html),
        ]
          .map((one) => `--${boundary}\r\n${one}`)
          .join("")}--${boundary}--\r\n`;
  return new Uint8Array(new TextEncoder().encode(`${headers.join("\r\n")}\r\n${body}`));
}

function part(kind: "plain" | "html", text: string): string {
  return `Content-Type: text/${kind}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64(text)}\r\n`;
}

/** What was written, with the answered mail under it as programs put it there. */
function answerText({ text, answered }: { text: string; answered: StoredMail | null }): string {
  if (answered === null) return text;
  const quoted = answered.text
    .trimEnd()
    .split("\n")
    .map((line) => `> ${line}`);
  const when = new Date(answered.at).toUTCString().replace("GMT", "UTC");
  return `${text}\n\nOn ${when}, ${answered.from} wrote:\n${quoted.join("\n")}\n`;
}

const date = (at: number): string => new Date(at).toUTCString().replace("GMT", "+0000");
const oneLine = (text: string): string => text.replace(/[\r\n]+/g, " ");
const encoded = (text: string): string =>
  /^[ -~]*$/.test(text) ? text : `=?utf-8?B?${base64(text).replaceAll("\r\n", "")}?=`;

function base64(text: string): string {
  const bytes = new TextEncoder().encode(text);
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return (btoa(binary).match(/.{1,76}/g) ?? []).join("\r\n");
}
