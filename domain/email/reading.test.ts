import { describe, expect, it } from "vitest";
import { splitMail } from "./headers.ts";
import {
  MAIL_ATTACHMENTS_MAX,
  MAIL_BOUNDARIES_MAX,
  MAIL_BOUNDARY_LINES_MAX,
  MAIL_HEADERS_MAX_BYTES,
  MAIL_LINES_MAX,
  MAIL_NESTING_MAX,
  MAIL_READ_MAX,
  MAIL_TEXT_MAX,
} from "./limits.ts";
import { readAttachment, readMail } from "./reading.ts";
import { shapeFlaw } from "./shape.ts";
import { realMail } from "./testing/real-mail.ts";

const read = (name: string) => {
  const bytes = realMail(name);
  return readMail(bytes, splitMail(bytes));
};
const bytesOf = (text: string) => new Uint8Array(new TextEncoder().encode(text));

describe("EIN-24: answers of mail programs are shown without what they quote, and nothing is lost", () => {
  it.each([
    ["gmail-reply", "Thank you, it has arrived – and it is lovely."],
    ["outlook-reply", "Parfait, merci. À bientôt!"],
    [
      "outlook-german-reply",
      "Guten Tag,\n\ndas passt so. Vielen Dank für die schnelle Hilfe!\n\nMit freundlichen Grüßen\nJens Schmidt",
    ],
    ["apple-mail-reply", "Yes please, two of them."],
    ["iphone-german-reply", "Ja gerne, zwei Stück."],
    ["yahoo-reply", "Great, thanks!"],
    ["proton-reply", "Understood."],
    ["thunderbird-bottom-reply", "Ja, das ist in Ordnung."],
    ["gmail-french-reply", "Très bien."],
    ["gmail-spanish-reply", "Muchas gracias, ya llegó."],
    ["gmail-app-portuguese-reply", "Obrigado, chegou bem."],
    ["gmail-russian-reply", "Спасибо, всё пришло."],
    ["gmail-japanese-reply", "届きました。ありがとうございます。"],
    ["gmail-arabic-reply", "شكراً، وصلت الطلبية."],
    ["gmail-german-reply", "Danke, ist angekommen."],
    ["gmail-chinese-reply", "收到了，谢谢。"],
    ["gmail-italian-bottom-reply", "Perfetto, grazie."],
    ["outlook-web-spanish-reply", "Gracias, ya la tengo."],
    ["outlook-ios-reply", "Got it, thanks."],
    ["outlook-desktop-french-reply", "Bonjour,\n\nparfait, merci.\n\nLuc"],
    ["outlook-desktop-portuguese-reply", "Recebi, obrigado."],
    ["outlook-japanese-reply", "承知しました。"],
    ["outlook-russian-reply", "Получил, спасибо."],
    ["outlook-html-reply", "All fine, thank you."],
    ["apple-mail-french-reply", "Oui, deux."],
    ["iphone-spanish-reply", "Sí, dos."],
    ["iphone-japanese-reply", "はい、二つお願いします。"],
    ["iphone-arabic-reply", "نعم، اثنتان."],
    ["iphone-html-reply", "Two, please."],
    ["yahoo-app-reply", "Wonderful."],
    ["yahoo-german-reply", "Wunderbar."],
    ["proton-ios-reply", "Understood."],
    ["samsung-reply", "Great, see you."],
    ["samsung-german-reply", "Passt, danke."],
    ["gmx-reply", "Alles gut, vielen Dank."],
    ["webde-app-reply", "Alles klar."],
    ["mailru-reply", "Спасибо!"],
    ["yandex-reply", "Хорошо, жду."],
    ["thunderbird-german-reply", "Danke, passt."],
    ["naver-korean-reply", "잘 받았습니다."],
    ["dutch-reply", "Dank u wel."],
  ])("%s", async (name, text) => {
    const mail = await read(name);
    expect(mail.text).toBe(text);
    expect(mail.folded).toMatch(/It left us on Monday|Shall we send another one/);
    expect(mail.flaw).toBeNull();
  });

  it("EIN-24: an answer between the quoted lines is shown whole, in French too", async () => {
    const mail = await read("thunderbird-inline-french-reply");
    expect(mail.text).toContain("> Quelle couleur ?\n\nLa bleue.\n\n> Et combien ?\n\nTrois.");
    expect(mail.folded).toBeNull();
  });

  it("an answer between the quoted lines is shown whole", async () => {
    const mail = await read("inline-reply");
    expect(mail.text).toContain("> Which colour?\n\nThe blue one.\n\n> And how many?\n\nThree.");
    expect(mail.folded).toBeNull();
  });
});

it("an HTML mail is read as text: no style, no script, no picture", async () => {
  const mail = await read("html-only");
  expect(mail.subject).toBe("Wo ist mein Teekännchen?");
  expect(mail.text).toBe("Good morning,\n\nwhere is my teapot?\nIt is <late>.");
  expect(mail.folded).toBe("> It left us on Monday.");
});

it("attachments are listed without a path in their name, and read one by one", async () => {
  const mail = await read("attachment");
  expect(mail.text).toBe("See the crack.");
  expect(mail.attachments).toEqual([
    { name: ".._.._invoice.pdf", type: "application/pdf", bytes: 9 },
  ]);
  const file = await readAttachment(realMail("attachment"), 0);
  expect(new TextDecoder().decode(file?.content)).toBe("%PDF-1.4\n");
  expect(await readAttachment(realMail("attachment"), 1)).toBeNull();
});

