import { describe, expect, it } from "vitest";
import { splitMail } from "./headers.ts";
import { MAIL_ATTACHMENTS_MAX, MAIL_BOUNDARY_LINES_MAX, MAIL_FOLDED_MAX } from "./limits.ts";
import { readAttachment, readHtml, readMail } from "./reading.ts";

const bytesOf = (text: string) => new Uint8Array(new TextEncoder().encode(text));
const mailOf = (text: string) => {
  const bytes = bytesOf(text);
  return readMail(bytes, splitMail(bytes));
};
const multipart = (parts: string[]) =>
  `Content-Type: multipart/mixed; boundary=b\r\n\r\n${parts.map((part) => `--b\r\n${part}\r\n`).join("")}--b--\r\n`;

describe("an attachment", () => {
  const attachment = "Content-Disposition: attachment\r\n\r\nx";

  it("that is not listed is not given out either", async () => {
    const bytes = bytesOf(multipart(Array(MAIL_ATTACHMENTS_MAX + 1).fill(attachment)));
    expect(await readAttachment(bytes, MAIL_ATTACHMENTS_MAX - 1)).not.toBeNull();
    expect(await readAttachment(bytes, MAIL_ATTACHMENTS_MAX)).toBeNull();
  });

  it.each([
    [MAIL_BOUNDARY_LINES_MAX, true],
    [MAIL_BOUNDARY_LINES_MAX + 1, false],
  ])(
    "and the layout are read of a mail with %i lines that begin or end a part: %j",
    async (lines, isRead) => {
      const html = "Content-Type: text/html\r\n\r\n<p>Hello</p>";
      const bytes = bytesOf(multipart([html, ...Array(lines - 2).fill(attachment)]));
      expect((await readAttachment(bytes, 0)) !== null).toBe(isRead);
      expect((await readHtml(bytes)) !== null).toBe(isRead);
    },
  );

  it("has a type of plain letters, or is just bytes", async () => {
    const typed = (type: string) => `Content-Type: ${type}\r\n${attachment}`;
    const { attachments } = await mailOf(
      multipart(['te"xt/ht<ml', "text", `${"x".repeat(61)}/y`, "image/svg+xml"].map(typed)),
    );
    expect(attachments.map(({ type }) => type)).toEqual([
      "application/octet-stream",
      "application/octet-stream",
      "application/octet-stream",
      "image/svg+xml",
    ]);
  });
});

it.each([
  [MAIL_FOLDED_MAX, false],
  [MAIL_FOLDED_MAX + 1, true],
])("quoted text of %i characters", async (length, isCut) => {
  const history = `> ${"q".repeat(length - 2)}`;
  const mail = await mailOf(`Content-Type: text/plain\r\n\r\nHello\r\n\r\n${history}`);
  expect([mail.text, mail.folded?.length, mail.isCut]).toEqual(["Hello", MAIL_FOLDED_MAX, isCut]);
});
