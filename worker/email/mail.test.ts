import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asId } from "../../protocol/ids.ts";
import { cleanLine, composeMail, formatMailbox, MailFlaw, parseMailbox } from "./mail.ts";
import { renderMail } from "./templates.ts";

const HOSTILE = [
  "a\r\nBcc: everyone@example.com",
  "a\nX: y",
  "a\u0000b",
  "a\u2028b\u2029c",
  "\u202Emoc.live\u202C",
  "a\u200Bb\uFEFFc",
  "a\u0085b",
  "\ud800half",
  "x".repeat(5_000),
];

function invitation(change: { workspaceName?: string; inviterName?: string; link?: string }) {
  return renderMail({
    template: "invitation",
    workspace: asId("wsp", "wsp_1"),
    invitation: asId("inv", "inv_1"),
    workspaceName: "Shop",
    inviterName: "Olivia",
    link: "https://dashboard.example.com/",
    ...change,
  });
}
const compose = (subject: string, text = "x", html = "x") =>
  composeMail({ from: "Parley <parley@example.com>", to: "ada@example.com", subject, text, html });

describe("a line of a mail", () => {
  it.each(HOSTILE)("holds nothing that ends, hides or turns it: %j", (text) => {
    const { subject } = compose(text);
    expect(subject).not.toMatch(/[\p{Cc}\u2028\u2029\u200b\u202a-\u202e\ufeff\p{Cs}]/u);
    expect(subject.length).toBeLessThanOrEqual(200);
  });

  it("EOUT-05: is clean whatever it was made from, and stays itself when cleaned again", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const line = cleanLine(text);
        expect(line).not.toMatch(/[\p{Cc}\u2028\u2029\p{Cs}]/u);
        expect(cleanLine(line)).toBe(line);
      }),
    );
  });

  it("keeps letters of every script, and emoji", () => {
    expect(cleanLine("Привет, שלום, 你好 👩‍💻")).toContain("Привет, שלום, 你好");
  });
});

describe("an address", () => {
  it.each([
    ["Parley <parley@example.com>", "Parley", "parley@example.com"],
    ['"Parley, Inc." <parley@example.com>', "Parley, Inc.", "parley@example.com"],
    ["parley@example.com", "", "parley@example.com"],
    ["<parley@example.com>", "", "parley@example.com"],
  ])("is read from %s", (text, name, email) => expect(parseMailbox(text)).toEqual({ name, email }));

  it.each([
    "nobody",
    "a@b",
    "a b@example.com",
    "a@example.com\r\nBcc: b@example.com",
    "a@example.com, b@example.com",
    "a@example.com(x)evil.com",
    '"a b"@example.com',
    `${"a".repeat(65)}@example.com`,
    `a@${"b".repeat(250)}.com`,
    "",
  ])("is not %j", (to) => {
    expect(() =>
      composeMail({ from: "parley@example.com", to, subject: "x", text: "x", html: "x" }),
    ).toThrow(MailFlaw);
  });

  it("EOUT-06: shows its name quoted, so that no name can be another address", () => {
    expect(formatMailbox(parseMailbox("admin@bank.com, Parley <parley@example.com>"))).toBe(
      '"admin@bank.com, Parley" <parley@example.com>',
    );
    const quoted = formatMailbox({
      ...parseMailbox("parley@example.com"),
      name: cleanLine('a" <evil@example.com> \\"'),
    });
    expect(quoted).toBe('"a <evil@example.com> " <parley@example.com>');
  });
});

