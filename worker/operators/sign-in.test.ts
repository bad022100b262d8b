import { beforeAll, expect, it } from "vitest";
import { codeFor, env, migrate, newOwner, OperatorBrowser } from "../testing/operator-browser.ts";

beforeAll(migrate);

it("signs in with an emailed code", async () => {
  const browser = await newOwner("one@example.com");
  const me = await browser.call("GET", "/api/me");
  expect(me).toMatchObject({ email: "one@example.com", workspace: { name: "Test shop" }, operator: { role: "owner" } });
  console.log(JSON.stringify(me), [...browser.cookies]);
  console.log((await env.DB.prepare("select * from session").all()).results, (await env.DB.prepare("select * from user").all()).results);
});
