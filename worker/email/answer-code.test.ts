import { afterEach, expect, test, vi } from "vitest";
import { newId } from "../../protocol/ids.ts";
import { freshAddress } from "../testing/mail-stage.ts";
import { env } from "../testing/operator-browser.ts";
import { answerCode } from "./answer-code.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const AT = Date.now();
const whose = {
  workspace: newId("wsp", AT),
  visitor: newId("vis", AT),
  address: freshAddress(),
};

test("a code follows from the job of its mail, and other jobs have others", async () => {
  const jobs = Array.from({ length: 5 }, () => newId("job", AT));
  const codes = await Promise.all(jobs.map((job) => answerCode(env, job, whose, AT)));
  expect(new Set(codes).size).toBeGreaterThan(1);
  expect(await Promise.all(jobs.map((job) => answerCode(env, job, whose, AT + 1)))).toEqual(codes);
});

test("a draw that would make some codes likelier is left out for the next one", async () => {
  const drawn = new Uint8Array(32).fill(0xff, 0, 4);
  drawn[7] = 42;
  vi.spyOn(crypto.subtle, "sign").mockResolvedValueOnce(drawn.buffer);
  expect(await answerCode(env, newId("job", AT), whose, AT)).toBe("000042");
});
