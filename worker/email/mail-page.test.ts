import { afterEach, describe, expect, it, vi } from "vitest";
import { mailPageHeaders } from "../../domain/email/mail-page-policy.ts";
import { MAIL_HTML_MAX, MAIL_INLINE_MAX_BYTES } from "../../domain/email/limits.ts";
import { readHtml } from "../../domain/email/reading.ts";
import { hostileHtml } from "../../domain/email/testing/hostile-html.ts";
import { setClockOffset } from "../../durable-objects/runtime/clock.ts";
import { env } from "../testing/operator-browser.ts";
import { mailPage, PAGE_IMAGES_MAX } from "./mail-page.ts";
import { answerImage, IMAGE_MAX_BYTES, imagePath } from "./remote-image.ts";

afterEach(() => {
  vi.restoreAllMocks();
  setClockOffset(0);
});

const NOTHING = new Map<string, string>();
const imageAt = async (url: string): Promise<string | null> => `/shown?${url}`;

async function shown(html: string, images = false, inline = NOTHING): Promise<string> {
  const page = await mailPage({ html, inline }, { imageAt: images ? imageAt : null });
  return page.slice(page.indexOf("<body") + '<body dir="auto">'.length);
}

describe("a mail's own HTML", () => {
  it("keeps its words and its layout", async () => {
    const html = `<table width="600" cellpadding=0><tr><td align="center" style="color:#333"><h1>Tea &amp; more</h1><font color=red>Sale</font></td></tr></table>`;
    expect(await shown(html)).toBe(html);
  });

  it("has links that open by themselves, tell nothing, and say where they lead", async () => {
    expect(
      await shown(`<a href="https://shop.example/x" target=_top ping=x onclick=y>Bank</a>`),
    ).toBe(
      `<a href="https://shop.example/x" title="shop.example" target="_blank" rel="noopener noreferrer nofollow">Bank</a>`,
    );
    for (const href of [
      "javascript:x",
      "&#1;javascript:x",
      "java&#9;script:x",
      "data:text/html,x",
      "/api",
      "//x",
    ])
      expect(await shown(`<a href="${href}">x</a>`), href).toBe("<a>x</a>");
  });

  it("shows pictures from elsewhere only when that was asked for, and those that came along always", async () => {
    const html = `<img src="https://cdn.example/a.png" alt="A"><img src="cid:logo@x" srcset="https://x.example 2x">`;
    const inline = new Map([["logo@x", "data:image/png;base64,AAAA"]]);
    expect(await shown(html, false, inline)).toBe(
      `<img alt="A"><img src="data:image/png;base64,AAAA">`,
    );
    expect(await shown(html, true, inline)).toContain(`src="/shown?https://cdn.example/a.png"`);
    expect(await shown(html, true, inline)).not.toContain("x.example");
  });

  it.each([
    [PAGE_IMAGES_MAX - 1, PAGE_IMAGES_MAX - 1],
    [PAGE_IMAGES_MAX, PAGE_IMAGES_MAX],
    [PAGE_IMAGES_MAX + 1, PAGE_IMAGES_MAX],
  ])("of %i pictures from elsewhere shows %i", async (count, expected) => {
    const page = await shown(`<img src="https://cdn.example/a.png">`.repeat(count), true);
    expect(page.split('src="/shown').length - 1).toBe(expected);
  });

  it("says nothing of what would run, load or send, even before its policy", async () => {
    for (const html of hostileHtml("http://evil.example")) {
      const page = await mailPage({ html, inline: NOTHING }, { imageAt: null });
      const body = page.slice(page.indexOf("<body"));
      // What is text may say anything; what is a tag may not.
      for (const tag of body.match(/<[a-z][^>]*>/gi) ?? []) {
        expect(tag, html).not.toMatch(
          /\son[a-z]+\s*=|srcset|ping=|formaction|background="|javascript:/i,
        );
        expect(tag, html).not.toMatch(
          /^<(script|link|meta|base|iframe|object|embed|svg|math|template|video)/i,
        );
      }
      expect(body, html).not.toMatch(/src="?http/);
    }
  });

  it.each([
    ["nested very deep", "<div>".repeat(100_000)],
    ["one endless tag", `<img src="${"x".repeat(MAIL_HTML_MAX)}`],
    ["many tags", "<b>x</b>".repeat(100_000)],
    ["of two minds", `<frameset><script>alert(1)</script><img src=x onerror=y>`],
    ["broken", `<select><xmp><img src=x onerror=y></select>`],
  ])("is shown, or said to be broken, but never left as it came: %s", async (_, html) => {
    expect(await shown(html)).not.toContain("onerror");
  });

  it("is told by its headers to load nothing but what was asked for", () => {
    const hidden = mailPageHeaders(null)["content-security-policy"] ?? "";
    expect(hidden).toContain("default-src 'none'");
    expect(hidden).toContain("img-src data:;");
    expect(hidden).toMatch(/^sandbox allow-popups allow-popups-to-escape-sandbox;/);
    expect(hidden).not.toMatch(/allow-scripts|allow-same-origin|allow-forms|allow-top/);
    expect(mailPageHeaders("https://d.example/i")["content-security-policy"]).toContain(
      "img-src data: https://d.example/i;",
    );
  });
});

it("the page of a mail's HTML is told apart from everything around it by these headers, and no fewer", () => {
  const policy = (pictures: string) =>
    `sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src ${pictures}; form-action 'none'; base-uri 'none'; frame-ancestors 'self'`;
  const others = {
    "content-type": "text/html; charset=utf-8",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-dns-prefetch-control": "off",
    "cache-control": "no-store",
  };
  expect(mailPageHeaders(null)).toEqual({ "content-security-policy": policy("data:"), ...others });
  expect(mailPageHeaders("https://d.test/i")).toEqual({
    "content-security-policy": policy("data: https://d.test/i"),
    ...others,
  });
});

describe("the HTML of a mail", () => {
  const mail = (html: string, more = ""): Uint8Array =>
    new TextEncoder().encode(
      `Content-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n${html}\r\n${more}--b--\r\n`,
    );
  const picture = (id: string, type: string, bytes: number): string =>
    `--b\r\nContent-Type: ${type}\r\nContent-ID: <${id}>\r\nContent-Transfer-Encoding: base64\r\n\r\n${btoa("x".repeat(bytes))}\r\n`;

  it("is read with the pictures it brought along, and no others", async () => {
    const read = await readHtml(
      mail(`<img src="cid:a">`, picture("a", "image/png", 3) + picture("b", "image/svg+xml", 3)),
    );
    expect(read?.inline).toEqual(new Map([["a", `data:image/png;base64,${btoa("xxx")}`]]));
  });

  it.each([
    [MAIL_INLINE_MAX_BYTES - 1, 1],
    [MAIL_INLINE_MAX_BYTES, 1],
    [MAIL_INLINE_MAX_BYTES + 1, 0],
  ])("takes %i bytes of them or none", async (bytes, count) => {
    const read = await readHtml(mail("<p>x</p>", picture("a", "image/png", bytes)));
    expect(read?.inline.size).toBe(count);
  });

  it.each([
    [-1, true],
    [0, true],
    [1, false],
  ])("is shown up to its limit (%i)", async (beyond, isShown) => {
    // The parser ends a body with a line break.
    const read = await readHtml(mail("x".repeat(MAIL_HTML_MAX - 1 + beyond)));
    expect(read !== null).toBe(isShown);
  });
});

describe("a picture from elsewhere", () => {
  const URL_OF = "https://cdn.shop.example/a.png";
  const ask = async (
    path: string | null,
    fetcher: typeof fetch,
    method = "GET",
  ): Promise<Response> =>
    answerImage(new Request(`http://dashboard.test${path ?? ""}`, { method }), env, fetcher);
  const serving = (answers: Record<string, Response>) => {
    const asked: string[] = [];
    const fetcher = async (input: unknown): Promise<Response> => {
      const url = input as string; // nothing else is asked for
      asked.push(url);
      return answers[url]?.clone() ?? new Response(null, { status: 404 });
    };
    return { asked, fetcher };
  };
  const png = (bytes = 3): Response =>
    new Response(new Uint8Array(bytes), { headers: { "content-type": "image/png" } });
  const moved = (to: string): Response =>
    new Response(null, { status: 302, headers: { location: to } });

  it("is fetched for whoever has an address that we made, and stays a picture", async () => {
    const { fetcher } = serving({ [URL_OF]: png() });
    const answer = await ask(await imagePath(env, URL_OF), fetcher);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("image/png");
    expect(answer.headers.get("content-security-policy")).toContain("sandbox");
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
  });

  it("is not fetched for anybody else: another address, another time, later, by another method", async () => {
    const { asked, fetcher } = serving({ [URL_OF]: png() });
    const path = (await imagePath(env, URL_OF)) ?? "";
    const other = new URLSearchParams(path.split("?")[1]);
    for (const [name, value] of [
      ["u", "https://cdn.shop.example/b.png"],
      ["until", "9999999999999"],
      ["s", "0".repeat(26)],
    ] as const) {
      const changed = new URLSearchParams(other);
      changed.set(name, value);
      expect((await ask(`/files/mail-image?${changed.toString()}`, fetcher)).status).toBe(404);
    }
    expect((await ask(path, fetcher, "POST")).status).toBe(404);
    expect((await ask("/files/mail-image", fetcher)).status).toBe(404);
    setClockOffset(3_600_001);
    expect((await ask(path, fetcher)).status).toBe(404);
    expect(asked).toEqual([]);
  });

  it("never leads inside, not even around a corner", async () => {
    expect(await imagePath(env, "http://127.0.0.1/a.png")).toBeNull();
    for (const to of [
      "http://127.0.0.1/",
      "http://[::1]/",
      "file:///etc/passwd",
      "https://a:b@c.example/",
    ]) {
      const { asked, fetcher } = serving({ [URL_OF]: moved(to) });
      expect((await ask(await imagePath(env, URL_OF), fetcher)).status).toBe(404);
      expect(asked).toEqual([URL_OF]);
    }
  });

  it("is followed around three corners, and not four", async () => {
    const at = (n: number): string => `https://cdn.shop.example/${n}`;
    const chain = (length: number): Record<string, Response> => ({
      ...Object.fromEntries(Array.from({ length }, (_, n) => [at(n), moved(at(n + 1))])),
      [at(length)]: png(),
    });
    for (const [length, status] of [
      [3, 200],
      [4, 404],
    ] as const) {
      const { fetcher } = serving(chain(length));
      expect((await ask(await imagePath(env, at(0)), fetcher)).status).toBe(status);
    }
  });

  it.each(["text/html", "image/svg+xml", "application/octet-stream", "image/png2", ""])(
    "that says it is %j is none",
    async (type) => {
      const { fetcher } = serving({
        [URL_OF]: new Response("x", { headers: { "content-type": type } }),
      });
      expect((await ask(await imagePath(env, URL_OF), fetcher)).status).toBe(404);
    },
  );

  it.each([
    [IMAGE_MAX_BYTES - 1, 200],
    [IMAGE_MAX_BYTES, 200],
    [IMAGE_MAX_BYTES + 1, 404],
  ])("of %i bytes is answered with %i", async (bytes, status) => {
    const { fetcher } = serving({ [URL_OF]: png(bytes) });
    expect((await ask(await imagePath(env, URL_OF), fetcher)).status).toBe(status);
  });

  it("whose server says that there is none is none, also where it shows one for it", async () => {
    const headers = { "content-type": "image/png" };
    for (const status of [404, 403, 500]) {
      const { fetcher } = serving({ [URL_OF]: new Response("x", { status, headers }) });
      expect((await ask(await imagePath(env, URL_OF), fetcher)).status).toBe(404);
    }
  });

  it("whose server does not answer is none", async () => {
    const fetcher = () => Promise.reject(new Error("no route"));
    expect((await ask(await imagePath(env, URL_OF), fetcher)).status).toBe(404);
  });
});
