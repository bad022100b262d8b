import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { asId } from "../../protocol/ids.ts";
import { readDeviceToken, readTicket, signDeviceToken, signTicket } from "./tokens.ts";

const SECRET = "a-secret-of-the-tests-with-enough-characters";
const token = {
  workspace: asId("wsp", "wsp_1"),
  device: asId("dev", "dev_1"),
  visitor: asId("vis", "vis_1"),
};
const ticket = {
  workspace: asId("wsp", "wsp_1"),
  conversation: asId("cnv", "cnv_1"),
  device: asId("dev", "dev_1"),
  issuedAt: 1_700_000_000_000,
};

describe("a signed token", () => {
  test("is read back as it was written", async () => {
    expect(await readDeviceToken(SECRET, await signDeviceToken(SECRET, token))).toEqual(token);
    expect(await readTicket(SECRET, await signTicket(SECRET, ticket))).toEqual(ticket);
  });

  test("fits a WebSocket subprotocol", async () => {
    expect(await signDeviceToken(SECRET, token)).toMatch(/^[A-Za-z0-9_.-]+$/);
  });

  test("is refused with any one character changed, dropped or added", async () => {
    const text = await signDeviceToken(SECRET, token);
    for (let at = 0; at < text.length; at++) {
      const other = text[at] === "a" ? "b" : "a";
      expect(
        await readDeviceToken(SECRET, text.slice(0, at) + other + text.slice(at + 1)),
      ).toBeNull();
      expect(await readDeviceToken(SECRET, text.slice(0, at) + text.slice(at + 1))).toBeNull();
    }
    expect(await readDeviceToken(SECRET, `${text}a`)).toBeNull();
    expect(await readDeviceToken(SECRET, `${text}=`)).toBeNull();
  });

  test("is refused under another secret, and as another kind", async () => {
    const text = await signDeviceToken(SECRET, token);
    expect(await readDeviceToken(`${SECRET}x`, text)).toBeNull();
    expect(await readTicket(SECRET, text)).toBeNull();
    expect(await readDeviceToken(SECRET, await signTicket(SECRET, ticket))).toBeNull();
  });

  test.each(["", ".", "d1", "d1.wsp_1.dev_1.vis_1.", "x".repeat(1_000_000)])(
    "refuses nonsense (%#)",
    async (text) => {
      expect(await readDeviceToken(SECRET, text)).toBeNull();
    },
  );
});

test("a signature has one spelling", async () => {
  const text = await signDeviceToken(SECRET, token);
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const last = letters.indexOf(text.at(-1) ?? "");
  for (const strayBits of [1, 2, 3])
    expect(await readDeviceToken(SECRET, text.slice(0, -1) + letters[last + strayBits])).toBeNull();
});

test("what we have signed as something else is no right, whatever its fields look like", async () => {
  const signed = (text: string) =>
    `${text}.${createHmac("sha256", SECRET).update(text).digest("base64url")}`;
  expect(await readDeviceToken(SECRET, signed("d1.wsp_1.dev_1.vis_1"))).toEqual(token);
  for (const text of ["t1.wsp_1.dev_1.vis_1", "d2.wsp_1.dev_1.vis_1", "d1.wsp_1.dev_1.vis_1.x"])
    expect(await readDeviceToken(SECRET, signed(text))).toBeNull();
  expect(await readTicket(SECRET, signed("d1.wsp_1.cnv_1.dev_1.1"))).toBeNull();
});