describe("a template", () => {
  it("shows what people wrote as text, never as markup", () => {
    const markup = `<script>alert(1)</script><img src=x onerror="a">'&`;
    const { html, text, subject } = invitation({ workspaceName: markup, inviterName: markup });
    expect(html).not.toMatch(/<script|<img/);
    expect(html).toContain("&lt;script&gt;");
    expect(text).toContain(markup);
    expect(subject).toContain("<script>");
  });

  it.each(HOSTILE)("lets no name end a header: %j", (name) => {
    const rendered = invitation({ workspaceName: name, inviterName: name });
    expect(compose(rendered.subject, rendered.text, rendered.html).subject).not.toMatch(/[\r\n]/);
    expect(rendered.subject.length).toBeLessThan(200);
  });

  it("leaves no link of a name", () => {
    const { html, text } = invitation({
      workspaceName: "You won http://evil.example",
      inviterName: "www.evil.example",
    });
    expect(`${html}${text}`).not.toMatch(/http:\/\/evil|www\.evil/);
    expect(html.match(/href=/g)?.length).toBe(1);
  });

  it("loads nothing from elsewhere", () => {
    for (const { html } of [
      invitation({}),
      renderMail({ template: "sign-in-code", code: "123456" }),
    ]) {
      expect(html).not.toMatch(/<img|<link|url\(|src=|@import/);
    }
  });

  it("says the code in subject, text and HTML, and is the same each time", () => {
    const mail = { template: "sign-in-code", code: "012345" } as const;
    const { subject, text, html } = renderMail(mail);
    for (const part of [subject, text, html]) expect(part).toContain("012345");
    expect(text).toContain("10 minutes");
    expect(renderMail(mail)).toEqual({ subject, text, html });
  });

  it("is marked as sent by a machine, so that no machine answers it", () => {
    expect(compose("x").headers).toEqual({ "Auto-Submitted": "auto-generated" });
  });
});

describe("an operator's answer", () => {
  const answer = (
    change: Partial<Parameters<typeof renderMail>[0] & { template: "answer" }> = {},
  ) =>
    renderMail({
      template: "answer",
      workspace: asId("wsp", "wsp_1"),
      conversation: asId("cnv", "cnv_1"),
      message: 2,
      operatorName: "Adam",
      subject: "Where is my teapot?",
      text: "It left us today.\n\nYours",
      isProven: true,
      references: [],
      quote: { at: 0, text: "<b>Where</b>\nis it?" },
      ...change,
    });

  it("answers a subject once, whatever it was answered with before", () => {
    for (const subject of ["Tea", "Re: Tea", "RE: AW: re: Tea"])
      expect(answer({ subject }).subject).toBe("Re: Tea");
    expect(answer({ subject: "" }).subject).toBe("Re: your mail");
  });

  it("quotes what it answers as text, in both parts", () => {
    const { text, html } = answer();
    expect(text).toContain("On 1970-01-01 00:00 UTC, you wrote:\n> <b>Where</b>\n> is it?");
    expect(html).toContain("&lt;b&gt;Where&lt;/b&gt;<br>is it?");
    expect(html).not.toMatch(/<img|<link|url\(|src=|@import/);
  });

  it("to an address that is not proven says nothing that came from it", () => {
    const { subject, text, html } = answer({ isProven: false, quote: null });
    expect(subject).toBe("A message from Adam");
    expect(`${text}${html}`).not.toMatch(/teapot|Where/);
  });

  it.each(HOSTILE)("has one line of subject and name: %j", (hostile) => {
    const rendered = answer({ subject: hostile, operatorName: hostile });
    const mail = composeMail({
      from: "Parley <parley@example.com>",
      fromName: hostile,
      to: "ada@example.com",
      ...rendered,
      isByHand: true,
      headers: { References: "<a@b.example> <c@d.example>" },
    });
    expect(`${mail.subject}${mail.from.name}`).not.toMatch(/[\p{Cc}\u2028\u2029\u202e]/u);
    expect(mail.headers).toEqual({ References: "<a@b.example> <c@d.example>" });
  });

  it.each(["a\r\nBcc: b@example.com", "a\nb", "a\u0000", "ü", "x".repeat(2_049)])(
    "takes no header that is not one line of plain letters, or too long: %#",
    (value) => {
      const parts = { from: "a@example.com", to: "b@example.com", subject: "", text: "", html: "" };
      expect(() => composeMail({ ...parts, headers: { References: value } })).toThrow(MailFlaw);
    },
  );
});
