import { formTexts } from "./wrote-texts.ts";

/** English of what goes on elsewhere: the link in the chat, and what a link that led here has done. */

export const elsewhereTexts = {
  ...formTexts,
  elsewhereHow:
    "Scan this with your phone's camera, or open the link in another browser. This conversation is then there, too.",
  /** Where the link is too long for a code. */
  elsewhereOpen: "Open this link in another browser. This conversation is then there, too.",
  elsewhereCode: "QR code of the link",
  elsewhereLink: "Link",
  elsewhereCopy: "Copy link",
  /** `{n}` are minutes. */
  elsewhereLeft: "Works once, for {n} min",
  elsewhereEnded: "This link has expired.",
  elsewhereNew: "Make a new link",
};

export const continuedTexts = {
  continuedHere: "You continue here what you began on another device.",
  continuedNotMine: "Not yours? Start anew",
  continuedOwn:
    "This browser has a conversation or a sign-in of its own and keeps it. The link was not used: open it in another browser.",
  continuedGone:
    "That link does not work any more. Make a new one on the device where you wrote last.",
};
