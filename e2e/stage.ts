import { env } from "node:process";
import { inject } from "vitest";
import type { Stage } from "./product.ts";

/** The running product of this test file: files of the same worker have it before and after, and none at the same time. */

const answer = await fetch(`${inject("stages")}/${env["VITEST_POOL_ID"]}`);
if (!answer.ok) throw new Error(await answer.text());

export const urls: Stage = await answer.json(); // of our own set-up
