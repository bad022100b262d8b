import { env } from "cloudflare:workers";
import { afterEach, expect, test } from "vitest";
import { chatSaying } from "../../domain/triggers/testing/samples.ts";
import type { ObjectBindings } from "../bindings.ts";
import { setClockOffset } from "../runtime/clock.ts";
import { setDefinitions, TRIGGER, trigger, type Definitions } from "../testing/definitions.ts";
import { Guest } from "../testing/guest.ts";

const bindings = env as unknown as ObjectBindings; // the test's env is the Worker's
const MINUTE = 60_000;

afterEach(() => setClockOffset(0));

test("the workspace's cap holds over all triggers, the most important first", async () => {
  const capped = (priority: number, text: string) =>
    trigger({
      limits: { ...trigger().limits, isCapped: true, priority },
      variants: [{ id: "a", name: "A", weight: 1, action: chatSaying(text) }],
    });
  const guest = await Guest.arrive({
    cap: { messages: 1, ms: 60 * MINUTE },
    triggers: { trg_low: capped(1, "low"), trg_high: capped(9, "high") },
  });
  await guest.track("Bell Rung");
  await guest.decides();
  const all = await guest.deliveries();
  const states: Record<string, string> = {};
  for (const one of all) states[one.trigger] = one.reason ?? one.state;
  expect(states).toEqual({ trg_high: "sent", trg_low: "capped" });
  await guest.passes(61 * MINUTE);
  await guest.track("Bell Rung");
  await guest.decides();
  expect((await guest.deliveries()).filter((one) => one.state === "sent")).toHaveLength(2);
});

test("a cap that is switched on, and one that becomes longer, count what was sent before", async () => {
  const capped = trigger({ limits: { ...trigger().limits, isCapped: true } });
  const guest = await Guest.arrive({ triggers: { [TRIGGER]: capped } });
  const rings = async (minutes: number, cap?: Definitions["cap"]) => {
    if (cap !== undefined)
      await setDefinitions(bindings.DB, guest.ids.workspace, {
        cap,
        triggers: { [TRIGGER]: capped },
      });
    await guest.passes(minutes * MINUTE);
    await guest.track("Bell Rung");
    await guest.decides();
    const [newest] = await guest.deliveries();
    return newest?.reason ?? newest?.state;
  };
  expect(await rings(1)).toBe("sent");
  expect(await rings(10, { messages: 1, ms: 60 * MINUTE })).toBe("capped");
  expect(await rings(10, { messages: 1, ms: 5 * MINUTE })).toBe("sent");
  expect(await rings(60, { messages: 2, ms: 120 * MINUTE })).toBe("capped");
});