describe("a mail's shape is looked at before it is parsed", () => {
  const multipart = (parts: number) =>
    bytesOf(
      `Content-Type: multipart/mixed; boundary="b"\r\n\r\n${"--b\r\n\r\nx\r\n".repeat(parts - 1)}--b--\r\n`,
    );
  const flawOf = (bytes: Uint8Array) => shapeFlaw(bytes, splitMail(bytes));

  it.each([
    [MAIL_BOUNDARY_LINES_MAX - 1, null],
    [MAIL_BOUNDARY_LINES_MAX, null],
    [MAIL_BOUNDARY_LINES_MAX + 1, "too_many_parts"],
  ])("%i lines that begin or end a part", (count, flaw) => {
    expect(flawOf(multipart(count))).toBe(flaw);
  });

  it.each([
    [MAIL_BOUNDARIES_MAX - 1, null],
    [MAIL_BOUNDARIES_MAX, null],
    [MAIL_BOUNDARIES_MAX + 1, "too_many_parts"],
  ])("%i different boundaries", (count, flaw) => {
    const names = Array.from({ length: count }, (_, index) => `boundary=b${index};`);
    expect(flawOf(bytesOf(`X-Many: ${names.join(" ")}\r\n\r\n`))).toBe(flaw);
  });

  it.each([
    [MAIL_HEADERS_MAX_BYTES - 1, null],
    [MAIL_HEADERS_MAX_BYTES, null],
    [MAIL_HEADERS_MAX_BYTES + 1, "headers_too_large"],
  ])("%i bytes of headers", (count, flaw) => {
    expect(flawOf(bytesOf(`X: ${"a".repeat(count - 5)}\r\n\r\nbody`))).toBe(flaw);
  });

  it.each([
    [MAIL_LINES_MAX - 1, null],
    [MAIL_LINES_MAX, null],
    [MAIL_LINES_MAX + 1, "too_many_lines"],
  ])("%i lines", (count, flaw) => {
    expect(flawOf(bytesOf(`From: ada@corp.example\n${"\n".repeat(count - 1)}`))).toBe(flaw);
  });

  it("a boundary in pieces is not followed", () => {
    expect(flawOf(bytesOf("Content-Type: multipart/mixed; boundary*0=a\r\n\r\n"))).toBe(
      "unclear_boundary",
    );
  });

  it("the worst that is refused takes no second of work, and is kept with its reason", async () => {
    const bytes = multipart(20_000);
    const startedAt = performance.now();
    const mail = await readMail(bytes, splitMail(bytes));
    expect(mail.flaw).toBe("too_many_parts");
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });

  it.each([
    [MAIL_TEXT_MAX, false],
    [MAIL_TEXT_MAX + 1, true],
  ])("a text of %i characters", async (length, isCut) => {
    const bytes = bytesOf(`Content-Type: text/plain\r\n\r\n${"a".repeat(length)}`);
    const mail = await readMail(bytes, splitMail(bytes));
    expect([mail.text.length, mail.isCut]).toEqual([MAIL_TEXT_MAX, isCut]);
  });

  it.each([
    [MAIL_READ_MAX - 1, false],
    [MAIL_READ_MAX, false],
    [MAIL_READ_MAX + 1, true],
  ])("HTML of %i characters is looked at that far", async (length, isCut) => {
    const ends = ["Hello<!--", "-->\n"] as const;
    const html = ends.join("a".repeat(length - ends.join("").length));
    const bytes = bytesOf(`Content-Type: text/html\r\n\r\n${html}`);
    const mail = await readMail(bytes, splitMail(bytes));
    expect([mail.text, mail.isCut]).toEqual(["Hello", isCut]);
  });

  it.each([
    [MAIL_NESTING_MAX - 1, null],
    [MAIL_NESTING_MAX, null],
    [MAIL_NESTING_MAX + 1, "not_readable"],
  ])("%i parts within one another", async (depth, flaw) => {
    let text = "";
    for (let i = 0; i < depth; i++)
      text += `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n`;
    const bytes = bytesOf(`${text}Content-Type: text/plain\r\n\r\nHello`);
    expect((await readMail(bytes, splitMail(bytes))).flaw).toBe(flaw);
  });

  it.each([
    [MAIL_ATTACHMENTS_MAX - 1, MAIL_ATTACHMENTS_MAX - 1, false],
    [MAIL_ATTACHMENTS_MAX, MAIL_ATTACHMENTS_MAX, false],
    [MAIL_ATTACHMENTS_MAX + 1, MAIL_ATTACHMENTS_MAX, true],
  ])("%i attachments", async (count, listed, isCut) => {
    const part = "--b\r\nContent-Disposition: attachment\r\n\r\nx\r\n";
    const bytes = bytesOf(
      `Content-Type: multipart/mixed; boundary=b\r\n\r\n${part.repeat(count)}--b--\r\n`,
    );
    const mail = await readMail(bytes, splitMail(bytes));
    expect([mail.attachments.length, mail.isCut]).toEqual([listed, isCut]);
  });
});

it("letters that stand in a header as they are stay what they are", async () => {
  const bytes = bytesOf("Subject: Über Čaj — Заказ 注文 €\r\n\r\nx");
  const { subject } = await readMail(bytes, splitMail(bytes));
  expect(subject).toBe("Über Čaj — Заказ 注文 €");
});

it("EOUT-07: what could disguise a subject or end its line is taken out of it", async () => {
  const bytes = bytesOf(
    "Subject: =?utf-8?Q?Hello=0D=0ABcc:_eve=40evil.example?= =?utf-8?Q?=E2=80=AEtxt?=\r\n\r\nx",
  );
  const { subject } = await readMail(bytes, splitMail(bytes));
  expect(subject).toBe("Hello Bcc: eve@evil.exampletxt");
});
