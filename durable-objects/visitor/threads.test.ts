import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { visitorName } from "../../protocol/addresses.ts";
import { CodedError } from "../../protocol/errors.ts";
import { newId, type ConversationId } from "../../protocol/ids.ts";
import type { ObjectBindings } from "../bindings.ts";
import type { ConversationContract, ThrottleContract } from "../contracts.ts";
import { peersOf } from "../peers.ts";
import { Journal } from "../runtime/journal.ts";
import { freshIds } from "../testing/sockets.ts";
import { VisitorStore } from "./store.ts";
import { VisitorThreads } from "./threads.ts";

const bindings = env as unknown as ObjectBindings; // the test's env is the Worker's
const { device, workspace, visitor } = freshIds();

type Staged = {
  threads: VisitorThreads;
  store: VisitorStore;
  /** What was asked of others, in order. */
  asked: string[];
  /** How often a conversation was opened. */
  opened(): number;
  /** The device's right ends. */
  end(): void;
  /** Whatever is asked of others waits, until it is released. @returns The release. */
  hold(): () => void;
  /** The next thing that is asked of others fails. */
  failNext(): void;
  say(text: string, conversation?: string): Promise<unknown>;
};

/** A visitor's threads over a real store, and others who only note what they are asked. */
function staged(act: (stage: Staged) => Promise<void>): Promise<void> {
  const name = visitorName(workspace, newId("vis", Date.now()));
  return runInDurableObject(bindings.VISITOR.getByName(name), async (_, { storage }) => {
    const store = new VisitorStore(storage, new Journal(storage));
    const asked: string[] = [];
    let opened = 0;
    let isEnded = false;
    let isFailing = false;
    let held: Promise<void> = Promise.resolve();
    const ask = async (what: string): Promise<void> => {
      asked.push(what);
      await held;
      if (!isFailing) return;
      isFailing = false;
      throw new Error("away");
    };
    const conversation = (id: ConversationId) =>
      ({
        begin: () => ask(`begin ${id}`),
        receive: async (_device: string, { text }: { text: string }) => {
          await ask(`${text} to ${id}`);
          return { ok: true, seq: 1, at: 1 };
        },
      }) as unknown as ConversationContract; // nothing else of it is asked here
    const throttle: ThrottleContract = {
      take: async (bucket) => {
        await ask(`throttle ${bucket}`);
        return true;
      },
    };
    const threads = new VisitorThreads({
      workspace,
      visitor,
      store,
      peers: {
        ...peersOf(bindings),
        conversation: (_workspace, id) => conversation(id),
        throttle: () => throttle,
      },
      isEnded: () => isEnded,
      opened: () => opened++,
      answered: () => {},
    });
    await act({
      threads,
      store,
      asked,
      opened: () => opened,
      end: () => (isEnded = true),
      hold: () => {
        let release = (): void => {};
        held = new Promise((resolve) => (release = resolve));
        return release;
      },
      failNext: () => (isFailing = true),
      say: (text, named) =>
        threads.receive(device, "net", {
          stream: "m",
          n: 1,
          text,
          ...(named === undefined ? {} : { conversation: named }),
        }),
    });
  });
}

/** A conversation tells of itself, as it does after every change. */
function tells({ store }: Staged, id: ConversationId, wrote: number): void {
  const state = { through: 1, read: 0, unread: 0, preview: null, wrote, answered: null };
  const words = { own: { at: wrote, text: "" }, subject: null };
  store.conversationChanged(
    { state: { id, status: "open", ...state }, version: 1, words },
    Date.now(),
    null,
  );
}

const openOf = ({ store }: Staged) =>
  store.conversations.open ?? expect.unreachable("none is open");

test.each([
  ["visitor", ({ say }: Staged) => say("One")],
  ["operator", ({ threads }: Staged) => threads.begun("operator")],
  ["trigger", ({ threads }: Staged) => threads.effects.begun("trigger")],
] as const)("the history tells once that the %s opened the conversation, and when", (by, open) =>
  staged(async (stage) => {
    const before = Date.now();
    await open(stage);
    await open(stage);
    const { items } = stage.store.timelinePage(null);
    expect(items).toMatchObject([{ type: "conversation", conversation: openOf(stage), by }]);
    expect(items[0]?.at).toBeGreaterThanOrEqual(before);
    expect(stage.opened()).toBe(1);
  }),
);

