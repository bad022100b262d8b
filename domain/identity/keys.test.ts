import { expect, test } from "vitest";
import { asId } from "../../protocol/ids.ts";
import { identitySecret, isUsable, standingOf } from "./keys.ts";

const KEY = { id: asId("idk", "idk_1"), createdAt: 0, retiresAt: null, revokedAt: null };
const A = asId("wsp", "wsp_a");

test("ID-11: a key that is replaced may be used until its overlap is over, and a revoked one not at all", () => {
  const retiring = { ...KEY, retiresAt: 1_000 };
  expect(standingOf(KEY, 5_000)).toBe("active");
  expect([999, 1_000, 1_001].map((at) => isUsable(retiring, at))).toEqual([true, false, false]);
  expect(standingOf(retiring, 1_000)).toBe("retired");
  for (const key of [KEY, retiring]) {
    expect(standingOf({ ...key, revokedAt: 1 }, 0)).toBe("revoked");
    expect(isUsable({ ...key, revokedAt: 1 }, 0)).toBe(false);
  }
});

test("each key of each workspace under each installation has another secret, always the same", async () => {
  const secrets = [
    await identitySecret("master", A, KEY.id, "jwt"),
    await identitySecret("master2", A, KEY.id, "jwt"),
    await identitySecret("master", asId("wsp", "wsp_b"), KEY.id, "jwt"),
    await identitySecret("master", A, asId("idk", "idk_2"), "jwt"),
  ];
  expect(new Set(secrets).size).toBe(4);
  for (const secret of secrets) expect(secret).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(await identitySecret("master", A, KEY.id, "jwt")).toBe(secrets[0]);
});
