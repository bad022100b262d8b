import { expect, test } from "vitest";
import { html, trusted } from "./markup.ts";

test("values are escaped, in content and in attributes", () => {
  const hostile = `"><script>alert('x')</script>&`;
  expect(html`<a title="${hostile}">${hostile}</a>`.markup).toBe(
    '<a title="&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;">' +
      "&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;</a>",
  );
});

test("markup stays as it is, lists are joined, false and undefined vanish", () => {
  const items = ["a", "b"].map((name) => html`<li>${name}</li>`);
  expect(
    html`<ul>
      ${items}${false}${undefined}${0}
    </ul>`.markup.replaceAll(/\s+/g, ""),
  ).toBe("<ul><li>a</li><li>b</li>0</ul>");
  expect(html`${trusted("<svg/>")}`.markup).toBe("<svg/>");
});