test("a conversation is begun until it has told something of itself, and not from then on", () =>
  staged(async (stage) => {
    await stage.say("One");
    await stage.say("Two");
    const open = openOf(stage);
    tells(stage, open, 1);
    await stage.say("Three");
    expect(stage.asked).toEqual([
      "throttle first-message",
      `begin ${open}`,
      `One to ${open}`,
      `begin ${open}`,
      `Two to ${open}`,
      `Three to ${open}`,
    ]);
  }));

test("a conversation that is noted and could not be begun is begun by the next who needs it", () =>
  staged(async (stage) => {
    const { store, threads, asked } = stage;
    tells(stage, newId("cnv", 1), 1);
    const mail = newId("cnv", Date.now());
    const beginning = { address: "ada@corp.example", name: "Ada", subject: "", isProven: false };
    store.beginMail(mail, beginning, Date.now(), null);
    expect(await threads.begun("operator")).toBe(mail);
    expect(asked).toEqual([`begin ${mail}`]);
  }));

test("a message that names the open conversation waits until it is begun, where that has failed", () =>
  staged(async (stage) => {
    stage.store.openConversation(newId("cnv", Date.now()), "operator", Date.now());
    const open = openOf(stage);
    const release = stage.hold();
    const said = stage.say("One", open);
    await expect.poll(() => stage.asked).toEqual([`begin ${open}`]);
    release();
    await said;
    expect(stage.asked).toEqual([`begin ${open}`, `One to ${open}`]);
  }));

test("messages that wait behind one that fails fail with it, and the next goes through", () =>
  staged(async (stage) => {
    const open = newId("cnv", Date.now());
    tells(stage, open, 1);
    stage.failNext();
    const said = [stage.say("One"), stage.say("Two"), stage.say("Three")];
    const told = await Promise.allSettled(said);
    expect(told.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    await stage.say("Four");
    expect(stage.asked).toEqual([`One to ${open}`, `Four to ${open}`]);
  }));

test("messages keep their order also when one is done while another waits", () =>
  staged(async (stage) => {
    const open = newId("cnv", Date.now());
    tells(stage, open, 1);
    const first = stage.hold();
    const one = stage.say("One");
    const two = stage.say("Two");
    await expect.poll(() => stage.asked).toEqual([`One to ${open}`]);
    const second = stage.hold();
    first();
    await one;
    await expect.poll(() => stage.asked.length).toBe(2);
    const three = stage.say("Three");
    // Whoever waits for nobody has asked within a turn of the event loop.
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(stage.asked).toEqual([`One to ${open}`, `Two to ${open}`]);
    second();
    await Promise.all([two, three]);
    expect(stage.asked.at(-1)).toBe(`Three to ${open}`);
  }));

test("a device whose right ends while it waits for the throttle begins nothing", () =>
  staged(async (stage) => {
    const release = stage.hold();
    const said = stage.say("One");
    await expect.poll(() => stage.asked).toEqual(["throttle first-message"]);
    stage.end();
    release();
    await expect(said).rejects.toEqual(new CodedError("ended"));
    expect(stage.asked).toEqual(["throttle first-message"]);
    expect(stage.store.conversations.open).toBeNull();
  }));

test("a device whose right ends while its message waits writes into no conversation that it names", () =>
  staged(async (stage) => {
    const [older, open] = [newId("cnv", 1), newId("cnv", 2)];
    tells(stage, older, 1);
    tells(stage, open, 2);
    expect(openOf(stage)).toBe(open);
    const release = stage.hold();
    const first = stage.say("One", older);
    const second = stage.say("Two", older);
    await expect.poll(() => stage.asked).toEqual([`One to ${older}`]);
    stage.end();
    release();
    await first;
    await expect(second).rejects.toEqual(new CodedError("ended"));
    expect(stage.asked).toEqual([`One to ${older}`]);
  }));
