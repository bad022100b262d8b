import type { VisitorId } from "../protocol/ids.ts";
import type { Core } from "./core.ts";

/**
 * Whether whoever this browser is now is the person it was before. Nothing else says so: a token that another page has
 * kept tells nothing of the one before it, and what a former person has left in the storage may be cleared later.
 */
export const isSamePerson = (
  { visitor, formerly }: Pick<Core, "visitor" | "formerly">,
  before: VisitorId | undefined,
): boolean => !before || before === visitor || !!formerly?.includes(before);
