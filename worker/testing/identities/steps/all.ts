import type fc from "fast-check";
import { alarms, evict, pass, reset, steal, useCopy, visit } from "./coming.ts";
import { goOn, makeLink, makeLinkWithCopy, useLink, useLinkWithCopy } from "./continuing.ts";
import { link } from "./linking.ts";
import { prove, proveAndDie, proveMailbox, proveNothing, proveWithCopy } from "./proving.ts";
import type { Step } from "./step.ts";
import { mail, mailReply, reply, write } from "./talking.ts";
import { buy, claim, note, track } from "./telling.ts";
import { forge, peek, useTicket } from "./trespassing.ts";

/** Everything that may happen, some of it more often. */
export const STEPS: fc.Arbitrary<Step>[] = [
  visit,
  visit,
  track,
  track,
  buy,
  note,
  claim,
  write,
  write,
  reply,
  mail,
  mailReply,
  prove,
  prove,
  prove,
  proveAndDie,
  proveAndDie,
  proveMailbox,
  proveMailbox,
  proveNothing,
  proveWithCopy,
  reset,
  useCopy,
  steal,
  peek,
  useTicket,
  forge,
  evict,
  evict,
  pass,
  alarms,
  link,
  link,
  makeLink,
  makeLinkWithCopy,
  goOn,
  goOn,
  goOn,
  useLink,
  useLinkWithCopy,
];
