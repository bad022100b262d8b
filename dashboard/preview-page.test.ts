import { expect, test } from "vitest";
import { answerPreview } from "./functions/preview-page.ts";

const settings = (widgetOrigin: unknown, siteKey: unknown) =>
  Response.json({ widgetOrigin, workspace: { siteKey } });

test("only the preview may load the widget, and only the dashboard may frame it", async () => {
  const page = await answerPreview(settings("https://w.example:8443/", "pk_1"));
  const policy = page.headers.get("content-security-policy") ?? "";
  expect(policy).toContain("script-src 'self' https://w.example:8443;");
  expect(policy).toContain("connect-src 'self' https://w.example:8443 wss://w.example:8443;");
  expect(policy).toContain("frame-ancestors 'self'");
  expect(policy).not.toContain("unsafe");
  expect(await page.text()).toContain(
    'data-script="https://w.example:8443/widget.js" data-key="pk_1"',
  );
});

test("nothing of the settings can leave its attribute", async () => {
  const text = await (
    await answerPreview(settings("https://w.example", '"><script>alert(1)</script>'))
  ).text();
  expect(text).not.toContain("<script>alert");
  expect(text).toContain("&quot;&gt;&lt;script&gt;");
});

test("whoever may not read the settings sees no preview, and nonsense is refused", async () => {
  expect((await answerPreview(new Response("{}", { status: 401 }))).status).toBe(401);
  expect((await answerPreview(settings("not an origin", "pk_1"))).status).toBe(502);
  expect((await answerPreview(settings("https://w.example", 5))).status).toBe(502);
});
