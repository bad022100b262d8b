import { afterEach, beforeAll, expect, test, vi } from "vitest";
import type { BootOutcome } from "../../durable-objects/contracts.ts";
import { peersOf } from "../../durable-objects/peers.ts";
import {
  popup,
  setDefinitions,
  TRIGGER,
  trigger,
} from "../../durable-objects/testing/definitions.ts";
import { OLIVIA, openVisitorSocket } from "../../durable-objects/testing/sockets.ts";
import { VisitorObject } from "../../durable-objects/visitor/object.ts";
import { newId } from "../../protocol/ids.ts";
import { MOVES_FOLLOWED_MAX } from "../../protocol/limits.ts";
import type { BootResponse } from "../../protocol/visitor-frames.ts";
import { env } from "../testing/operator-browser.ts";
import { newWorkspace, type WorkspaceFixture } from "../testing/workspace-fixture.ts";
import { answerVisitor } from "./routes.ts";

let workspace: WorkspaceFixture;
let origin: string;
beforeAll(async () => {
  workspace = await newWorkspace("boot");
  const settings = await workspace.owner.call<{ origins: string[] }>("GET", "/api/settings");
  origin = settings.origins[0] ?? "";
});
afterEach(() => {
  vi.restoreAllMocks();
});

const OLD_TABLET =
  "Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1";

type Seen = {
  country?: string | undefined;
  userAgent?: string;
  client?: object;
  token?: string;
  /** Facts beside the page view. */
  more?: object[];
};

async function boot(seen: Seen = {}): Promise<BootResponse> {
  const { country, userAgent, client = {}, token, more = [] } = seen;
  const request = new Request("http://parley.test/v1/boot", {
    method: "POST",
    headers: { origin, ...(userAgent === undefined ? {} : { "user-agent": userAgent }) },
    ...(country === undefined ? {} : { cf: { country } }),
    body: JSON.stringify({
      key: workspace.me.workspace.siteKey,
      client,
      stream: crypto.randomUUID(),
      sentAt: Date.now(),
      facts: [{ type: "page", n: 1, at: Date.now(), url: `${origin}/` }, ...more],
      ...(token === undefined ? {} : { token }),
    }),
  });
  const answer = await answerVisitor(request, env);
  if (answer.status !== 200) throw new Error(await answer.text());
  return answer.json();
}

const sessionOf = async ({ visitor }: BootResponse) =>
  (await peersOf(env).visitor(workspace.me.workspace.id, visitor).card())?.session;

test("what a request says of a browser is known of its person, with the first page and with each after it", async () => {
  const client = { language: "de-AT", timeZone: "Europe/Vienna" };
  const first = await boot({ country: "AT", userAgent: OLD_TABLET, client });
  expect(await sessionOf(first)).toMatchObject({
    ...client,
    country: "AT",
    device: "tablet",
    browser: "Safari",
  });
  const onTheWay = { language: "en-GB", timeZone: "Europe/London" };
  await boot({ country: "GB", client: onTheWay, token: first.token });
  const card = await peersOf(env).visitor(workspace.me.workspace.id, first.visitor).card();
  expect(card?.devices).toMatchObject([{ browser: null }]);
});

test.each([
  ["DE", "DE"],
  ["XX", null],
  ["T1", null],
  ["", null],
  [undefined, null],
])("a request from the country %j is one from %j", async (told, known) => {
  expect((await sessionOf(await boot({ country: told })))?.country).toBe(known);
});

test("the answer says what of the first batch was taken and what was not, and when that was", async () => {
  const before = Date.now();
  const answer = await boot({ more: [{ type: "nonsense", n: 2, at: before }] });
  expect(answer).toMatchObject({ through: 2, rejected: [{ n: 2, code: "invalid" }] });
  expect(answer.serverTime).toBeGreaterThanOrEqual(before);
});

test("the answer says what the page has to wait for, and what it has to show", async () => {
  const { id } = workspace.me.workspace;
  await peersOf(env).inbox(id).operatorChanged(OLIVIA, "online");
  const variants = [{ id: "a", name: "A", weight: 1, action: popup("Before you go") }];
  const rule = trigger({ when: { type: "page", page: null, moment: { on: "exit" } }, variants });
  await setDefinitions(env.DB, id, { triggers: { [TRIGGER]: rule } });
  const { moments, token, visitor, device } = await boot();
  expect(moments).toMatchObject({ shown: [], armed: [{ moment: { on: "exit" } }] });
  const page = await openVisitorSocket(peersOf(env).visitor(id, visitor), device);
  await page.ask({ t: "fired", delivery: moments.armed[0]?.delivery });
  expect((await boot({ token })).moments.shown).toMatchObject([
    { content: { text: "Before you go" } },
  ]);
});

/** Devices that each have got another right, one after the other, as their visitors' objects say it. */
function movedOn(count: number) {
  const moves = Array.from({ length: count }, () => ({
    visitor: newId("vis", Date.now()),
    device: newId("dev", Date.now()),
    isAnotherPerson: false,
  }));
  const spy = vi.spyOn(VisitorObject.prototype, "boot");
  for (const moved of moves)
    spy.mockResolvedValueOnce({ isEnded: true, moved } satisfies BootOutcome);
  return { last: moves.at(-1) ?? expect.unreachable("no move"), spy };
}

test("a browser is followed as often as it may move, and is somebody new beyond that", async () => {
  const { token, visitor } = await boot();
  const { last, spy } = movedOn(MOVES_FOLLOWED_MAX);
  const followed = await boot({ token });
  expect([followed.visitor, followed.device]).toEqual([last.visitor, last.device]);
  expect(spy).toHaveBeenCalledTimes(MOVES_FOLLOWED_MAX + 1);
  spy.mockRestore();
  const beyond = movedOn(MOVES_FOLLOWED_MAX + 1);
  const anew = await boot({ token });
  expect([visitor, beyond.last.visitor]).not.toContain(anew.visitor);
  expect(anew.formerly).toEqual([]);
  expect(beyond.spy).toHaveBeenCalledTimes(MOVES_FOLLOWED_MAX + 2);
});

test("one that fails by itself is to be tried again: the page is not told why, and the log is", async () => {
  const log = vi.spyOn(console, "error").mockReturnValue();
  vi.spyOn(VisitorObject.prototype, "boot").mockRejectedValue(new Error("SECRET"));
  const told = await boot().then(JSON.stringify, String);
  expect(told).toContain('"overloaded"');
  expect(told).not.toContain("SECRET");
  expect(log.mock.calls).toEqual([["POST /v1/boot failed", "SECRET"]]);
});
