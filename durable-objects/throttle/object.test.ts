import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import type { ObjectBindings } from "../bindings.ts";
import { peersOf } from "../peers.ts";
import { freshIds } from "../testing/sockets.ts";
import { takeToken } from "./bucket.ts";

const bindings = env as unknown as ObjectBindings; // the test's env is the Worker's

test("a bucket gives its burst, refuses the next, and refills with time", () => {
  let bucket;
  for (let i = 0; i < 3; i++) {
    const taken = takeToken(bucket, 3, 60, 0);
    expect(taken.isTaken).toBe(true);
    bucket = taken.bucket;
  }
  expect(takeToken(bucket, 3, 60, 0).isTaken).toBe(false);
  expect(takeToken(bucket, 3, 60, 999).isTaken).toBe(false);
  expect(takeToken(bucket, 3, 60, 1_000).isTaken).toBe(true);
});

test("the object keeps buckets apart by workspace, network and name", async () => {
  const peers = peersOf(bindings);
  const { workspace } = freshIds();
  const here = peers.throttle(workspace, "net-a");
  expect(await here.take("boot", 1, 0)).toBe(true);
  expect(await here.take("boot", 1, 0)).toBe(false);
  expect(await here.take("other", 1, 0)).toBe(true);
  expect(await peers.throttle(workspace, "net-b").take("boot", 1, 0)).toBe(true);
  expect(await peers.throttle(freshIds().workspace, "net-a").take("boot", 1, 0)).toBe(true);
});
