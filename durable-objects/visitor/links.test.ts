import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { newId, type DeviceId, type WorkspaceId } from "../../protocol/ids.ts";
import type { ObjectBindings } from "../bindings.ts";
import type { Passage } from "../contracts.ts";
import { Browser, cutOff, jwt, loop } from "../testing/people.ts";

const bindings = env as unknown as ObjectBindings; // the test's env is the Worker's

let workspace: WorkspaceId;
beforeEach(() => {
  workspace = newId("wsp", Date.now());
});
const arrive = () => Browser.arrive(workspace);
const nextDevice = (): DeviceId => newId("dev", Date.now());
/** By a link of the chat that a device of the place has made. */
const passage = ({ device: maker }: Browser): Passage => {
  return { device: nextDevice(), maker, address: null, key: crypto.randomUUID() };
};
const surroundings = { client: {}, surroundings: { country: null, userAgent: "" } };
const chat = (browser: Browser) => ({ device: browser.device, address: null });
const mailTo = (address: string) => ({ device: null, address });

describe("where a link leads", () => {
  test("of the chat: to its visitor, as long as the right of the device that made it", async () => {
    const ada = await arrive();
    const link = chat(ada);
    expect(await ada.object.leadsTo(link)).toBe(ada.visitor);
    await ada.evict();
    expect(await ada.object.leadsTo(link)).toBe(ada.visitor);
    expect(await ada.object.leadsTo({ device: nextDevice(), address: null })).toBeNull();
    await ada.object.reset(ada.device);
    expect(await ada.object.leadsTo(link)).toBeNull();
  });

  test("of a mail: to whoever the visitor was joined into, and nowhere where only somebody else is known", async () => {
    const ada = await arrive();
    const { object } = ada;
    expect(await object.leadsTo(mailTo("ada@example.com"))).toBe(ada.visitor);
    const known = await arrive();
    await known.prove(jwt("ada", "ada@example.com"));
    await ada.prove(jwt("ada"));
    expect(ada.visitor).toBe(known.visitor);
    expect(await object.leadsTo(mailTo("ada@example.com"))).toBe(known.visitor);
    expect(await object.leadsTo(mailTo("eve@example.com"))).toBeNull();
  });
});

describe("what a link may do with a device", () => {
  test("of the same visitor, of nobody's, of one with something of its own, and of none", async () => {
    const [ada, bob, eve] = [await arrive(), await arrive(), await arrive()];
    await bob.write("mine");
    await eve.prove(loop("eve@example.com"));
    const to = (await arrive()).visitor;
    expect(await ada.object.standing(ada.device, ada.visitor)).toBe("here");
    expect(await ada.object.standing(ada.device, to)).toBe("free");
    expect(await bob.object.standing(bob.device, to)).toBe("own");
    expect(await eve.object.standing(eve.device, to)).toBe("own");
    expect(await eve.object.standing(nextDevice(), to)).toBe("ended");
    await ada.object.reset(ada.device);
    expect(await ada.object.standing(ada.device, ada.visitor)).toBe("ended");
  });

  test("that has moved is what it is where it went, unless it is another person's there", async () => {
    const [ada, known] = [await arrive(), await arrive()];
    await known.prove(jwt("ada"));
    const { object, device } = ada;
    await ada.prove(jwt("ada"));
    expect(await object.standing(device, known.visitor)).toBe("here");
    expect(await object.standing(device, newId("vis", 1))).toBe("own");
    const { object: there, device: right } = ada;
    await ada.prove(jwt("bob"));
    expect(await there.standing(right, ada.visitor)).toBe("ended");
  });
});

describe("a device that goes on elsewhere", () => {
  test("goes once, however often it is asked, and further on with where it went", async () => {
    const [ada, bob, eve] = [await arrive(), await arrive(), await arrive()];
    const [first, second] = [passage(bob), passage(eve)];
    const { object, device } = ada;
    for (let times = 0; times < 2; times++) {
      expect(await object.goOn(device, bob.visitor, first)).toBe("free");
      expect(await bob.object.standing(first.device, bob.visitor)).toBe("here");
      await ada.evict();
    }
    expect(await bob.count("Page Viewed")).toBe(1);
    // By another link it leaves from where it is.
    expect(await object.goOn(device, eve.visitor, second)).toBe("free");
    expect(await eve.object.standing(second.device, eve.visitor)).toBe("here");
    expect(await bob.object.standing(first.device, bob.visitor)).not.toBe("here");
  });

  test("stays where a conversation has begun since it was looked at", async () => {
    const [ada, bob] = [await arrive(), await arrive()];
    expect(await ada.object.standing(ada.device, bob.visitor)).toBe("free");
    await ada.write("mine");
    const next = passage(bob);
    expect(await ada.object.goOn(ada.device, bob.visitor, next)).toBe("own");
    expect(await bob.object.standing(next.device, bob.visitor)).toBe("ended");
    expect(await ada.object.standing(ada.device, ada.visitor)).toBe("here");
  });

  test("that a crash left under way is there when it is asked for what it is", async () => {
    const [ada, bob] = [await arrive(), await arrive()];
    const next = passage(bob);
    const spy = cutOff(bindings.VISITOR, "adopt", false, 1);
    await ada.object.goOn(ada.device, bob.visitor, next).catch(() => {});
    spy.mockRestore();
    await ada.evict();
    expect(await ada.object.standing(ada.device, bob.visitor)).toBe("here");
    expect(await bob.object.standing(next.device, bob.visitor)).toBe("here");
  });
});

describe("a device without a right", () => {
  test("comes once, and to whoever the visitor was joined into", async () => {
    const ada = await arrive();
    const former = ada.object;
    const here = { ...passage(ada), ...surroundings };
    const place = { visitor: ada.visitor, device: here.device };
    expect(await former.admit(here)).toEqual(place);
    expect(await former.admit(here)).toEqual(place);
    const known = await arrive();
    await known.prove(jwt("ada"));
    await ada.prove(jwt("ada"));
    const there = { ...passage(known), ...surroundings };
    expect(await former.admit(there)).toEqual({ visitor: known.visitor, device: there.device });
    expect(await known.object.standing(there.device, known.visitor)).toBe("here");
  });
});

test.each([
  ["of a user id", jwt("ada")],
  ["of an address", loop("ada@example.com")],
  ["of both", jwt("ada", "ada@example.com")],
])(
  "a proof %s that is under way counts as one's own, and closes to mails of anybody else",
  async (_, proof) => {
    const ada = await arrive();
    vi.spyOn(console, "warn").mockImplementation(() => {});
    const prepare = bindings.DB.prepare.bind(bindings.DB);
    const away = vi.spyOn(bindings.DB, "prepare").mockImplementation((query) => {
      if (query.includes("identifiers")) throw new Error("away");
      return prepare(query);
    });
    expect(await ada.prove(proof)).not.toMatchObject({ kind: "ended" });
    await ada.evict();
    expect(await ada.object.standing(ada.device, newId("vis", 1))).toBe("own");
    expect(await ada.object.leadsTo(mailTo("eve@example.com"))).toBeNull();
    away.mockRestore();
  },
);
