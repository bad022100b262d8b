import { expect, test } from "vitest";
import { fetchableUrl, followableUrl } from "./remote-url.ts";

test.each([
  "https://shop.example/a?b=c#d",
  "http://shop.example",
  "mailto:ada@shop.example",
  "tel:+441234567",
  " https://shop.example ",
])("%j may be followed", (text) => expect(followableUrl(text)).not.toBeNull());

test.each([
  "javascript:alert(1)",
  "JaVaScRiPt:alert(1)",
  " javascript:alert(1)",
  "\u0001javascript:alert(1)",
  "java\tscript:alert(1)",
  "java\nscript:alert(1)",
  "data:text/html,<script>alert(1)</script>",
  "vbscript:x",
  "file:///etc/passwd",
  "blob:https://shop.example/x",
  "/api/sign-out",
  "//evil.example",
  "?x",
  "",
  "javascript&colon;alert(1)",
  `https://shop.example/${"x".repeat(2_048)}`,
])("%j may not", (text) => expect(followableUrl(text)).toBeNull());

test.each([
  "https://cdn.shop.example/a.png",
  "http://shop.example/?a=b",
  "https://xn--bcher-kva.example/",
])("%s may be fetched", (text) => expect(fetchableUrl(text)).not.toBeNull());

test.each([
  "http://127.0.0.1/",
  "http://2130706433/",
  "http://0x7f.1/",
  "http://0177.0.0.1/",
  "http://127.1/",
  "http://[::1]/",
  "http://[::ffff:127.0.0.1]/",
  "http://169.254.169.254/latest/meta-data",
  "http://localhost/",
  "http://LOCALHOST./",
  "http://a.localhost/",
  "http://router.local/",
  "http://metadata.google.internal/",
  "http://intranet/",
  "http://shop.example:8787/",
  "https://user:pass@shop.example/",
  "https://user@shop.example/",
  "ftp://shop.example/",
  "gopher://shop.example/",
  "mailto:a@shop.example",
  "data:image/png;base64,AAAA",
])("%s may not", (text) => expect(fetchableUrl(text)).toBeNull());
