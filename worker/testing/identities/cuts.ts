import { vi } from "vitest";
import { cutOff } from "../../../durable-objects/testing/people.ts";
import { env } from "../operator-browser.ts";

/** Where the way of a proof can be cut off, before a step of it has happened or after. */

type Cutting = { wasHit: () => boolean; ends: () => void };

const call =
  (namespace: DurableObjectNamespace, method: string, times?: number) =>
  (isAfter: boolean): Cutting => {
    let isHit = false;
    const cut = cutOff(namespace, method, isAfter, times, () => {
      isHit = true;
    });
    return { wasHit: () => isHit, ends: () => cut.mockRestore() };
  };

/** D1 is asked with a batch that holds such a statement. */
const batch =
  (part: string) =>
  (isAfter: boolean): Cutting => {
    const original = env.DB.batch.bind(env.DB);
    let isHit = false;
    const cut = vi.spyOn(env.DB, "batch").mockImplementation(async (statements) => {
      if (!statements.some((one) => textOf(one).includes(part))) return original(statements);
      isHit = true;
      if (isAfter) await original(statements);
      throw new Error("killed");
    });
    return { wasHit: () => isHit, ends: () => cut.mockRestore() };
  };

/** D1 is asked with such a statement alone. */
const statement =
  (part: string) =>
  (isAfter: boolean): Cutting => {
    const original = env.DB.prepare.bind(env.DB);
    let isHit = false;
    const cut = vi.spyOn(env.DB, "prepare").mockImplementation((text) => {
      const prepared = original(text);
      if (!text.includes(part)) return prepared;
      const run = async (values: unknown[]) => {
        isHit = true;
        if (isAfter) await prepared.bind(...values).run();
        throw new Error("killed");
      };
      return { bind: (...values: unknown[]) => ({ run: () => run(values) }) } as never; // no more of it is used
    });
    return { wasHit: () => isHit, ends: () => cut.mockRestore() };
  };

export const CUTS = {
  "D1 gives an identifier": batch("INTO identifiers"),
  "D1 passes an identifier on": statement("UPDATE identifiers"),
  "D1 decides a join": batch("INTO joined_visitors"),
  "an identifier is given up": call(env.VISITOR, "release"),
  "a conversation ends a right": call(env.CONVERSATION, "endDevice"),
  "a conversation passes a device on": call(env.CONVERSATION, "passDevice"),
  "a part arrives": call(env.VISITOR, "inherit", 1),
  "no part arrives": call(env.VISITOR, "inherit"),
  "a device is taken over": call(env.VISITOR, "adopt"),
};
export type CutName = keyof typeof CUTS;

/** The platform's own statements carry their text, which its types do not tell. */
function textOf(statement: D1PreparedStatement): string {
  return (statement as unknown as { statement: string }).statement;
}
