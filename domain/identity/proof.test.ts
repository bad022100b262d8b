import { createHmac, createSign, generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { asId } from "../../protocol/ids.ts";
import {
  IDENTIFIER_MAX,
  PROOF_LIFETIME_MAX_MS,
  PROOF_MAX,
  PROOF_SKEW_MS,
} from "../../protocol/limits.ts";
import { readHmac, readJwt } from "./proof.ts";

const NOW = 1_800_000_000_000;
const SECOND = NOW / 1_000;
const OLD = { id: asId("idk", "idk_old"), secret: "the-old-secret" };
const KEY = { id: asId("idk", "idk_new"), secret: "the-new-secret" };
const CONTEXT = { keys: [KEY, OLD], audience: "wsp_1", now: NOW };
const SAID = { sub: "user-7", aud: "wsp_1", exp: SECOND + 3_600 };

const encode = (value: unknown) =>
  Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
const mac = (secret: string, text: string) =>
  createHmac("sha256", secret).update(text).digest("base64url");

function jwt(said: object | string = {}, head: object = {}, secret = KEY.secret): string {
  const text = [
    encode({ alg: "HS256", typ: "JWT", kid: KEY.id, ...head }),
    encode(typeof said === "string" ? said : { ...SAID, ...said }),
  ].join(".");
  return `${text}.${mac(secret, text)}`;
}
const read = (text: string) => readJwt(text, CONTEXT);
const flaw = (flaw: string) => ({ ok: false, flaw });

describe("a JWT", () => {
  test("proves its subject, and what it calls verified beside it", async () => {
    expect(await read(jwt())).toEqual({
      ok: true,
      proof: { userId: "user-7", others: [], by: "jwt" },
    });
    const more = {
      email: "Ann@Example.com",
      email_verified: true,
      phone: "+49 170 1234567",
      phone_verified: true,
    };
    expect(await read(jwt(more))).toMatchObject({
      proof: {
        others: [
          { kind: "email", value: "ann@example.com" },
          { kind: "phone", value: "+491701234567" },
        ],
      },
    });
  });

  test.each([[{}], [{ email_verified: false }], [{ phone_verified: true }]])(
    "an email is nothing without email_verified (%#)",
    async (more) => {
      expect(await read(jwt({ email: "ann@example.com", ...more }))).toMatchObject({
        ok: true,
        proof: { others: [] },
      });
    },
  );

  test("an email that is none is left out, and the subject counts", async () => {
    expect(await read(jwt({ email: "nobody", email_verified: true }))).toMatchObject({
      ok: true,
      proof: { others: [] },
    });
  });

  test("ID-08: no other algorithm is accepted, whatever the signature", async () => {
    for (const alg of ["none", "None", "HS512", "RS256", "hs256", ""])
      expect(await read(jwt({}, { alg }))).toEqual(flaw("algorithm"));
    const { publicKey, privateKey } = generateKeyPairSync("rsa", {
      modulusLength: 2048,
      publicKeyEncoding: { type: "spki", format: "pem" },
      privateKeyEncoding: { type: "pkcs8", format: "pem" },
    });
    const text = `${encode({ alg: "RS256", kid: KEY.id })}.${encode(SAID)}`;
    const signed = createSign("RSA-SHA256").update(text).sign(privateKey, "base64url");
    expect(await read(`${text}.${signed}`)).toEqual(flaw("algorithm"));
    expect(await read(jwt({}, {}, publicKey))).toEqual(flaw("signature"));
  });

  test("ID-08: kid picks the key, and no other is tried", async () => {
    expect(await read(jwt({}, { kid: OLD.id }, OLD.secret))).toMatchObject({ ok: true });
    expect(await read(jwt({}, { kid: OLD.id }, KEY.secret))).toEqual(flaw("signature"));
    expect(await read(jwt({}, { kid: "idk_gone" }))).toEqual(flaw("unknown_key"));
    expect(await read(jwt({}, { kid: undefined }))).toEqual(flaw("unknown_key"));
  });

  test("a header with extensions that must be understood is refused (RFC 7515 section 4.1.11)", async () => {
    expect(await read(jwt({}, { crit: ["exp"] }))).toEqual(flaw("malformed"));
  });

  test("ID-09: it must be for this workspace", async () => {
    expect(await read(jwt({ aud: "wsp_2" }))).toEqual(flaw("audience"));
    expect(await read(jwt({ aud: [] }))).toEqual(flaw("audience"));
    expect(await read(jwt({ aud: ["other", "wsp_1"] }))).toMatchObject({ ok: true });
    expect(await read(jwt({ aud: undefined }))).toEqual(flaw("malformed"));
  });

  test("ID-09: its time is judged below, at and above each limit", async () => {
    expect(await read(jwt({ exp: SECOND }))).toEqual(flaw("expired"));
    expect(await read(jwt({ exp: SECOND + 1 }))).toMatchObject({ ok: true });
    const longest = SECOND + (PROOF_LIFETIME_MAX_MS + PROOF_SKEW_MS) / 1_000;
    expect(await read(jwt({ exp: longest }))).toMatchObject({ ok: true });
    expect(await read(jwt({ exp: longest + 1 }))).toEqual(flaw("lifetime"));
    expect(await read(jwt({ exp: SECOND + 315_360_000 }))).toEqual(flaw("lifetime"));
    expect(await read(jwt({ nbf: SECOND + PROOF_SKEW_MS / 1_000 }))).toMatchObject({ ok: true });
    expect(await read(jwt({ nbf: SECOND + PROOF_SKEW_MS / 1_000 + 1 }))).toEqual(flaw("not_yet"));
    for (const exp of [undefined, "soon", null, -1, 1e300])
      expect(await read(jwt({ exp }))).toEqual(flaw("malformed"));
  });

  test("ID-10: with any one character changed, dropped or added it is refused", async () => {
    const text = jwt();
    for (let at = 0; at < text.length; at++) {
      const other = text[at] === "A" ? "B" : "A";
      for (const changed of [
        text.slice(0, at) + other + text.slice(at + 1),
        text.slice(0, at) + text.slice(at + 1),
        `${text.slice(0, at)}=${text.slice(at)}`,
      ])
        expect(await read(changed), `${at}`).toMatchObject({ ok: false });
    }
  });

  test.each([
    "",
    ".",
    "..",
    "a.b",
    "a.b.c.d",
    "!.!.!",
    `${encode({ alg: "HS256", kid: KEY.id })}..`,
  ])("ID-10: nonsense is refused (%j)", async (text) =>
    expect(await read(text)).toMatchObject({ ok: false }),
  );

  test("ID-10: it is as long as the limit and no longer, and a megabyte is not looked at", async () => {
    const short = jwt({ pad: "" });
    const room = Math.floor(((PROOF_MAX - short.length) * 3) / 4) - 2;
    const fits = jwt({ pad: "x".repeat(room) });
    expect(fits.length).toBeLessThanOrEqual(PROOF_MAX);
    expect(fits.length).toBeGreaterThan(PROOF_MAX - 8);
    expect(await read(fits)).toMatchObject({ ok: true });
    expect(await read(jwt({ pad: "x".repeat(room + 8) }))).toEqual(flaw("malformed"));
    expect(await read("x".repeat(1_000_000))).toEqual(flaw("malformed"));
  });

  test.each([
    "[]",
    "null",
    "7",
    '"x"',
    "{",
    "[".repeat(3_000),
    '{"sub":"user-7"}',
    '{"sub":7,"aud":"wsp_1","exp":1800000100}',
  ])("content that is no set of claims is refused, however well it is signed (%#)", async (text) =>
    expect(await read(jwt(text))).toEqual(flaw("malformed")),
  );

  test("a subject that is no user id is refused", async () => {
    for (const sub of ["", " ", "7 ", "x".repeat(IDENTIFIER_MAX + 1)])
      expect(await read(jwt({ sub }))).toEqual(flaw("subject"));
  });
});

describe("an HMAC", () => {
  const hmac = (userId: string, secret = KEY.secret) =>
    createHmac("sha256", secret).update(userId).digest("hex");

  test("proves the user id that it was made of, under every key that may be used", async () => {
    const proof = { userId: "user-7", others: [], by: "hmac" };
    for (const { secret } of CONTEXT.keys)
      expect(await readHmac("user-7", hmac("user-7", secret), CONTEXT.keys)).toEqual({
        ok: true,
        proof,
      });
    expect(await readHmac("ü", hmac("ü"), CONTEXT.keys)).toMatchObject({ ok: true });
  });

  test("proves nothing else", async () => {
    const good = hmac("user-7");
    for (const [userId, text, keys] of [
      ["user-8", good, CONTEXT.keys],
      ["user-7", hmac("user-7", "another"), CONTEXT.keys],
      ["user-7", good, [OLD]],
      ["user-7", good, []],
      ["user-7", good.toUpperCase(), CONTEXT.keys],
      ["user-7", good.slice(0, 63), CONTEXT.keys],
      ["user-7", `${good}0`, CONTEXT.keys],
      ["user-7", "", CONTEXT.keys],
      ["", hmac(""), CONTEXT.keys],
      [" user-7", hmac(" user-7"), CONTEXT.keys],
    ] as const)
      expect(await readHmac(userId, text, keys)).toMatchObject({ ok: false });
  });
});

describe("what a JWT may be, to the letter", () => {
  test("ID-10: the signature has one spelling, and nothing may follow it", async () => {
    const text = jwt();
    const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const last = letters.indexOf(text.at(-1) ?? "");
    for (const strayBits of [1, 2, 3])
      expect(await read(text.slice(0, -1) + letters[last + strayBits])).toEqual(flaw("signature"));
    for (const more of [".", ".x", `.${text}`])
      expect(await read(text + more)).toEqual(flaw("malformed"));
  });

  test("ID-10: it has as many characters as the limit, and not one more", async () => {
    const fitting = (length: number) => {
      const short = jwt({ pad: "" }, { note: "" });
      const room = Math.floor(((length - short.length) * 3) / 4);
      for (const kept of [0, 1, 2, 3])
        for (let pad = room - 8; pad < room + 3; pad++) {
          const text = jwt({ pad: "x".repeat(pad) }, { note: "x".repeat(kept) });
          if (text.length === length) return text;
        }
      throw new Error("no JWT has that length");
    };
    expect(await read(fitting(PROOF_MAX))).toMatchObject({ ok: true });
    expect(await read(fitting(PROOF_MAX + 1))).toEqual(flaw("malformed"));
  });

  test("ID-10: it nests eight deep and no deeper", async () => {
    const nested = (depth: number) => {
      let value: object = {};
      for (let i = 2; i < depth; i++) value = { value };
      return jwt({ value });
    };
    expect(await read(nested(8))).toMatchObject({ ok: true });
    expect(await read(nested(9))).toEqual(flaw("malformed"));
  });

  test("nothing of its content is looked at before its signature is right", async () => {
    const [head = ""] = jwt().split(".");
    const text = `${head}.${encode("{")}`;
    expect(await read(`${text}.${mac("another secret", text)}`)).toEqual(flaw("signature"));
    expect(await read(`${text}.${mac(KEY.secret, text)}`)).toEqual(flaw("malformed"));
  });

  test.each([[{}], [{ phone_verified: false }], [{ email_verified: true }]])(
    "a phone number is nothing without phone_verified (%#)",
    async (more) => {
      expect(await read(jwt({ phone: "+49 170 1234567", ...more }))).toMatchObject({
        ok: true,
        proof: { others: [] },
      });
    },
  );
});
